// Precision-recall curves of the category at work, all area ranges, caps and thresholds at once. Twin of
// src/metrics/{coco,curves}.ts, where the rules are explained.
import { arrays, dtCount, dtScores, fates, LIVE, outcomes, ranks } from './category'
import {
  A,
  explained,
  M,
  maxDets,
  needed,
  places,
  precision,
  R,
  reached,
  reachedBits,
  recalls,
  regular,
  scores,
  seen,
  T,
  truePositives,
} from './config'
import { rank } from './ranking'

/** Number.EPSILON */
const EPSILON: f64 = 2.220446049250313e-16

/** Fills column `k` of the `categories` in the arrays; -1 where no ground truth is regular. */
export function accumulate(k: u32, categories: u32): void {
  let some: u32 = 0
  for (let a = 0; a < A; a++) some |= load<u32>(regular + 4 * a)
  if (some !== 0) makeCurves()
  for (let a = 0; a < A; a++) {
    for (let m = 0; m < M; m++) {
      for (let t = 0; t < T; t++) close(a, m, t)
    }
  }
  write(k, categories)
}

function makeCurves(): void {
  rank(dtScores, dtCount, ranks)
  reset()
  for (let i: u32 = 0; i < dtCount; i++) {
    const dt = load<u32>(ranks + 4 * i)
    const fate = load<u64>(fates + 8 * dt)
    const cap = <i32>((fate >> 32) & 0xffff)
    if (fate & LIVE) addLive(<u32>fate, cap, load<f64>(dtScores + 8 * dt))
    else addFalsePositive(<u32>fate, cap)
  }
}

function curveAt(a: i32, m: i32, t: i32): i32 {
  return (a * M + m) * T + t
}

/** Where a curve has its point at a place of the recall thresholds, in bytes: points lie as the arrays have them. */
function pointAt(a: i32, m: i32, t: i32, place: i32): u32 {
  return 8 * (((t * R + place) * A + a) * M + m)
}

/** Empties the curves. What needs no true positive is reached at the highest score. */
function reset(): void {
  const topScore: f64 = dtCount > 0 ? load<f64>(dtScores + 8 * load<u32>(ranks)) : 0
  memory.fill(seen, 0, 4 * A * M)
  memory.fill(truePositives, 0, 4 * A * M * T)
  memory.fill(explained, 0, 4 * A * M * T)
  for (let a = 0; a < A; a++) {
    const count = load<u32>(regular + 4 * a)
    let free = 0
    for (let r = 0; r < R; r++) {
      const need = truePositivesFor(load<f64>(recalls + 8 * r), <f64>count)
      store<u32>(needed + 4 * (a * R + r), need)
      if (need === 0) free++
    }
    for (let m = 0; m < M; m++) {
      for (let t = 0; t < T; t++) {
        store<u32>(reached + 4 * curveAt(a, m, t), free)
        for (let r = 0; r < free; r++) {
          store<f64>(scores + pointAt(a, m, t, r), topScore)
          store<f64>(precision + pointAt(a, m, t, r), 0)
        }
      }
    }
  }
}

/** The least number of true positives with `number / count >= threshold` in float64. */
function truePositivesFor(threshold: f64, count: f64): u32 {
  if (!(threshold > 0)) return 0
  if (threshold > 1) return <u32>count + 1 // out of reach
  let least = Math.ceil(threshold * count)
  while (least > 0 && (least - 1) / count >= threshold) least--
  while (least / count < threshold) least++
  return <u32>least
}

/** A false positive at all thresholds, in the area ranges that it is not outside of. */
function addFalsePositive(outside: u32, cap: i32): void {
  for (let a = 0; a < A; a++) {
    const slot = seen + 4 * (a * M + cap)
    store<u32>(slot, load<u32>(slot) + (~(outside >> a) & 1))
  }
}

function addLive(row: u32, cap: i32, score: f64): void {
  const all = load<u32>(reachedBits + 4 * T)
  for (let a = 0; a < A; a++) {
    if (load<u32>(regular + 4 * a) === 0) continue
    const outcome = outcomes + 8 * (row * A + a)
    const bits = load<u32>(outcome)
    const hits = load<u32>(outcome, 4)
    if (bits === all && hits === 0) continue // ignored throughout
    addDetection(a, cap, bits, hits, score)
  }
}

