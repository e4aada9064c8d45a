// A curve in the reference's arithmetic. Twin of src/metrics/readings.ts, but that the recalls of all thresholds come
// from one table, and that samples go by how many true positives reach them.
import { align, take } from '../categories/memory'
import { isGrouped } from './ranking'
import { curve, mostRegular, mostSteps, STEP_FPS, STEP_FPS_BEFORE, STEP_WIDTH, steps } from './walks'

/** Number.EPSILON */
const EPSILON: f64 = 2.220446049250313e-16

/** f64 [R]: recalls as configured, and as the decimals that were meant. */
export let recalls: u32 = 0
let decimals: u32 = 0
export let R: u32 = 0
/** f64: recall by true positives. */
let recallOf: u32 = 0
/** u32 [R]: the least true positives that reach each of the recalls, and those before. */
export let needed: u32 = 0
export let neededDecimals: u32 = 0

/** f64, of the curve at work: see `Points` in the twin. */
export let precisions: u32 = 0
export let envelope: u32 = 0
let lastPrecisions: u32 = 0
let startsAtZero: bool = false

/** `recalls` and `decimals`, one behind the other. */
export function takeGrid(count: u32): void {
  R = count
  recalls = take(8 * <u64>R)
  decimals = take(8 * <u64>R)
}

/** All else. */
export function takePoints(): void {
  needed = take(4 * <u64>R)
  neededDecimals = take(4 * <u64>R)
  align()
  recallOf = take(8 * (<u64>mostRegular + 1))
  precisions = take(8 * <u64>mostSteps)
  envelope = take(8 * <u64>mostSteps)
  lastPrecisions = take(8 * <u64>mostSteps)
}

/** For curves of so many ground truths. */
export function findRecalls(groundTruths: u32, withDecimals: bool): void {
  for (let tp: u32 = 1; tp <= groundTruths; tp++) {
    store<f64>(recallOf + 8 * tp, <f64>tp / <f64>groundTruths)
  }
  findNeeded(recalls, groundTruths, needed)
  if (withDecimals) findNeeded(decimals, groundTruths, neededDecimals)
}

function findNeeded(at: u32, groundTruths: u32, out: u32): void {
  let tp: u32 = 1
  for (let r: u32 = 0; r < R; r++) {
    const recall = load<f64>(at + 8 * r)
    while (tp <= groundTruths && load<f64>(recallOf + 8 * tp) < recall) tp++
    store<u32>(out + 4 * r, tp)
  }
}

function tpOf(step: u32): u32 {
  return load<u32>(curve + STEP_WIDTH * step)
}

/** Finds the points of the curve at work, two at a time from the last on; `joined`: also those before each. */
export function findPoints(joined: bool): void {
  startsAtZero = steps > 0 && load<u32>(curve, STEP_FPS_BEFORE) > 0
  let at = curve + STEP_WIDTH * steps
  let to = 8 * steps
  let greatest = f64x2.splat(0)
  if (steps & 1) {
    at -= STEP_WIDTH
    to -= 8
    const precision = precisionOf(load<u32>(at), load<u32>(at, STEP_FPS))
    store<f64>(precisions + to, precision)
    store<f64>(envelope + to, precision)
    greatest = f64x2.splat(precision)
  }
  while (to > 0) {
    at -= 2 * STEP_WIDTH
    to -= 16
    const one = v128.load(at)
    const other = v128.load(at, STEP_WIDTH - 4)
    const tps = v128.shuffle<i32>(one, other, 0, 5, 0, 5)
    const fps = v128.shuffle<i32>(one, other, 1, 6, 1, 6)
    const both = precisionsOf(tps, fps)
    const last = v128.shuffle<i64>(both, both, 1, 1)
    const most = f64x2.pmax(f64x2.pmax(both, last), greatest)
    v128.store(precisions + to, both)
    v128.store(envelope + to, most)
    greatest = v128.shuffle<i64>(most, most, 0, 0)
  }
  if (joined) findLast()
}

