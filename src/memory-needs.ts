import type { Dataset } from './data/columns.js'
import type { ConfigDraft } from './data/config.js'
import type { Cells } from './data/evaluation.js'
import { categoryOffsets } from './matching/cells.js'
import { cocoShape } from './metrics/coco-arrays.js'
import type { Tables } from './read-tables.js'

// Bytes that the stages of a run take beyond what is held when they begin, counted from their columns.

/** Tables of ids, and of ids that were seen. */
const INDEX_BYTES = 6 << 20
/** Rows, images, categories and areas of a detection; of a ground truth, whose area is the file's, and its flag. */
const LINK = { dt: 20, gt: 13 }
/** Rows by image, then by category with their images and scores. */
const GROUP = { dt: 24, gt: 16 }
/** The same in the kernel: the columns, what it sorts them into, and the result outside. */
const GROUP_IN_KERNEL = { dt: 48, gt: 28 }
/** Runs of both sides while they grow, and the cell. */
const CELL = 48
/** A pair in its place, and while its list grows and is sorted. */
const PAIR = 12
const LISTED_PAIR = 36
/** Where a detection's pairs begin. */
const OFFSET = 4
/** A detection in the kernel, which has those of one class. */
const CATEGORY_DT = 40
/** Columns and pairs of all classes, and the sections of a report: measured, see bench/NOTES.md. */
const SCENE = { base: 110 << 20, dt: 420, gt: 380 }
/** What becomes of a byte that was read, at the peak. Measured, of boxes; masks take less. */
export const PEAK_OF_READ = 1.7
/** More cells than this are not counted one by one. */
const MOST_BITS = 2 ** 29

const rows = (bytes: { dt: number; gt: number }, dt: number, gt: number): number =>
  bytes.dt * dt + bytes.gt * gt

/** Joining the tables. */
export const linkNeeds = ({ gt, dt }: Tables): number =>
  INDEX_BYTES + rows(LINK, dt.count, gt.annotations.ids.length)

/** Grouping into cells, by the kernel or its twin. */
export function groupNeeds(dataset: Dataset, inKernel: boolean): number {
  const { detections, groundTruths } = dataset
  const bytes = rows(inKernel ? GROUP_IN_KERNEL : GROUP, detections.count, groundTruths.count)
  return bytes + CELL * countCells(dataset)
}

/** Cells that hold something; an upper bound where there may be very many. */
function countCells({ images, categories, detections, groundTruths }: Dataset): number {
  const product = images.count * categories.count
  if (product > MOST_BITS) return Math.min(product, detections.count + groundTruths.count)
  const seen = new Uint8Array((product >> 3) + 1)
  let count = 0
  for (const side of [groundTruths, detections]) {
    for (let row = 0; row < side.count; row++) {
      const cell = side.categories[row] * images.count + side.images[row]
      if (seen[cell >> 3] & (1 << (cell & 7))) continue
      seen[cell >> 3] |= 1 << (cell & 7)
      count++
    }
  }
  return count
}

/** Matching `K` categories of these cells: without pairs, and pairs as many as mostly. */
export function matchNeeds(
  config: ConfigDraft,
  K: number,
  cells: Cells,
  pieceBytes: number,
): { fixed: number; pairs: number } {
  const { T, R, A, M } = cocoShape(config, K)
  const detections = cells.dtRows.length
  const starts = Array.from(categoryOffsets(cells, K), cell => cells.dtOffsets[cell])
  const largest = starts.reduce((most, start, k) => Math.max(most, start - (starts[k - 1] ?? 0)), 0)
  const arrays = 8 * T * (2 * R + 1) * K * A * M
  return {
    fixed: arrays + pieceBytes + OFFSET * detections + CATEGORY_DT * largest,
    pairs: PAIR * detections,
  }
}

/** A scene and what a report makes of it. */
export const sceneNeeds = ({ detections, groundTruths }: Dataset): number =>
  SCENE.base + rows(SCENE, detections.count, groundTruths.count)

/** Pairs that fit into `bytes`. Their columns have room for two a detection; then they grow, and are held twice. */
export const pairsWithin = (bytes: number, detections: number): number =>
  Math.floor(Math.max(Math.min(2 * detections, bytes / PAIR), bytes / (2 * PAIR)))

export const listedPairsWithin = (bytes: number): number => Math.floor(bytes / LISTED_PAIR)
