// Equal scores ordered by what the detections are. Twin of `orderTies` in src/matching/scene-ranking.ts and of
// src/matching/live-order.ts, where the rules stand.
import { at, put } from './columns'
import { precedes } from './pairs'

/** Of a detection, f64: its best similarity, x, y, width, height. */
const KEY_BYTES = 40
const BEST = 0

/** Detections of the ties before, and how many ties had some that moved. */
let tied: i32 = 0
let moved: i32 = 0

export function openTies(): void {
  tied = 0
  moved = 0
}

/**
 * Orders the detections of some of the `ties` (from and to, positions in `dtRows`) by `keys`, [detection of a tie].
 * Those in which some move come behind the ones before to `out`; returns how many now. `scratch` is three columns of
 * `longest` rows.
 */
export function sortTies(
  from: i32,
  to: i32,
  ties: i32,
  keys: i32,
  dtRows: i32,
  scratch: i32,
  longest: i32,
  out: i32,
): i32 {
  for (let tie = from; tie < to; tie++) {
    const first = at(ties, 2 * tie)
    const end = at(ties, 2 * tie + 1)
    if (sortTie(end - first, keys + KEY_BYTES * tied, dtRows + (first << 2), scratch, longest)) {
      put(out, 2 * moved, first)
      put(out, 2 * moved + 1, end)
      moved++
    }
    tied += end - first
  }
  return moved
}

/** Merges longer and longer runs; returns whether any row has moved. */
function sortTie(count: i32, keys: i32, rows: i32, scratch: i32, longest: i32): bool {
  let order = scratch
  let merged = scratch + (longest << 2)
  const before = merged + (longest << 2)
  for (let i = 0; i < count; i++) put(order, i, i)
  for (let width = 1; width < count; width <<= 1) {
    for (let first = 0; first < count; first += 2 * width) {
      merge(order, merged, first, min(first + width, count), min(first + 2 * width, count), keys, rows)
    }
    const done = merged
    merged = order
    order = done
  }
  memory.copy(before, rows, (<usize>count) << 2)
  let isMoved = false
  for (let i = 0; i < count; i++) {
    const from = at(order, i)
    if (from !== i) isMoved = true
    put(rows, i, at(before, from))
  }
  return isMoved
}

/** The runs first .. middle and middle .. end as one. */
function merge(order: i32, merged: i32, first: i32, middle: i32, end: i32, keys: i32, rows: i32): void {
  let left = first
  let right = middle
  for (let i = first; i < end; i++) {
    const isRight =
      left === middle || (right < end && comesBefore(at(order, right), at(order, left), keys, rows))
    put(merged, i, at(order, isRight ? right++ : left++))
  }
}

function comesBefore(one: i32, other: i32, keys: i32, rows: i32): bool {
  const key = keys + KEY_BYTES * one
  const otherKey = keys + KEY_BYTES * other
  const best = load<f64>(key, BEST)
  const otherBest = load<f64>(otherKey, BEST)
  if (best !== otherBest) return best > otherBest
  for (let side = 8; side < KEY_BYTES; side += 8) {
    const difference = load<f64>(key + side) - load<f64>(otherKey + side)
    if (isNaN(difference)) break // both are infinite
    if (difference !== 0) return difference < 0
  }
  return at(rows, one) < at(rows, other)
}

/** The live detections before the stretch at hand, and its position in `dtRows`. */
let live: i32 = 0
let position: i32 = 0

export function openReorder(): void {
  live = 0
  position = 0
}

/**
 * Puts the live detections of some `stretches` (from and to, positions in `dtRows`), with their pairs, in the order of
 * `dtRows`. The outputs come as copies of the `count` known ones, `places` (u32, [detection]) as zeros.
 */
export function reorder(
  firstStretch: i32,
  endStretch: i32,
  stretches: i32,
  dtRows: i32,
  places: i32,
  count: i32,
  rows: i32,
  offsets: i32,
  gts: i32,
  similarities: i32,
  rowsOut: i32,
  offsetsOut: i32,
  gtsOut: i32,
  similaritiesOut: i32,
): void {
  for (let stretch = firstStretch; stretch < endStretch; stretch++) {
    const from = at(stretches, 2 * stretch)
    const to = at(stretches, 2 * stretch + 1)
    for (; position < from && live < count; position++) if (at(rows, live) === at(dtRows, position)) live++
    for (position = from; position < to; position++) put(places, at(dtRows, position), -1)
    // Of the detections in stretches: -1 without pairs, else its place among the live ones, from 1.
    const first = live
    while (live < count && at(places, at(rows, live)) === -1) put(places, at(rows, live), ++live)
    if (live - first < 2) continue
    let next = first
    let end = at(offsets, first)
    for (let i = from; i < to; i++) {
      const d = at(dtRows, i)
      const place = at(places, d) - 1
      if (place < 0) continue
      const pair = at(offsets, place)
      const pairs = at(offsets, place + 1) - pair
      memory.copy(gtsOut + (end << 2), gts + (pair << 2), (<usize>pairs) << 2)
      memory.copy(similaritiesOut + (end << 3), similarities + (pair << 3), (<usize>pairs) << 3)
      end += pairs
      put(rowsOut, next++, d)
      put(offsetsOut, next, end)
    }
  }
}

/** Orders the equally similar ground truths of some live detections by their boxes, then file order. */
export function orderEqual(from: i32, to: i32, offsets: i32, gts: i32, similarities: i32, boxes: i32): void {
  let pair = at(offsets, from)
  for (let i = from; i < to; i++) {
    const first = pair
    const end = at(offsets, i + 1)
    for (; pair < end; pair++) {
      const similarity = load<f64>(similarities + (pair << 3))
      let place = pair
      const gt = at(gts, pair)
      while (
        place > first &&
        load<f64>(similarities + ((place - 1) << 3)) === similarity &&
        precedes(gt, at(gts, place - 1), boxes)
      ) {
        put(gts, place, at(gts, place - 1))
        place--
      }
      if (place < pair) put(gts, place, gt)
    }
  }
}