function precisionOf(tp: u32, fp: u32): f64 {
  return <f64>tp / (<f64>fp + <f64>tp + EPSILON)
}

/** The same of two, of which the first halves hold the counts. */
function precisionsOf(tps: v128, fps: v128): v128 {
  const tp = f64x2.convert_low_i32x4_u(tps)
  const fp = f64x2.convert_low_i32x4_u(fps)
  return f64x2.div(tp, f64x2.add(f64x2.add(fp, tp), f64x2.splat(EPSILON)))
}

/** Before the first point, where nothing comes before it, lies the point itself. */
function findLast(): void {
  if (steps === 0) return
  const isFirst = load<u32>(curve, STEP_FPS_BEFORE) === 0
  store<f64>(lastPrecisions, isFirst ? load<f64>(precisions) : 0)
  let at = curve + STEP_WIDTH
  let to = lastPrecisions + 8
  const end = lastPrecisions + 8 * steps
  for (; to + 8 < end; to += 16) {
    const one = v128.load(at - STEP_WIDTH)
    const other = v128.load(at, STEP_FPS_BEFORE)
    const tps = v128.shuffle<i32>(one, one, 0, 3, 0, 3)
    const fps = v128.shuffle<i32>(other, other, 0, 3, 0, 3)
    v128.store(to, precisionsOf(tps, fps))
    at += 2 * STEP_WIDTH
  }
  if (to < end) store<f64>(to, precisionOf(load<u32>(at - STEP_WIDTH), load<u32>(at, STEP_FPS_BEFORE)))
}

/** Writes the envelope at each recall, `width` bytes apart. */
export function samplesOf(need: u32, out: u32, width: u32): void {
  const end = need + 4 * R
  const count = steps
  let next: u32 = 0
  for (let at = need; at < end; at += 4) {
    const tp = load<u32>(at)
    if (!isGrouped) next = tp - 1
    else while (next < count && tpOf(next) < tp) next++
    store<f64>(out, next < count ? load<f64>(envelope + 8 * next) : 0)
    out += width
  }
}

/** The same of the straight lines. */
export function linesAt(out: u32, width: u32): void {
  let next: u32 = 0
  for (let r: u32 = 0; r < R; r++) {
    store<f64>(out + width * r, 0)
    const recall = load<f64>(recalls + 8 * r)
    if (startsAtZero && next === 0 && recall <= 0) continue
    const tp = load<u32>(needed + 4 * r)
    while (next < steps && tpOf(next) < tp) next++
    if (next === steps) continue
    const here = load<f64>(recallOf + 8 * tpOf(next))
    const precision = load<f64>(precisions + 8 * next)
    if ((next === 0 && !startsAtZero) || here === recall) {
      store<f64>(out + width * r, precision)
      continue
    }
    const lastRecall: f64 = next > 0 ? load<f64>(recallOf + 8 * tpOf(next - 1)) : 0
    const lastPrecision = load<f64>(lastPrecisions + 8 * next)
    const share = (recall - lastRecall) / (here - lastRecall)
    store<f64>(out + width * r, lastPrecision + share * (precision - lastPrecision))
  }
}

export function addSteps(heights: u32, out: u32): void {
  let area: f64 = 0
  let lastRecall: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const recall = load<f64>(recallOf + 8 * tpOf(i))
    area += (recall - lastRecall) * load<f64>(heights + 8 * i)
    lastRecall = recall
  }
  store<f64>(out, area)
}

export function addLines(out: u32): void {
  let area: f64 = 0
  let lastRecall: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const recall = load<f64>(recallOf + 8 * tpOf(i))
    const heights = load<f64>(lastPrecisions + 8 * i) + load<f64>(precisions + 8 * i)
    area += (recall - lastRecall) * heights * 0.5
    lastRecall = recall
  }
  store<f64>(out, area)
}
