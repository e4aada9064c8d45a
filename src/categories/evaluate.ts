import type { Shapes } from '../data/columns.js'
import type { Config } from '../data/config.js'
import type { CocoArrays, CocoShape, Overlaps } from '../data/evaluation.js'
import type { CellRange } from '../matching/cells.js'
import { findBoxOverlaps } from '../matching/overlaps.js'
import { tooManyPairs } from '../matching/pairs.js'
import { leastSimilarity } from '../matching/thresholds.js'
import { type CocoInput, type CocoPart, evaluateCategories } from '../metrics/coco.js'
import { cocoShape, copyArrays, putCategories, unfilledArrays } from '../metrics/coco-arrays.js'
import type { CategoryKernel } from './kernel.js'
import { evaluateCategory } from './kernel-range.js'
import { OverlapParts } from './overlap-parts.js'

/** Bytes of arrays that the kernel fills before they are copied; those of one category may be more. */
const ARRAY_BYTES = 1 << 24

export interface CategoriesContext {
  input: CocoInput
  /** Of all cells; null to find those of boxes. */
  overlaps: Overlaps | null
  shapes: Shapes
  config: Config
  /** Of the arrays that the kernel fills before they are copied; default ARRAY_BYTES. */
  pieceBytes?: number
  /** Ends with InputError where an item finds more pairs than this. */
  mostPairs?: number
}

/** Categories `kFrom .. kTo` of axis k, whose cells are `cells`. */
export interface CategoriesItem {
  kFrom: number
  kTo: number
  cells: CellRange
}

export interface CategoriesResult {
  part: CocoPart
  /** Of the item's cells, where they were found here. */
  overlaps: Overlaps | null
}

/** Matches and accumulates some categories; in box runs finds their overlaps first. The twin of `evaluateInKernel`. */
export function evaluatePlainly(context: CategoriesContext, item: CategoriesItem): CategoriesResult {
  const { input, shapes, config } = context
  const least = leastSimilarity(config.iouThresholds)
  const found = context.overlaps ? null : findBoxOverlaps(shapes, input.cells, item.cells, least)
  const firstDt = input.cells.dtOffsets[item.cells.from]
  if (found) checkPairs(context, found.gts.length)
  const overlaps = found ?? sliceFrom(context.overlaps as Overlaps, firstDt)
  return { part: evaluateCategories(input, overlaps, config, item.kFrom, item.kTo), overlaps: found }
}

function checkPairs({ mostPairs = Number.POSITIVE_INFINITY }: CategoriesContext, count: number): void {
  if (count > mostPairs) throw tooManyPairs(mostPairs)
}

const sliceFrom = (overlaps: Overlaps, dt: number): Overlaps => ({
  ...overlaps,
  offsets: overlaps.offsets.subarray(dt),
})

/** The same in WebAssembly, to the last bit; a category that is too large for it is done plainly. */
export function evaluateInKernel(
  kernel: CategoryKernel,
  context: CategoriesContext,
  item: CategoriesItem,
): CategoriesResult {
  const { input, config } = context
  const { kFrom, kTo } = item
  const starts = categoryStarts(input.cells.categories, item)
  const pieces = new Pieces(cocoShape(config, kTo - kFrom))
  const { dtOffsets } = input.cells
  const found = new OverlapParts(context.overlaps ? 0 : dtOffsets[item.cells.to] - dtOffsets[item.cells.from])
  let zeroIdDetections = 0
  const atOnce = categoriesAtOnce(config, context.pieceBytes)
  for (let first = kFrom; first < kTo; first += atOnce) {
    const end = Math.min(kTo, first + atOnce)
    const shape = cocoShape(config, end - first)
    const at = kernel.exports.openArrays(shape.K)
    const plain: { k: number; part: CocoArrays }[] = []
    for (let k = first; k < end; k++) {
      const cells = { from: starts[k - kFrom], to: starts[k - kFrom + 1] }
      if (at !== 0 && evaluateCategory(kernel, context, cells, k - first, found)) {
        checkPairs(context, found.count)
        zeroIdDetections += kernel.exports.zeroIdDetections()
        continue
      }
      const { part, overlaps } = evaluatePlainly(context, { kFrom: k, kTo: k + 1, cells })
      zeroIdDetections += part.zeroIdDetections
      plain.push({ k, part: part.arrays })
      if (overlaps) found.append(overlaps)
    }
    if (at !== 0) pieces.put(kernel.arrays(at, shape), first - kFrom)
    for (const { k, part } of plain) pieces.put(part, k - kFrom)
  }
  return {
    part: { arrays: pieces.joined(), zeroIdDetections },
    overlaps: context.overlaps ? null : found.join(),
  }
}

/** Arrays that come in pieces, each copied. */
class Pieces {
  readonly #shape: CocoShape
  #arrays: CocoArrays | null = null

  constructor(shape: CocoShape) {
    this.#shape = shape
  }

  /** Categories from `k` on; a piece that is all of them is copied at one go. */
  put(piece: CocoArrays, k: number): void {
    if (this.#arrays === null && piece.shape.K === this.#shape.K) this.#arrays = copyArrays(piece)
    else putCategories(this.#here(), piece, k)
  }

  joined(): CocoArrays {
    return this.#here()
  }

  #here(): CocoArrays {
    this.#arrays ??= unfilledArrays(this.#shape)
    return this.#arrays
  }
}

function categoriesAtOnce(config: Config, bytes = ARRAY_BYTES): number {
  const { T, R, A, M } = cocoShape(config, 1)
  return Math.max(1, Math.floor(bytes / (8 * T * (2 * R + 1) * A * M)))
}

/** First cell of each category of `item`, and the end of the last, [kTo - kFrom + 1]. `categories` ascend. */
function categoryStarts(categories: Int32Array, { kFrom, kTo, cells }: CategoriesItem): Uint32Array {
  const starts = new Uint32Array(kTo - kFrom + 1)
  starts[0] = cells.from
  for (let k = kFrom + 1; k <= kTo; k++) {
    let low = starts[k - kFrom - 1]
    let high = cells.to
    while (low < high) {
      const middle = (low + high) >>> 1
      if (categories[middle] < k) low = middle + 1
      else high = middle
    }
    starts[k - kFrom] = low
  }
  return starts
}
