// Curves of a ranking, walked where they rise. Twin of src/metrics/curve-steps.ts, which walks one curve at a time; here
// one walk over what the detections of a class found makes the curves of all thresholds, and of several ranges.
import { closeRegion, openRegion, regionEnd, take } from '../categories/memory'
import {
  BITS,
  countFalse,
  isGrouped,
  K,
  offsets,
  RANKED_HIT_RANGES,
  RANKED_HITS,
  RANKED_LOST,
  RANKED_LOST_RANGES,
  RANKED_WIDTH,
  rankingEnd,
  regular,
  SCORE_TO,
  starts,
  stepsOf,
} from './ranking'
import { A, T } from './scene'

/** Sixteen times four words: the bits of a number below 16. */
let nibbles: u32 = 0

/**
 * Of the walk at work: true positives so far; those so far that matched, and would be false positives; the same of the
 * score at work. u32, [range, 32]
 */
let hits: u32 = 0
let gone: u32 = 0
let goneHere: u32 = 0
const STATE_WIDTH: u32 = 128
/** Thresholds at which the score at work has a true positive, [range]. */
let hitsHere: u32 = 0
/** Those that would be false positives: before the class, and in it; [range]. */
let bases: u32 = 0
let totals: u32 = 0
/** Where the steps of each curve begin and end; u32, [range, 32]. */
let begins: u32 = 0
let ends: u32 = 0

/** u32, STEP_WIDTH bytes each: see `Steps` in the twin. */
let allSteps: u32 = 0
export const STEP_WIDTH: u32 = 12
export const STEP_FPS: u32 = 4
export const STEP_FPS_BEFORE: u32 = 8

/** Of the curve at work: where its steps begin, how many they are; all true positives, and all false ones. */
export let curve: u32 = 0
export let steps: u32 = 0
export let tpTotal: u32 = 0
export let fpTotal: u32 = 0
/** The most steps that a curve can have, and the most ground truths. */
export let mostSteps: u32 = 0
export let mostRegular: u32 = 0

/** Where the next region begins. */
export let walksEnd: u32 = 0

/** Makes room for the curves of a class; false for none. */
export function openWalks(): bool {
  let most: u64 = 0
  mostSteps = 0
  mostRegular = 0
  for (let k: u32 = 0; k < K; k++) {
    let sum: u64 = 0
    for (let a = 0; a < A; a++) {
      const count = stepsOf(k, a)
      mostSteps = max(mostSteps, count)
      mostRegular = max(mostRegular, load<u32>(regular + 4 * (k * A + a)))
      sum += count
    }
    most = max(most, sum)
  }
  openRegion(rankingEnd)
  nibbles = take(256)
  hits = take(<u64>STATE_WIDTH * A)
  gone = take(<u64>STATE_WIDTH * A)
  goneHere = take(<u64>STATE_WIDTH * A)
  begins = take(<u64>STATE_WIDTH * A)
  ends = take(<u64>STATE_WIDTH * A)
  hitsHere = take(4 * A)
  bases = take(4 * A)
  totals = take(4 * A)
  allSteps = take(<u64>STEP_WIDTH * T * most)
  if (!closeRegion()) return false
  walksEnd = regionEnd()
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    for (let bit: u32 = 0; bit < 4; bit++) store<u32>(nibbles + 16 * nibble + 4 * bit, (nibble >> bit) & 1)
  }
  return true
}

/** Walks the curves of class k in some ranges, the bits of `asked`. */
export function walk(k: u32, asked: u32): void {
  openCurves(k, asked)
  const end = load<u32>(starts + 4 * k, 4)
  /** The ranks of the score at work, and the ranges in which it found something. */
  let from: u32 = 0
  let to: u32 = 0
  let touched: u32 = 0
  for (let at = load<u32>(starts + 4 * k); at < end; at += RANKED_WIDTH) {
    // Elsewhere it neither counts nor would have.
    const concerned = asked & (load<u32>(at, RANKED_HIT_RANGES) | load<u32>(at, RANKED_LOST_RANGES))
    if (concerned === 0) continue
    if (!isGrouped) {
      addAlone(at, concerned)
      continue
    }
    if (load<u32>(at) !== from) {
      endScore(touched, from, to)
      touched = 0
      from = load<u32>(at)
    }
    to = load<u32>(at, SCORE_TO)
    touched |= concerned
    add(at, concerned)
  }
  endScore(touched, from, to)
}

