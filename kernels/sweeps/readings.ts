// Readings of the reference's curves, and their means. Twin of src/metrics/{readings,ap-readings}.ts.
import { align, closeRegion, openRegion, take } from '../categories/memory'
import { strongCount } from './match'
import { mean } from './mean'
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

/** Number.EPSILON */
const EPSILON: f64 = 2.220446049250313e-16

/** The readings by number; behind them comes the last recall. */
const REFERENCE: u32 = 0
const GRID: u32 = 1
const ENVELOPE: u32 = 2
const LINES: u32 = 3
const STEP: u32 = 4
const AREA: u32 = 5
const PENALISED: u32 = 6
const LAST_RECALL: u32 = 7
const KINDS: u32 = 8

/** Bit i: reading i is wanted. */
let wanted: u32 = 0
/** f64 [R]: recalls as configured, and as the decimals that were meant. */
let recalls: u32 = 0
let decimals: u32 = 0
let R: u32 = 0
/** u32: sets of thresholds, of each of which the mean is wanted. */
let sets: u32 = 0
let setCount: u32 = 0

/** f64, [kind, A, set]; NaN where no class counts. */
let means: u32 = 0
/** f64, of the range at work: for each wanted reading numbers of each class that counts, [T, class, R or 1]. */
let values: u32 = 0
/** u32, [kind, T]: classes that count. */
let counts: u32 = 0
/** f64: numbers in the order in which the reference sums them. */
let flat: u32 = 0
/** f64, of the curve at work: see `Points` in the twin. */
let pointRecalls: u32 = 0
let precisions: u32 = 0
let envelope: u32 = 0
let lastPrecisions: u32 = 0
let startsAtZero: bool = false

function isSampled(kind: u32): bool {
  return kind === REFERENCE || kind === GRID || kind === LINES || kind === PENALISED
}

function widthOf(kind: u32): u32 {
  return isSampled(kind) ? R : 1
}

function isWanted(kind: u32): bool {
  return kind === LAST_RECALL || ((wanted >> kind) & 1) !== 0
}

/** The columns of `recalls` to `sets` follow one another from the address that this returns, 0 for no room. */
export function openReadings(recallCount: u32, readings: u32, thresholdSets: u32): u32 {
  R = recallCount
  wanted = readings
  setCount = thresholdSets
  const numbers = <u64>T * chosenCount
  let width: u64 = 0
  for (let kind: u32 = 0; kind < KINDS; kind++) if (isWanted(kind)) width += widthOf(kind)
  openRegion(walksEnd)
  recalls = take(8 * <u64>R)
  decimals = take(8 * <u64>R)
  sets = take(4 * setCount)
  align()
  means = take(8 * KINDS * A * setCount)
  values = take(8 * numbers * width)
  flat = take(8 * numbers * max(R, 1))
  counts = take(4 * KINDS * T)
  align()
  pointRecalls = take(8 * <u64>strongCount)
  precisions = take(8 * <u64>strongCount)
  envelope = take(8 * <u64>strongCount)
  lastPrecisions = take(8 * <u64>strongCount)
  return closeRegion() ? recalls : 0
}

export function meansOf(firstRange: i32): u32 {
  for (let a = firstRange; a < A; a++) {
    memory.fill(counts, 0, 4 * KINDS * T)
    for (let i: u32 = 0; i < chosenCount; i++) {
      const k = load<u32>(chosen + 4 * i)
      const groundTruths = load<u32>(regular + 4 * (k * A + a))
      open(k, a)
      for (let t = 0; t < T; t++) {
        walk(t)
        read(<f64>groundTruths, t)
      }
    }
    average(a)
  }
  return means
}

/** Reads the curve at work. */
function read(groundTruths: f64, t: u32): void {
  const some = groundTruths > 0
  if (!some && tpTotal + fpTotal === 0) return
  findPoints(groundTruths)
  let column = values
  for (let kind: u32 = 0; kind < KINDS; kind++) {
    if (!isWanted(kind)) continue
    const width = widthOf(kind)
    const own = column
    column += 8 * T * chosenCount * width
    if (!some && kind !== PENALISED) continue
    const slot = counts + 4 * (kind * T + t)
    const at = load<u32>(slot)
    store<u32>(slot, at + 1)
    readKind(kind, groundTruths, own + 8 * width * (t * chosenCount + at))
  }
}

function readKind(kind: u32, groundTruths: f64, out: u32): void {
  if (kind === REFERENCE || kind === PENALISED) samplesOf(recalls, out)
  else if (kind === GRID) samplesOf(decimals, out)
  else if (kind === LINES) linesAt(out)
  else if (kind === ENVELOPE) addSteps(envelope, out)
  else if (kind === STEP) addSteps(precisions, out)
  else if (kind === AREA) addLines(out)
  else store<f64>(out, <f64>tpTotal / groundTruths)
}

