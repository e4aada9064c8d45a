// Pairs of a scene. Twin of src/matching/scene-pairs.ts, and of the best overlaps in src/matching/scene-index.ts.
import { at, put } from './columns'

/** Pairs of a detection are `offsets[d] .. offsets[d + 1]`. */
let offsets: i32 = 0
let gts: i32 = 0
let similarities: i32 = 0
let dtCategories: i32 = 0
let gtCategories: i32 = 0
/** Whether a cell has all categories. */
let agnostic: bool = false

/** Pairs that `keepOwn` left, detections that have some of them, and the next pair that it looks at. */
export let ownPairs: i32 = 0
export let ownDts: i32 = 0
let nextPair: i32 = 0

export function usePairs(
  offsetsAt: i32,
  gtsAt: i32,
  similaritiesAt: i32,
  dtCategoriesAt: i32,
  gtCategoriesAt: i32,
  isAgnostic: bool,
): void {
  offsets = offsetsAt
  gts = gtsAt
  similarities = similaritiesAt
  dtCategories = dtCategoriesAt
  gtCategories = gtCategoriesAt
  agnostic = isAgnostic
  ownPairs = 0
  ownDts = 0
  nextPair = 0
}

/** Leaves of the pairs of some more detections those within a cell, moved together behind those before. */
export function keepOwn(firstDt: i32, endDt: i32): void {
  for (let d = firstDt; d < endDt; d++) {
    const first = ownPairs
    const end = at(offsets, d + 1)
    const category = at(dtCategories, d)
    for (; nextPair < end; nextPair++) {
      const gt = at(gts, nextPair)
      if (!agnostic && at(gtCategories, gt) !== category) continue
      put(gts, ownPairs, gt)
      store<f64>(similarities + (ownPairs << 3), load<f64>(similarities + (nextPair << 3)))
      ownPairs++
    }
    put(offsets, d + 1, ownPairs)
    if (ownPairs > first) ownDts++
  }
}

/**
 * Puts the pairs of `dtRows` from .. to, after `keepOwn`, behind those of the `live` detections before; returns how
 * many detections have some now.
 * Equal similarities: by the boxes of the ground truths, then file order; where `boxes` is 0 by descending category,
 * then row. `offsetsOut` begins with 0.
 */
export function collect(
  from: i32,
  to: i32,
  live: i32,
  dtRows: i32,
  boxes: i32,
  rowsOut: i32,
  offsetsOut: i32,
  gtsOut: i32,
  similaritiesOut: i32,
): i32 {
  let end = at(offsetsOut, live)
  for (let i = from; i < to; i++) {
    const d = at(dtRows, i)
    const last = at(offsets, d + 1)
    const first = end
    for (let pair = at(offsets, d); pair < last; pair++) {
      insert(at(gts, pair), pair, boxes, first, end++, gtsOut, similaritiesOut)
    }
    if (end === first) continue
    put(rowsOut, live++, d)
    put(offsetsOut, live, end)
  }
  return live
}

/** Puts a pair behind those of its detection from `first` on, before those of equal similarity that it precedes. */
function insert(
  gt: i32,
  pair: i32,
  boxes: i32,
  first: i32,
  end: i32,
  gtsOut: i32,
  similaritiesOut: i32,
): void {
  const similarity = load<f64>(similarities + (pair << 3))
  let place = end
  store<f64>(similaritiesOut + (place << 3), similarity)
  while (
    place > first &&
    load<f64>(similaritiesOut + ((place - 1) << 3)) === similarity &&
    precedes(gt, at(gtsOut, place - 1), boxes)
  ) {
    put(gtsOut, place, at(gtsOut, place - 1))
    place--
  }
  put(gtsOut, place, gt)
}

/** Instead of the address of boxes: the later position first. */
const BY_POSITION: i32 = -1

/** `boxes` 0: by descending category, then row. */
export function precedes(one: i32, other: i32, boxes: i32): bool {
  if (boxes === BY_POSITION) return one > other
  if (!boxes) {
    const category = at(gtCategories, one)
    const otherCategory = at(gtCategories, other)
    return category === otherCategory ? one > other : category > otherCategory
  }
  for (let side = 0; side < 4; side++) {
    const difference =
      load<f64>(boxes + (((one << 2) + side) << 3)) - load<f64>(boxes + (((other << 2) + side) << 3))
    if (isNaN(difference)) break // both are infinite
    if (difference !== 0) return difference < 0
  }
  return one < other
}

/**
 * The pairs of `dtRows` from .. to, after `keepOwn`, behind those before: the ground truths as `positions` (i32, [ground
 * truth]) has them, equal similarities by descending position. `offsetsOut` has one entry a detection and begins with 0.
 */
export function pickPairs(
  from: i32,
  to: i32,
  dtRows: i32,
  positions: i32,
  offsetsOut: i32,
  gtsOut: i32,
  similaritiesOut: i32,
): void {
  let end = at(offsetsOut, from)
  for (let i = from; i < to; i++) {
    const d = at(dtRows, i)
    const last = at(offsets, d + 1)
    const first = end
    for (let pair = at(offsets, d); pair < last; pair++) {
      insert(at(positions, at(gts, pair)), pair, BY_POSITION, first, end++, gtsOut, similaritiesOut)
    }
    put(offsetsOut, i + 1, end)
  }
}

/** The most similar partners that `ignores` (u8, [ground truth]) leaves: come rows as -1, similarities as 0. */
export function findBest(
  firstDt: i32,
  endDt: i32,
  ignores: i32,
  gtOfDt: i32,
  dtSimilarities: i32,
  dtOfGt: i32,
  gtSimilarities: i32,
): void {
  for (let d = firstDt; d < endDt; d++) {
    const last = at(offsets, d + 1)
    let best = -1
    for (let pair = at(offsets, d); pair < last; pair++) {
      const g = at(gts, pair)
      if (load<u8>(ignores + g) === 1) continue
      const similarity = load<f64>(similarities + (pair << 3))
      if (best < 0) {
        best = g
        store<f64>(dtSimilarities + (d << 3), similarity)
      }
      if (similarity > load<f64>(gtSimilarities + (g << 3))) {
        put(dtOfGt, g, d)
        store<f64>(gtSimilarities + (g << 3), similarity)
      }
    }
    put(gtOfDt, d, best)
  }
}
