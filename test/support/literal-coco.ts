import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import { type CocoArrays, precisionAt, recallAt } from '../../src/data/evaluation.js'
import { boxIou } from '../../src/geometry/boxes.js'
import { cocoShape, createCocoArrays } from '../../src/metrics/coco-arrays.js'

/**
 * The rules of pycocotools as it states them, loop by loop, for boxes: slow, and with nothing in common with the fast
 * way but `boxIou`. Instances are rows of the dataset.
 */

/** One image and category at one area range. `matchIds` and `dtIgnored` are [t][detection]. */
interface Entry {
  dts: number[]
  matchIds: number[][]
  dtIgnored: boolean[][]
  regular: number
}

/** COCOeval.evaluateImg. */
export function matchLiterally(
  dataset: Dataset,
  config: Config,
  gts: number[],
  dts: number[],
  a: number,
): Entry {
  const { groundTruths, detections } = dataset
  const { lo, hi } = config.areas[a]
  const isOutside = (area: number): boolean => area < lo || area > hi
  const isIgnored = (gt: number): boolean =>
    groundTruths.crowds[gt] === 1 || isOutside(groundTruths.areas[gt])
  const sortedDts = stableSort(dts, dt => -detections.scores[dt]).slice(0, Math.max(...config.maxDets))
  const sortedGts = stableSort(gts, gt => (isIgnored(gt) ? 1 : 0))
  const iou = (dt: number, gt: number): number =>
    boxIou(boxes(detections), dt, boxes(groundTruths), gt, groundTruths.crowds[gt] === 1)
  const matchIds: number[][] = []
  const dtIgnored: boolean[][] = []
  for (const threshold of config.iouThresholds) {
    const taken = new Set<number>()
    matchIds.push(sortedDts.map(() => 0))
    dtIgnored.push(sortedDts.map(() => false))
    const t = matchIds.length - 1
    sortedDts.forEach((dt, d) => {
      let best = Math.min(threshold, 1 - 1e-10)
      let match = -1
      for (const gt of sortedGts) {
        if (taken.has(gt) && groundTruths.crowds[gt] === 0) continue
        if (match > -1 && !isIgnored(match) && isIgnored(gt)) break
        if (iou(dt, gt) < best) continue
        best = iou(dt, gt)
        match = gt
      }
      if (match === -1) return
      dtIgnored[t][d] = isIgnored(match)
      matchIds[t][d] = groundTruths.ids[match]
      taken.add(match)
    })
    sortedDts.forEach((dt, d) => {
      if (matchIds[t][d] === 0 && isOutside(detections.areas[dt])) dtIgnored[t][d] = true
    })
  }
  return { dts: sortedDts, matchIds, dtIgnored, regular: gts.filter(gt => !isIgnored(gt)).length }
}

/** COCOeval.evaluate and accumulate. */
export function evaluateLiterally(dataset: Dataset, config: Config): CocoArrays {
  const imageRows = evaluated(dataset.images.ids, config.imageIds)
  const categoryRows = evaluated(dataset.categories.ids, config.categoryIds)
  const groups = config.classAgnostic ? [categoryRows] : categoryRows.map(row => [row])
  const arrays = createCocoArrays(cocoShape(config, groups.length))
  groups.forEach((categories, k) => {
    config.areas.forEach((_, a) => {
      const entries = imageRows.flatMap(image => {
        const gts = categories.flatMap(category => rowsOf(dataset.groundTruths, image, category))
        const dts = categories.flatMap(category => rowsOf(dataset.detections, image, category))
        return gts.length + dts.length > 0 ? [matchLiterally(dataset, config, gts, dts, a)] : []
      })
      accumulateLiterally(dataset, config, entries, arrays, k, a)
    })
  })
  return arrays
}

function accumulateLiterally(
  { detections }: Dataset,
  config: Config,
  entries: Entry[],
  arrays: CocoArrays,
  k: number,
  a: number,
): void {
  const regular = entries.reduce((sum, entry) => sum + entry.regular, 0)
  if (regular === 0) return
  config.maxDets.forEach((cap, m) => {
    const kept = entries.flatMap(entry => entry.dts.slice(0, cap).map((dt, d) => ({ dt, entry, d })))
    const ranked = stableSort(kept, ({ dt }) => -detections.scores[dt])
    config.iouThresholds.forEach((_, t) => {
      const recall: number[] = []
      const precision: number[] = []
      let tp = 0
      let fp = 0
      for (const { entry, d } of ranked) {
        if (!entry.dtIgnored[t][d]) {
          if (entry.matchIds[t][d] !== 0) tp++
          else fp++
        }
        recall.push(tp / regular)
        precision.push(tp / (fp + tp + 2 ** -52))
      }
      for (let i = ranked.length - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1], precision[i])
      arrays.recall[recallAt(arrays.shape, t, k, a, m)] = recall.at(-1) ?? 0
      let stopped = false
      config.recallThresholds.forEach((threshold, r) => {
        const i = recall.findIndex(value => value >= threshold)
        stopped ||= i < 0
        const at = precisionAt(arrays.shape, t, r, k, a, m)
        arrays.precision[at] = stopped ? 0 : precision[i]
        arrays.scores[at] = stopped ? 0 : detections.scores[ranked[i].dt]
      })
    })
  })
}

const stableSort = <T>(values: T[], key: (value: T) => number): T[] =>
  [...values].sort((one, other) => key(one) - key(other))

const evaluated = (ids: Float64Array, wanted: number[] | null): number[] =>
  [...ids.keys()].filter(row => wanted === null || wanted.includes(ids[row]))

const rowsOf = (
  instances: { count: number; images: Int32Array; categories: Int32Array },
  image: number,
  category: number,
): number[] =>
  Array.from({ length: instances.count }, (_, row) => row).filter(
    row => instances.images[row] === image && instances.categories[row] === category,
  )

function boxes({ boxes }: { boxes: Float64Array | null }): Float64Array {
  if (boxes === null) throw new Error('this way knows boxes only')
  return boxes
}
