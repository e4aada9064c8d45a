// AssemblyScript: the score thresholds with the best F1 without each part of the images, and on all. Twin of
// `CutSearch` in src/metrics/cross-validation.ts, where the rules stand.
const FOLDS = 5
const TP: u8 = 0
const FP: u8 = 1

/** f64, [FOLDS + 1]: ground truths, true and false positives in each fold, which the last entry leaves at 0. */
const truths: usize = memory.data(8 * (FOLDS + 1))
const tps: usize = memory.data(8 * (FOLDS + 1))
const fps: usize = memory.data(8 * (FOLDS + 1))
/** f64: F1 and score of the best cut without each fold, then without none, [2, FOLDS + 1]; true and false positives of the last. */
const found: usize = memory.data(8 * (2 * (FOLDS + 1) + 2))
const cuts: usize = found + 8 * (FOLDS + 1)
const counts: usize = found + 16 * (FOLDS + 1)

let gtCount: f64 = 0
let tpCount: f64 = 0
let fpCount: f64 = 0
let pending: f64 = NaN

/** Where `truths` and `found` lie; memory from `freeFrom` on is the host's. */
export const truthsAt: usize = truths
export const foundAt: usize = found
export const freeFrom: usize = __heap_base

/** Begins a group of detections with the ground truths at `truthsAt`. */
export function open(): void {
  gtCount = 0
  tpCount = 0
  fpCount = 0
  pending = NaN
  for (let fold: usize = 0; fold < 8 * FOLDS; fold += 8) gtCount += load<f64>(truths + fold)
  for (let fold: usize = 0; fold <= 8 * FOLDS; fold += 8) {
    store<f64>(tps + fold, 0)
    store<f64>(fps + fold, 0)
    store<f64>(found + fold, 0)
    store<f64>(cuts + fold, Infinity)
  }
  store<f64>(counts, 0)
  store<f64>(counts, 0, 8)
}

/** Adds detections by descending score; returns 1 where no more can make any of the cuts better. */
export function add(
  count: usize,
  rows: usize,
  scores: usize,
  outcomes: usize,
  images: usize,
  folds: usize,
): i32 {
  for (let i: usize = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (i << 2))
    const outcome = load<u8>(outcomes + row)
    if (outcome > FP) continue
    const score = load<f64>(scores + (i << 3))
    if (pending > score) weigh()
    const fold = (<usize>load<u8>(folds + load<u32>(images + (row << 2)))) << 3
    if (outcome === TP) {
      pending = score
      tpCount++
      store<f64>(tps + fold, load<f64>(tps + fold) + 1)
    } else {
      fpCount++
      store<f64>(fps + fold, load<f64>(fps + fold) + 1)
    }
  }
  return <i32>isFinal()
}

/** Of all detections that have come. */
export function close(): void {
  if (pending === pending) weigh()
}

function weigh(): void {
  const all = tpCount + fpCount + gtCount
  for (let fold: usize = 0; fold <= 8 * FOLDS; fold += 8) {
    const own = load<f64>(tps + fold)
    const f1 = (2 * (tpCount - own)) / (all - own - load<f64>(fps + fold) - load<f64>(truths + fold))
    if (!(f1 > load<f64>(found + fold))) continue
    store<f64>(found + fold, f1)
    store<f64>(cuts + fold, pending)
    if (fold < 8 * FOLDS) continue
    store<f64>(counts, tpCount)
    store<f64>(counts, fpCount, 8)
  }
  pending = NaN
}

function isFinal(): bool {
  for (let fold: usize = 0; fold <= 8 * FOLDS; fold += 8) {
    const gts = 2 * (gtCount - load<f64>(truths + fold))
    if (gts / (gts + fpCount - load<f64>(fps + fold)) > load<f64>(found + fold)) return false
  }
  return true
}

/**
 * Counts what choices of thresholds keep, by image: twin of `countPlainly` in src/metrics/finding-thresholds.ts. The
 * detections have the ranks from `first` on; the thresholds of all (`one`) and of classes are by fold.
 */
export function judge(
  first: u32,
  count: u32,
  kept: u32,
  imageCount: u32,
  rows: usize,
  scores: usize,
  outcomes: usize,
  images: usize,
  folds: usize,
  positions: usize,
  categories: usize,
  one: usize,
  ofClasses: usize,
  kinds: usize,
): void {
  const kind = (<usize>imageCount) << 2
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (i << 2))
    const outcome = load<u8>(outcomes + row)
    if (outcome > FP) continue
    const image = <usize>load<u32>(images + (row << 2))
    const fold = <usize>load<u8>(folds + image)
    const score = load<f64>(scores + (i << 3))
    const isOne = score >= load<f64>(one + (fold << 3))
    const own = <usize>load<u32>(categories + (row << 2)) * FOLDS + fold
    const isOwn = score >= load<f64>(ofClasses + (own << 3))
    const at = kinds + ((<usize>load<u32>(positions + (image << 2))) << 2)
    const side = outcome === TP ? at : at + kind
    if (isOne) next(side)
    if (isOwn) next(side + 2 * kind)
    if (isOne !== first + i < kept) next(at + 4 * kind)
    if (isOne !== isOwn) next(at + 5 * kind)
  }
}

function next(at: usize): void {
  store<u32>(at, load<u32>(at) + 1)
}
