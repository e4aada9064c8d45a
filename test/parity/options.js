// @ts-check
/**
 * What a run is asked for, beside its files.
 * @typedef {import('./random.js').Random} Random
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {{ name: string, lo: number, hi: number }} AreaRange
 * @typedef {{
 *   iouType: 'bbox' | 'segm', iouThresholds?: number[], recallThresholds?: number[], maxDets?: number[],
 *   areas?: AreaRange[], imageIds?: number[], categoryIds?: number[], classAgnostic?: boolean,
 *   onUnknown?: 'error' | 'warn',
 * }} Options
 */

const MAX_DETS = [
  [1, 10, 300],
  [1, 2, 3],
  [5, 5, 5],
  [2, 100, 100],
  [100, 300, 1000],
  [1, 1, 100],
  [100, 10, 1],
  [3],
  [250],
]

const IOU_THRESHOLDS = [
  [0.5],
  [0.75],
  [0.5, 0.75],
  [0.75, 0.5, 0.6],
  [1],
  [0.5, 1],
  [0.9999999999, 0.99999999995],
  [0.1, 0.3, 0.5],
  [0.01],
  [1 / 3, 2 / 3, 0.5],
  [0.2, 0.25, 0.4, 0.6, 0.8],
  [0.5, 0.5, 0.75],
  [0.6666666666666665, 0.6666666666666667, 0.6666666666666666],
  // More than the bits of a word, in no order.
  Array.from({ length: 67 }, (_, i) => (((i * 29) % 67) + 1) / 68),
]

const RECALL_THRESHOLDS = [
  [0, 0.5, 1],
  [0],
  [1],
  [0.5],
  [0, 1 / 3, 0.5, 2 / 3, 1],
  [0.25, 0.25, 0.75],
  Array.from({ length: 11 }, (_, i) => i / 10),
  Array.from({ length: 101 }, (_, i) => i / 100),
  Array.from({ length: 101 }, (_, i) => Math.fround(i / 100)),
  Array.from({ length: 301 }, (_, i) => i / 300),
]

/** @param {string} name @param {number} lo @param {number} hi */
const range = (name, lo, hi) => ({ name, lo, hi })

const AREAS = [
  [range('all', 0, 1e10)],
  [range('all', 0, 1e10), range('small', 0, 4), range('medium', 4, 16), range('large', 16, 1e10)],
  [range('all', 0, 1e5), range('small', 0, 9), range('medium', 10, 30), range('large', 30.5, 1e5)],
  [range('all', 0, 1e15), range('tiny', 0, 256), range('large', 100, 100)],
  [range('all', 1, 1e10), range('small', 1, 400), range('medium', 100, 900.5)],
]

/** @param {Random} random @param {Traits} traits @param {number[]} imageIds @param {number[]} categoryIds @returns {Options} */
export function drawOptions(random, traits, imageIds, categoryIds) {
  /** @type {Options} */
  const options = { iouType: traits.segm ? 'segm' : 'bbox' }
  if (traits.oddMaxDets) options.maxDets = random.pick(MAX_DETS)
  if (traits.oddIouThresholds) options.iouThresholds = random.pick(IOU_THRESHOLDS)
  if (traits.oddRecallThresholds) options.recallThresholds = random.pick(RECALL_THRESHOLDS)
  if (traits.oddAreaRanges) options.areas = random.pick(AREAS)
  if (traits.classAgnostic) options.classAgnostic = true
  if (traits.imageSubset) options.imageIds = subset(random, imageIds)
  if (traits.categorySubset) options.categoryIds = subset(random, categoryIds)
  if (traits.unknownRecords) options.onUnknown = 'warn'
  if (traits.denseCell || traits.longList) {
    options.iouThresholds = [0.5, 0.75] // the reference's time grows with pairs times thresholds
    options.maxDets = [1, 10, random.pick([150, 3000])]
  }
  return options
}

/** @param {Random} random @param {number[]} ids */
const subset = (random, ids) => random.shuffle(ids).slice(0, random.int(1, ids.length))
