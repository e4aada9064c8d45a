import { expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { type CocoArrays, precisionAt } from '../../src/data/evaluation.js'
import { averagesBy } from '../../src/metrics/coco-columns.js'
import { cocoAverages, cocoMetrics, perClass } from '../../src/metrics/coco-summary.js'
import { numpyMean } from '../../src/metrics/numpy-mean.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'
import { randomRecords } from '../support/random-scene.js'

const CHANGES: Partial<Config>[] = [
  {},
  { maxDets: [1, 2] },
  { classAgnostic: true },
  { iouThresholds: [0.75, 0.5, 0.3] },
  // Listed twice, what is averaged comes twice.
  { iouThresholds: [0.5, 0.75, 0.5] },
  { maxDets: [1, 2, 2] },
]

/** The mean of the entries above -1 at thresholds `ts`, categories `ks`, ranges `as` and caps `ms`, in C order. */
function meanAt(coco: CocoArrays, name: 'precision' | 'recall', ...axes: number[][]): number | null {
  const shape = name === 'recall' ? { ...coco.shape, R: 1 } : coco.shape
  const [ts, ks, as, ms] = axes
  const rs = [...Array(shape.R).keys()]
  const places = ts.flatMap(t =>
    rs.flatMap(r => ks.flatMap(k => as.flatMap(a => ms.map(m => precisionAt(shape, t, r, k, a, m))))),
  )
  const chosen = places.map(place => coco[name][place]).filter(value => value > -1)
  return chosen.length > 0 ? numpyMean(Float64Array.from(chosen)) : null
}

/** Positions of the values that equal one. */
const where = <T>(values: T[], one: T | null): number[] =>
  [...values.keys()].filter(i => one === null || values[i] === one)

test.each(CHANGES.flatMap(change => [1, 2, 3].map(seed => ({ change, seed }))))(
  'averages taken together are those taken one by one, $change, seed $seed',
  ({ change, seed }) => {
    const { truths, guesses } = randomRecords(seed)
    const config = cocoConfig(change)
    const surroundings = { images: [1, 2, 3], categories: [1, 2, 3] }
    const { coco } = evaluateColumns(buildDataset(truths, guesses, surroundings), config)
    const averages = averagesBy(coco, config)
    const categories = [undefined, ...Array.from({ length: coco.shape.K }, (_, k) => k)]
    const thresholds = [undefined, ...config.iouThresholds.keys()]
    config.areas.forEach(({ name }, a) => {
      for (const k of categories) {
        for (const t of thresholds) {
          const iou = t === undefined ? null : config.iouThresholds[t]
          const alone = cocoAverages(coco, config, name, { iou, k: k ?? null })
          expect({ name, ...averages(a, { t, k }) }).toEqual(alone)
          const ts = where(config.iouThresholds, iou)
          const ks = k === undefined ? [...Array(coco.shape.K).keys()] : [k]
          const as = where(
            config.areas.map(range => range.name),
            name,
          )
          const ms = where(config.maxDets, config.maxDets[config.maxDets.length - 1])
          expect(alone.AP).toBe(meanAt(coco, 'precision', ts, ks, as, ms))
          expect(alone.AR).toBe(meanAt(coco, 'recall', ts, ks, as, ms))
        }
      }
    })
    expect(averages(0).AP).toBeGreaterThan(0)
  },
)

test('the summary takes the entries of its thresholds, sizes and caps', () => {
  const { truths, guesses } = randomRecords(4)
  const config = cocoConfig({ iouThresholds: [0.75, 0.5, 0.3] })
  const surroundings = { images: [1, 2, 3], categories: [1, 2, 3] }
  const dataset = buildDataset(truths, guesses, surroundings)
  const { coco, evaluatedCategories } = evaluateColumns(dataset, config)
  const counts = { groundTruths: new Uint32Array(3), detections: new Uint32Array(3) }
  const ks = [...Array(coco.shape.K).keys()]
  const all = [0, 1, 2]
  const last = config.maxDets.length - 1
  const metrics = cocoMetrics(coco, config)
  expect(metrics.AP).toBe(meanAt(coco, 'precision', all, ks, [0], [last]))
  expect(metrics.AP50).toBe(meanAt(coco, 'precision', [1], ks, [0], [last]))
  expect(metrics.AP75).toBe(meanAt(coco, 'precision', [0], ks, [0], [last]))
  expect(metrics.APm).toBe(meanAt(coco, 'precision', all, ks, [2], [last]))
  expect(metrics.AR1).toBe(meanAt(coco, 'recall', all, ks, [0], [0]))
  expect(metrics.AR10).toBe(meanAt(coco, 'recall', all, ks, [0], [1]))
  perClass(coco, config, dataset.categories, evaluatedCategories, counts).forEach((one, k) => {
    expect(one.AP).toBe(meanAt(coco, 'precision', all, [k], [0], [last]))
    expect(one.AP50).toBe(meanAt(coco, 'precision', [1], [k], [0], [last]))
    expect(one.AR).toBe(meanAt(coco, 'recall', all, [k], [0], [last]))
  })
})