function findPoints(groundTruths: f64): void {
  startsAtZero = steps > 0 && load<u32>(fpsBefore) > 0
  const joined = isWanted(LINES) || isWanted(AREA)
  let lastTp: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const tp = <f64>load<u32>(tps + 4 * i)
    const before = <f64>load<u32>(fpsBefore + 4 * i)
    const precision = tp / (<f64>load<u32>(fps + 4 * i) + tp + EPSILON)
    store<f64>(pointRecalls + 8 * i, tp / groundTruths)
    store<f64>(precisions + 8 * i, precision)
    if (joined) {
      const last = lastTp + before > 0 ? lastTp / (before + lastTp + EPSILON) : precision
      store<f64>(lastPrecisions + 8 * i, last)
    }
    lastTp = tp
  }
  let greatest: f64 = 0
  for (let i = <i32>steps - 1; i >= 0; i--) {
    const precision = load<f64>(precisions + 8 * i)
    if (precision > greatest) greatest = precision
    store<f64>(envelope + 8 * i, greatest)
  }
}

function samplesOf(at: u32, out: u32): void {
  let next: u32 = 0
  for (let r: u32 = 0; r < R; r++) {
    const recall = load<f64>(at + 8 * r)
    while (next < steps && load<f64>(pointRecalls + 8 * next) < recall) next++
    store<f64>(out + 8 * r, next < steps ? load<f64>(envelope + 8 * next) : 0)
  }
}

function linesAt(out: u32): void {
  memory.fill(out, 0, 8 * R)
  let next: u32 = 0
  for (let r: u32 = 0; r < R; r++) {
    const recall = load<f64>(recalls + 8 * r)
    if (startsAtZero && next === 0 && recall <= 0) continue
    while (next < steps && load<f64>(pointRecalls + 8 * next) < recall) next++
    if (next === steps) break
    const here = load<f64>(pointRecalls + 8 * next)
    const precision = load<f64>(precisions + 8 * next)
    if ((next === 0 && !startsAtZero) || here === recall) {
      store<f64>(out + 8 * r, precision)
      continue
    }
    const lastRecall: f64 = next > 0 ? load<f64>(pointRecalls + 8 * (next - 1)) : 0
    const lastPrecision = load<f64>(lastPrecisions + 8 * next)
    const share = (recall - lastRecall) / (here - lastRecall)
    store<f64>(out + 8 * r, lastPrecision + share * (precision - lastPrecision))
  }
}

function addSteps(heights: u32, out: u32): void {
  let area: f64 = 0
  let lastRecall: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const recall = load<f64>(pointRecalls + 8 * i)
    area += (recall - lastRecall) * load<f64>(heights + 8 * i)
    lastRecall = recall
  }
  store<f64>(out, area)
}

function addLines(out: u32): void {
  let area: f64 = 0
  let lastRecall: f64 = 0
  for (let i: u32 = 0; i < steps; i++) {
    const recall = load<f64>(pointRecalls + 8 * i)
    const heights = load<f64>(lastPrecisions + 8 * i) + load<f64>(precisions + 8 * i)
    area += ((recall - lastRecall) * heights) / 2
    lastRecall = recall
  }
  store<f64>(out, area)
}

/** Means of the range at work, over each set of thresholds. */
function average(a: i32): void {
  let column = values
  for (let kind: u32 = 0; kind < KINDS; kind++) {
    if (!isWanted(kind)) continue
    for (let set: u32 = 0; set < setCount; set++) {
      const count = flatten(kind, column, load<u32>(sets + 4 * set))
      store<f64>(means + 8 * ((kind * A + a) * setCount + set), count > 0 ? mean(flat, count) : NaN)
    }
    column += 8 * T * chosenCount * widthOf(kind)
  }
}

/** Class by class within each recall, and that within each threshold of `chosenTs`; returns how many numbers. */
function flatten(kind: u32, column: u32, chosenTs: u32): u32 {
  const width = widthOf(kind)
  let to = flat
  for (let t: u32 = 0; t < <u32>T; t++) {
    if (!((chosenTs >> t) & 1)) continue
    const count = load<u32>(counts + 4 * (kind * T + t))
    const from = column + 8 * width * t * chosenCount
    for (let r: u32 = 0; r < width; r++) {
      for (let i: u32 = 0; i < count; i++) {
        store<f64>(to, load<f64>(from + 8 * (i * width + r)))
        to += 8
      }
    }
  }
  return (to - flat) / 8
}
