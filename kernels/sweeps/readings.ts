// Readings of the reference's curves, and their means. Twin of src/metrics/ap-readings.ts, but that numbers lie at once
// in the order in which they are summed.
import { align, closeRegion, openRegion, take } from '../categories/memory'
import { mean } from './mean'
import {
  addLines,
  addSteps,
  envelope,
  findPoints,
  findRecalls,
  linesAt,
  needed,
  neededDecimals,
  precisions,
  R,
  recalls,
  samplesOf,
  takeGrid,
  takePoints,
} from './points'
import { chosen, chosenCount, regular } from './ranking'
import { A, T } from './scene'
import { fpTotal, open, tpTotal, walk, walksEnd } from './walks'

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
/** u32: sets of thresholds, of each of which the mean is wanted. */
let sets: u32 = 0
let setCount: u32 = 0

/** f64, [kind, A, set]; NaN where no class counts. */
let means: u32 = 0
/** f64, of the range at work: for each reading that is read its numbers, [T, R or 1, class with ground truths]. */
let values: u32 = 0
/** u8, [T, class]: COUNTED with ground truths, FALSE without but with false positives; whether there is one of these. */
let states: u32 = 0
let hasFalse: bool = false
const COUNTED: u8 = 1
const FALSE: u8 = 2
/** Classes with ground truths in the range at work. */
let counted: u32 = 0
/** f64: numbers of some thresholds. */
let flat: u32 = 0

function isSampled(kind: u32): bool {
  return kind === REFERENCE || kind === GRID || kind === LINES
}

function widthOf(kind: u32): u32 {
  return isSampled(kind) ? R : 1
}

/** Whether it has numbers of its own: those of PENALISED are the reference's, and zeros. */
function isRead(kind: u32): bool {
  if (kind === REFERENCE && isWanted(PENALISED)) return true
  return kind !== PENALISED && isWanted(kind)
}

function isWanted(kind: u32): bool {
  return kind === LAST_RECALL || ((wanted >> kind) & 1) !== 0
}

/** Numbers that the readings before one have of a curve. */
function widthBefore(kind: u32): u32 {
  let width: u32 = 0
  for (let each: u32 = 0; each < kind; each++) if (isRead(each)) width += widthOf(each)
  return width
}

function columnOf(kind: u32): u32 {
  return values + 8 * T * chosenCount * widthBefore(kind)
}

/** The columns of `recalls` to `sets` follow one another from the address that this returns, 0 for no room. */
export function openReadings(recallCount: u32, readings: u32, thresholdSets: u32): u32 {
  wanted = readings
  setCount = thresholdSets
  const numbers = <u64>T * chosenCount
  openRegion(walksEnd)
  takeGrid(recallCount)
  sets = take(4 * setCount)
  align()
  means = take(8 * KINDS * A * setCount)
  values = take(8 * numbers * widthBefore(KINDS))
  flat = take(8 * numbers * max(R, 1))
  states = take(numbers)
  align()
  takePoints()
  return closeRegion() ? recalls : 0
}

export function meansOf(firstRange: i32): u32 {
  for (let a = firstRange; a < A; a++) {
    findCounted(a)
    let at: u32 = 0
    for (let i: u32 = 0; i < chosenCount; i++) {
      const k = load<u32>(chosen + 4 * i)
      const groundTruths = load<u32>(regular + 4 * (k * A + a))
      if (groundTruths === 0 && !isWanted(PENALISED)) continue
      walk(k, 1 << a)
      if (groundTruths === 0) {
        findFalse(a, i)
        continue
      }
      findRecalls(groundTruths, isWanted(GRID))
      for (let t = 0; t < T; t++) {
        open(a, t)
        read(<f64>groundTruths, t, at)
      }
      at++
    }
    average(a)
  }
  return means
}

function findCounted(a: i32): void {
  counted = 0
  hasFalse = false
  memory.fill(states, 0, T * chosenCount)
  for (let i: u32 = 0; i < chosenCount; i++) {
    const k = load<u32>(chosen + 4 * i)
    if (load<u32>(regular + 4 * (k * A + a)) === 0) continue
    counted++
    for (let t = 0; t < T; t++) store<u8>(states + t * chosenCount + i, COUNTED)
  }
}

/** Class i, without ground truths. */
function findFalse(a: i32, i: u32): void {
  for (let t = 0; t < T; t++) {
    open(a, t)
    if (fpTotal === 0) continue
    store<u8>(states + t * chosenCount + i, FALSE)
    hasFalse = true
  }
}

/** Reads the curve at work, of the class that is number `i` of those that count. */
function read(groundTruths: f64, t: u32, i: u32): void {
  findPoints(isWanted(LINES) || isWanted(AREA))
  for (let kind: u32 = 0; kind < KINDS; kind++) {
    if (isRead(kind)) readKind(kind, groundTruths, columnOf(kind) + 8 * (t * widthOf(kind) * counted + i))
  }
}

function readKind(kind: u32, groundTruths: f64, out: u32): void {
  if (kind === REFERENCE) samplesOf(needed, out, 8 * counted)
  else if (kind === GRID) samplesOf(neededDecimals, out, 8 * counted)
  else if (kind === LINES) linesAt(out, 8 * counted)
  else if (kind === ENVELOPE) addSteps(envelope, out)
  else if (kind === STEP) addSteps(precisions, out)
  else if (kind === AREA) addLines(out)
  else store<f64>(out, <f64>tpTotal / groundTruths)
}

/** Means of the range at work, over each set of thresholds. */
function average(a: i32): void {
  for (let kind: u32 = 0; kind < KINDS; kind++) {
    if (!isWanted(kind)) continue
    for (let set: u32 = 0; set < setCount; set++) {
      const to = means + 8 * ((kind * A + a) * setCount + set)
      store<f64>(to, meanOf(kind, load<u32>(sets + 4 * set)))
    }
  }
}

/** Over the thresholds that are bits of `chosenTs`; NaN where no class counts. */
function meanOf(kind: u32, chosenTs: u32): f64 {
  if (kind === PENALISED) {
    if (hasFalse) return penalisedMean(chosenTs)
    kind = REFERENCE
  }
  const length = widthOf(kind) * counted
  const column = columnOf(kind)
  if (chosenTs === <u32>-1 >> (32 - T)) return length > 0 ? mean(column, T * length) : NaN
  let count: u32 = 0
  for (let t = 0; t < T; t++) {
    if (!((chosenTs >> t) & 1)) continue
    memory.copy(flat + 8 * count, column + 8 * length * t, 8 * length)
    count += length
  }
  return count > 0 ? mean(flat, count) : NaN
}

/** The reference's samples, and 0 for classes that have nothing but false positives. */
function penalisedMean(chosenTs: u32): f64 {
  let from = columnOf(REFERENCE)
  let to = flat
  for (let t = 0; t < T; t++) {
    const isChosen = ((chosenTs >> t) & 1) !== 0
    for (let r: u32 = 0; r < R; r++) {
      for (let i: u32 = 0; i < chosenCount; i++) {
        const state = load<u8>(states + t * chosenCount + i)
        if (isChosen && state !== 0) {
          store<f64>(to, state === COUNTED ? load<f64>(from) : 0)
          to += 8
        }
        if (state === COUNTED) from += 8
      }
    }
  }
  return to > flat ? mean(flat, (to - flat) / 8) : NaN
}
