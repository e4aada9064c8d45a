// Averages of every exact curve of protocol `corrected`. Twin of src/metrics/size-averages.ts.
import { closeRegion, openRegion, take } from '../categories/memory'
import { chosen, chosenCount, regular } from './ranking'
import { A, T } from './scene'
import {
  curve,
  fpTotal,
  mostRegular,
  open,
  STEP_FPS,
  STEP_FPS_BEFORE,
  STEP_WIDTH,
  steps,
  tpTotal,
  walk,
  walksEnd,
} from './walks'

/** f64: recalls at which the curve is sampled, [R]; recall by true positives. */
let grid: u32 = 0
let recallOf: u32 = 0
let R: i32 = 0
/**
 * f64, [T, A, class read, WIDTH]: mean of the samples, area, sum of steps, last recall, detections that count, ground
 * truths. Without these the first four are NaN.
 */
export let averages: u32 = 0
const WIDTH: u32 = 6

/** Returns where the recalls belong, 0 for no room. */
export function openAverages(recalls: i32): u32 {
  R = recalls
  openRegion(walksEnd)
  grid = take(8 * recalls)
  averages = take(8 * <u64>WIDTH * T * A * chosenCount)
  recallOf = take(8 * (<u64>mostRegular + 1))
  return closeRegion() ? grid : 0
}

/** Adds up the curves of one of the classes that are read. */
export function addAverages(i: u32): void {
  const k = load<u32>(chosen + 4 * i)
  walk(k, 0xffffffff)
  for (let a = 0; a < A; a++) {
    const groundTruths = load<u32>(regular + 4 * (k * A + a))
    findRecalls(groundTruths)
    for (let t = 0; t < T; t++) {
      open(a, t)
      addUp(<f64>groundTruths, averages + 8 * WIDTH * ((t * A + a) * chosenCount + i))
    }
  }
}

/** For curves of so many ground truths. */
function findRecalls(groundTruths: u32): void {
  for (let tp: u32 = 1; tp <= groundTruths; tp++) {
    store<f64>(recallOf + 8 * tp, <f64>tp / <f64>groundTruths)
  }
}

function addUp(groundTruths: f64, to: u32): void {
  const end = curve + STEP_WIDTH * steps
  const gridEnd = grid + 8 * R
  let auc: f64 = 0
  let step: f64 = 0
  let sum: f64 = 0
  let next = grid
  let lastTp: f64 = 0
  let lastRecall: f64 = 0
  for (let at = curve; at < end; at += STEP_WIDTH) {
    const tp = load<u32>(at)
    const recall = load<f64>(recallOf + 8 * tp)
    const fpBefore = <f64>load<u32>(at, STEP_FPS_BEFORE)
    const isFirst = lastTp + fpBefore === 0
    const tps = f64x2.replace_lane(f64x2.splat(<f64>tp), 1, lastTp)
    const fps = f64x2.replace_lane(f64x2.splat(<f64>load<u32>(at, STEP_FPS)), 1, fpBefore)
    const both = f64x2.div(tps, f64x2.add(tps, fps))
    const precision = f64x2.extract_lane(both, 0)
    const lastPrecision = isFirst ? precision : f64x2.extract_lane(both, 1)
    const width = recall - lastRecall
    auc += width * (lastPrecision + precision) * 0.5
    step += width * precision
    while (next < gridEnd && load<f64>(next) <= recall) {
      const here = load<f64>(next)
      const share = (here - lastRecall) / width
      sum += isFirst || here === recall ? precision : lastPrecision + share * (precision - lastPrecision)
      next += 8
    }
    lastTp = <f64>tp
    lastRecall = recall
  }
  const isDecided = groundTruths > 0
  store<f64>(to, isDecided ? sum / <f64>R : NaN)
  store<f64>(to, isDecided ? auc : NaN, 8)
  store<f64>(to, isDecided ? step : NaN, 16)
  store<f64>(to, isDecided ? <f64>tpTotal / groundTruths : NaN, 24)
  store<f64>(to, <f64>(tpTotal + fpTotal), 32)
  store<f64>(to, groundTruths, 40)
}
