// @ts-check
/**
 * A stretch of the parity run's stream that the test suite repeats without the reference tool: for each data set
 * a digest of its text and one of what the reference made of it.
 */
import { createHash } from 'node:crypto'
import { generate } from './generate.js'

/** @typedef {{ index: number, fixed: Partial<import('./traits.js').Traits>, input: string, output: string }} StreamEntry */

export const STREAM_SEED = 2024
const COUNT = 300

/** The rare and heavy ones by name, so that they are there; then the stream as it comes. @type {StreamEntry['fixed'][]} */
const NAMED = [
  { denseCell: true, longList: false, segm: false, noDetections: false, gridBoxes: true },
  { denseCell: true, longList: false, segm: false, noDetections: false, gridBoxes: false },
  { denseCell: true, longList: false, segm: true, noDetections: false, emptyImages: false },
  {
    longList: true,
    denseCell: false,
    segm: false,
    noDetections: false,
    negativeScores: true,
    oddScores: false,
  },
  { longList: true, denseCell: false, segm: false, noDetections: false, oddScores: true },
  { manyCategories: true, denseCell: false, longList: false, noDetections: false },
  { largeImages: true, segm: true, noDetections: false },
]

/** @returns {{ index: number, fixed: StreamEntry['fixed'] }[]} */
export const streamPlan = () =>
  Array.from({ length: COUNT }, (_, index) => ({
    index,
    fixed: NAMED[index] ?? { denseCell: false, longList: false },
  }))

/** @param {{ index: number, fixed: StreamEntry['fixed'] }} entry */
export function streamCase({ index, fixed }) {
  const data = generate(STREAM_SEED, index, fixed)
  const input = digest([
    Buffer.from(data.gtText),
    Buffer.from(data.dtText),
    Buffer.from(JSON.stringify(data.options)),
  ])
  return { ...data, input }
}

/** The bits of an evaluation. The summary counts where the reference has one. @param {import('./compare.js').Arrays} arrays @param {boolean} withStats */
export const outputDigest = ({ precision, recall, scores, stats }, withStats) =>
  digest([precision, recall, scores, Float64Array.from(withStats ? stats : [])])

/** @param {(Uint8Array | Float64Array)[]} arrays */
function digest(arrays) {
  const hash = createHash('sha256')
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  return hash.digest('hex').slice(0, 32)
}