/** A detection matched or ignored at the thresholds `bits`, a true positive at `hits`, else a false positive. */
function addDetection(a: i32, cap: i32, bits: u32, hits: u32, score: f64): void {
  const row = seen + 4 * (a * M)
  store<u32>(row + 4 * cap, load<u32>(row + 4 * cap) + 1)
  let before: u32 = 0
  for (let m = 0; m < cap; m++) before += load<u32>(row + 4 * m)
  for (let m = cap; m < M; m++) {
    before += load<u32>(row + 4 * m)
    const first = curveAt(a, m, 0)
    for (let left = bits; left !== 0; left &= left - 1) {
      const t = ctz(left)
      const slot = explained + 4 * (first + t)
      const here = load<u32>(slot) + 1
      store<u32>(slot, here)
      if ((hits >> t) & 1) addTruePositive(a, m, t, before - here, score)
    }
  }
}

function addTruePositive(a: i32, m: i32, t: i32, falsePositives: u32, score: f64): void {
  const curve = curveAt(a, m, t)
  const count = load<u32>(truePositives + 4 * curve) + 1
  store<u32>(truePositives + 4 * curve, count)
  let place = load<i32>(reached + 4 * curve)
  if (place < R && load<u32>(needed + 4 * (a * R + place)) <= count) {
    do {
      store<f64>(scores + pointAt(a, m, t, place), score)
      store<f64>(precision + pointAt(a, m, t, place), 0)
      place++
    } while (place < R && load<u32>(needed + 4 * (a * R + place)) <= count)
    store<i32>(reached + 4 * curve, place)
  }
  if (place === 0) return
  const here = <f64>count / (<f64>(falsePositives + count) + EPSILON)
  const slot = precision + pointAt(a, m, t, place - 1)
  if (here > load<f64>(slot)) store<f64>(slot, here)
}

/**
 * Raises each precision to the greatest at or beyond its recall: the reference's envelope. Points beyond are 0; recall
 * thresholds come as configured, and the reference stops at the first that is not reached. -1 where no ground truth is
 * regular.
 */
function close(a: i32, m: i32, t: i32): void {
  const isRegular = load<u32>(regular + 4 * a) !== 0
  const isKept = isRegular && dtCount > 0 && load<i32>(maxDets + 4 * m) > 0
  const first = pointAt(a, m, t, 0)
  const step = 8 * A * M
  let end = isKept ? load<i32>(reached + 4 * curveAt(a, m, t)) : 0
  for (let place = end - 1; place > 0; place--) {
    const at = precision + first + place * step
    if (load<f64>(at) > load<f64>(at - step)) store<f64>(at - step, load<f64>(at))
  }
  const missing: f64 = isRegular ? 0 : -1
  for (let r = 0; r < R; r++) {
    const place = load<i32>(places + 4 * r)
    if (place < end) continue
    end = 0
    store<f64>(precision + first + place * step, missing)
    store<f64>(scores + first + place * step, missing)
  }
}

/** Writes the category's curves to the arrays: all points of a threshold and a recall side by side. */
function write(k: u32, K: u32): void {
  const size = 8 * T * R * K * A * M
  for (let t = 0; t < T; t++) {
    writeRecalls(t, arrays + 2 * size + 8 * (t * K + k) * A * M)
    for (let r = 0; r < R; r++) {
      const from = pointAt(0, 0, t, load<i32>(places + 4 * r))
      const to = arrays + 8 * ((t * R + r) * K + k) * A * M
      for (let at: i32 = 0; at < 8 * A * M; at += 8) {
        store<f64>(to + at, load<f64>(precision + from + at))
        store<f64>(to + size + at, load<f64>(scores + from + at))
      }
    }
  }
}

/** Writes what all curves of threshold `t` find in all. */
function writeRecalls(t: i32, to: u32): void {
  for (let a = 0; a < A; a++) {
    const count = load<u32>(regular + 4 * a)
    for (let m = 0; m < M; m++, to += 8) {
      store<f64>(to, count === 0 ? -1 : <f64>load<u32>(truePositives + 4 * curveAt(a, m, t)) / <f64>count)
    }
  }
}
