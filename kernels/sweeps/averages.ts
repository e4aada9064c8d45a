// Averages of every exact curve of protocol `corrected`. Twin of src/metrics/size-averages.ts.
import { closeRegion, openRegion, take } from '../categories/memory'
import { A, T } from './scene'
import {
  chosen,
  chosenCount,
  fps,
  fpsBefore,
  fpTotal,
  open,
  regular,
  steps,
  tps,
  tpTotal,
  walk,
  walksEnd,
} from './walks'

/** Recalls at which the curve is sampled, f64 [R]. */
let grid: u32 = 0
let R: i32 = 0
/** f64, [T, A, class read, WIDTH]: mean of the samples, area, sum of steps, last recall, detections that count. */
let out: u32 = 0
const WIDTH: u32 = 5

/** Returns where the recalls belong, 0 for no room. */
export function openAverages(recalls: i32): u32 {
  R = recalls
  openRegion(walksEnd)
  grid = take(8 * recalls)
  out = take(8 * <u64>WIDTH * T * A * chosenCount)
  return closeRegion() ? grid : 0
}

export function averagesOf(): u32 {
  for (let i: u32 = 0; i < chosenCount; i++) {
    const k = load<u32>(chosen + 4 * i)
    for (let a = 0; a < A; a++) {
      open(k, a)
      const groundTruths = <f64>load<u32>(regular + 4 * (k * A + a))
      for (let t = 0; t < T; t++) {
        walk(t)
        addUp(groundTruths, out + 8 * WIDTH * ((t * A + a) * chosenCount + i))
      }
    }
  }
  return out
}

function addUp(groundTruths: f64, to: u32): void {
  let auc: f64 = 0
  let step: f64 = 0
  let sum: f64 = 0
  let next = 0
  let lastTp: f64 = 0
  let lastRecall: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const tp = <f64>load<u32>(tps + 4 * i)
    const fpBefore = <f64>load<u32>(fpsBefore + 4 * i)
    const recall = tp / groundTruths
    const precision = tp / (tp + <f64>load<u32>(fps + 4 * i))
    const isFirst = lastTp + fpBefore === 0
    const lastPrecision = isFirst ? precision : lastTp / (lastTp + fpBefore)
    const width = recall - lastRecall
    auc += (width * (lastPrecision + precision)) / 2
    step += width * precision
    while (next < R && load<f64>(grid + 8 * next) <= recall) {
      const at = load<f64>(grid + 8 * next)
      const share = (at - lastRecall) / width
      sum += isFirst || at === recall ? precision : lastPrecision + share * (precision - lastPrecision)
      next++
    }
    lastTp = tp
    lastRecall = recall
  }
  store<f64>(to, sum / <f64>R)
  store<f64>(to, auc, 8)
  store<f64>(to, step, 16)
  store<f64>(to, <f64>tpTotal / groundTruths, 24)
  store<f64>(to, <f64>(tpTotal + fpTotal), 32)
}