function openCurves(k: u32, asked: u32): void {
  const begin = load<u32>(offsets + 4 * k)
  const end = load<u32>(offsets + 4 * k, 4)
  memory.fill(hits, 0, STATE_WIDTH * A)
  memory.fill(gone, 0, STATE_WIDTH * A)
  memory.fill(goneHere, 0, STATE_WIDTH * A)
  memory.fill(hitsHere, 0, 4 * A)
  let at = allSteps
  for (let a = 0; a < A; a++) {
    if (((asked >> a) & 1) === 0) continue
    const before = countFalse(a, begin)
    store<u32>(bases + 4 * a, before)
    store<u32>(totals + 4 * a, countFalse(a, end) - before)
    const length = STEP_WIDTH * stepsOf(k, a)
    for (let t = 0; t < T; t++) {
      store<u32>(begins + STATE_WIDTH * a + 4 * t, at)
      store<u32>(ends + STATE_WIDTH * a + 4 * t, at)
      at += length
    }
  }
}

/** Makes the steps of a find whose score is its own. */
function addAlone(at: u32, concerned: u32): void {
  const bits = load<u32>(at, BITS)
  const rank = load<u32>(at)
  for (; concerned !== 0; concerned &= concerned - 1) {
    const a = ctz(concerned)
    const counts = (bits >> a) & 1
    const before = countFalse(a, rank) - load<u32>(bases + 4 * a)
    const state = STATE_WIDTH * a
    for (let rest = hitsIn(at, a); rest !== 0; rest &= rest - 1) {
      const one = state + 4 * ctz(rest)
      const tp = load<u32>(hits + one) + 1
      const goneBefore = load<u32>(gone + one)
      const step = load<u32>(ends + one)
      store<u32>(hits + one, tp)
      store<u32>(gone + one, goneBefore + counts)
      store<u32>(step, tp)
      store<u32>(step, before - goneBefore, STEP_FPS)
      store<u32>(step, before - goneBefore, STEP_FPS_BEFORE)
      store<u32>(ends + one, step + STEP_WIDTH)
    }
    for (let rest = lostIn(at, a); rest !== 0; rest &= rest - 1) {
      const one = gone + state + 4 * ctz(rest)
      store<u32>(one, load<u32>(one) + 1)
    }
  }
}

/** Thresholds at which a ranked find is a true positive in a range, and at which it does not count. */
function hitsIn(at: u32, a: u32): u32 {
  return load<u32>(at, RANKED_HITS) & (0 - ((load<u32>(at, RANKED_HIT_RANGES) >> a) & 1))
}

function lostIn(at: u32, a: u32): u32 {
  return load<u32>(at, RANKED_LOST) & (0 - ((load<u32>(at, RANKED_LOST_RANGES) >> a) & 1))
}

/** Adds a find to the score at work. */
function add(at: u32, concerned: u32): void {
  const bits = load<u32>(at, BITS)
  for (; concerned !== 0; concerned &= concerned - 1) {
    const a = ctz(concerned)
    const hit = hitsIn(at, a)
    store<u32>(hitsHere + 4 * a, load<u32>(hitsHere + 4 * a) | hit)
    count(hits + STATE_WIDTH * a, hit)
    count(goneHere + STATE_WIDTH * a, (hit | lostIn(at, a)) & (0 - ((bits >> a) & 1)))
  }
}

/** Adds one at each threshold of some. */
function count(to: u32, thresholds: u32): void {
  for (; thresholds !== 0; thresholds >>= 4, to += 16) {
    v128.store(to, i32x4.add(v128.load(to), v128.load(nibbles + 16 * (thresholds & 15))))
  }
}

/** Makes the steps of the score at work, which has the ranks `from` to `to`. */
function endScore(touched: u32, from: u32, to: u32): void {
  for (; touched !== 0; touched &= touched - 1) {
    const a = ctz(touched)
    const base = load<u32>(bases + 4 * a)
    const before = countFalse(a, from) - base
    const upTo = countFalse(a, to) - base
    const state = STATE_WIDTH * a
    for (let rest = load<u32>(hitsHere + 4 * a); rest !== 0; rest &= rest - 1) {
      const at = state + 4 * ctz(rest)
      const goneBefore = load<u32>(gone + at)
      const step = load<u32>(ends + at)
      store<u32>(step, load<u32>(hits + at))
      store<u32>(step, upTo - goneBefore - load<u32>(goneHere + at), STEP_FPS)
      store<u32>(step, before - goneBefore, STEP_FPS_BEFORE)
      store<u32>(ends + at, step + STEP_WIDTH)
    }
    store<u32>(hitsHere + 4 * a, 0)
    for (let t = 0; t < T; t += 4) {
      const at = state + 4 * t
      v128.store(gone + at, i32x4.add(v128.load(gone + at), v128.load(goneHere + at)))
      v128.store(goneHere + at, i32x4.splat(0))
    }
  }
}

/** Turns to one of the curves that were walked last. */
export function open(a: i32, t: i32): void {
  const at = STATE_WIDTH * a + 4 * t
  curve = load<u32>(begins + at)
  steps = (load<u32>(ends + at) - curve) / STEP_WIDTH
  tpTotal = load<u32>(hits + at)
  fpTotal = load<u32>(totals + 4 * a) - load<u32>(gone + at)
}
