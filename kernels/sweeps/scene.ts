// The scene at work: what its instances are, and which pairs of one cell overlap.
import { align, closeRegion, openRegion, regionEnd, take } from '../categories/memory'

/** Of a ground truth: it counts in no range and is never used up; to be found counts as no match. */
export const IGNORED: u32 = 1
export const NO_MATCH: u32 = 2

export let gtCount: u32 = 0
export let dtCount: u32 = 0
/** Detections with a pair. */
export let liveCount: u32 = 0
/** IoU thresholds and size ranges, at most 32 each. */
export let T: i32 = 0
export let A: i32 = 0

/** Room for the scores and rows of a ranking of the detections, which stay where they are from one scene to the next. */
export let rankedRows: u32 = 0

/** f64: areas; similarities [pair]; similarities that the thresholds ask for, ascending [T]; bounds of ranges [A]. */
export let gtAreas: u32 = 0
export let dtAreas: u32 = 0
export let similarities: u32 = 0
export let ascending: u32 = 0
export let los: u32 = 0
export let his: u32 = 0
/**
 * u32: thresholds reached, by how many of `ascending` are [T + 1]; class of each ground truth; place of each detection
 * in its cell; rows of the live detections, where the pairs of each begin [live + 1], ground truth of each pair.
 */
export let reachedBits: u32 = 0
export let gtClasses: u32 = 0
export let ranks: u32 = 0
export let liveRows: u32 = 0
export let liveOffsets: u32 = 0
export let pairGts: u32 = 0
/** u8, flags of each ground truth. */
export let gtFlags: u32 = 0
/** u32, rows of the live detections in the order in which they match, where it is another. */
export let order: u32 = 0

/** Work memory, u32: bits of ranges, with room for three more; thresholds used up [matching, ground truth]. */
export let gtBits: u32 = 0
export let dtBits: u32 = 0
export let taken: u32 = 0
/** Of detections that reach a threshold: their rows, and as the columns above, and the thresholds that each pair reaches. */
export let strongRows: u32 = 0
export let strongOffsets: u32 = 0
export let strongGts: u32 = 0
export let strongReached: u32 = 0
/** Place among the strong ones, -1 for the others; [detection]. */
export let positions: u32 = 0
/** Ignored ground truths that a detection may take, and at which thresholds; [pair]. */
export let fallbacks: u32 = 0
export let fallbackBits: u32 = 0
/** u8: whether ranges may differ in who takes it. [ground truth] */
export let tangled: u32 = 0
/** u8: thresholds at or below each 256th of a similarity, [257]. */
export let levels: u32 = 0

/** Where the next region begins. */
export let sceneEnd: u32 = 0

/** A score, f64, and a row, u32. */
const RANKED_ROW: u32 = 12

/** The columns of `gtAreas` to `order` follow one another from the address that this returns, 0 for no room. */
export function openScene(gts: u32, dts: u32, live: u32, pairs: u32, thresholds: i32, ranges: i32): u32 {
  gtCount = gts
  dtCount = dts
  liveCount = live
  T = thresholds
  A = ranges
  openRegion(__heap_base)
  rankedRows = take(RANKED_ROW * <u64>dts)
  align()
  gtAreas = take(8 * <u64>gts)
  dtAreas = take(8 * <u64>dts)
  similarities = take(8 * <u64>pairs)
  ascending = take(8 * thresholds)
  los = take(8 * ranges)
  his = take(8 * ranges)
  reachedBits = take(4 * (thresholds + 1))
  gtClasses = take(4 * <u64>gts)
  ranks = take(4 * <u64>dts)
  liveRows = take(4 * <u64>live)
  liveOffsets = take(4 * (<u64>live + 1))
  pairGts = take(4 * <u64>pairs)
  gtFlags = take(gts)
  order = take(4 * <u64>live)
  align()
  gtBits = take(4 * (<u64>gts + 3))
  dtBits = take(4 * (<u64>dts + 3))
  taken = take(4 * <u64>gts * ranges)
  strongRows = take(4 * <u64>live)
  strongOffsets = take(4 * (<u64>live + 1))
  strongGts = take(4 * <u64>pairs)
  strongReached = take(4 * <u64>pairs)
  positions = take(4 * <u64>dts)
  fallbacks = take(4 * <u64>pairs)
  fallbackBits = take(4 * <u64>pairs)
  tangled = take(gts)
  levels = take(257)
  if (!closeRegion()) return 0
  sceneEnd = regionEnd()
  return gtAreas
}
