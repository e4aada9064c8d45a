import { expect, test } from 'vitest'
import {
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_RECALL_THRESHOLDS,
  type Config,
} from '../../src/data/config.js'
import { familiarLines, summaryLine } from '../../src/report/summary-lines.js'

const config: Config = {
  protocol: 'coco',
  iouType: 'bbox',
  iouThresholds: COCO_IOU_THRESHOLDS,
  recallThresholds: COCO_RECALL_THRESHOLDS,
  areas: COCO_AREAS,
  maxDets: [1, 10, 100],
  imageIds: null,
  categoryIds: null,
  classAgnostic: false,
}

// Printed by pycocotools 2.0.11 for the data set coco100 (boxes).
test('the twelve lines stand as the reference prints them', () => {
  const stats = [
    0.5045806987249628, 0.6969727247299577, 0.5729816669904824, 0.5856257209410443, 0.5193996948036719,
    0.5013978986347466, 0.38681277964578054, 0.5936795762842003, 0.595352982877607, 0.6398109626113442,
    0.5664205978994309, 0.5642905982905982,
  ]
  expect(familiarLines(config, stats).join('\n')).toBe(
    ` Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.505
 Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.697
 Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.573
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 0.586
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.519
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = 0.501
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.387
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.594
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.595
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 0.640
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.566
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = 0.564`,
  )
})

// Printed by pycocotools 2.0.11 with iouThrs .5 .75 .95 and maxDets 1 10 1500.
test('caps of four digits, other thresholds and undefined numbers print as in the reference', () => {
  const custom = { ...config, iouThresholds: [0.5, 0.75, 0.95], maxDets: [1, 10, 1500] }
  const stats = [
    -1, 0.4962871287128713, 0.4863861386138614, -1, 0.4837046204620462, -1, 0.4791666666666667,
    0.6458333333333334, 0.5833333333333334, -1, 0.4166666666666667, -1,
  ]
  expect(familiarLines(custom, stats).join('\n')).toBe(
    ` Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = -1.000
 Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=1500 ] = 0.496
 Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=1500 ] = 0.486
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=1500 ] = -1.000
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=1500 ] = 0.484
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=1500 ] = -1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.479
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.646
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=1500 ] = 0.583
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=1500 ] = -1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=1500 ] = 0.417
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=1500 ] = -1.000`,
  )
})

test('values half-way between two decimals round to the even one, as in Python', () => {
  const line = (value: number) =>
    summaryLine(config, { kind: 'AP', iou: null, area: 'all', maxDets: 100, value })
  expect(line(0.0625)).toMatch(/= 0\.062$/)
  expect(line(0.3125)).toMatch(/= 0\.312$/)
  expect(line(0.1875)).toMatch(/= 0\.188$/)
})
