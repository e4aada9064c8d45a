// Rankings of detections. Twin of src/matching/scene-ranking.ts. Ranges are worked through one after another.
import { at, next, put } from './columns'

/** The rows of the positions in `order` and their categories, and how many each category has, to `counts`. */
export function rankRows(
  from: i32,
  to: i32,
  dtRows: i32,
  order: i32,
  categories: i32,
  rows: i32,
  classes: i32,
  counts: i32,
): void {
  for (let i = from; i < to; i++) {
    const row = at(dtRows, at(order, i))
    const category = at(categories, row)
    put(rows, i, row)
    put(classes, i, category)
    next(counts, category)
  }
}

/** `rows` by their `classes`, each in order; with `scores[row]` if that is not 0. `starts` move on. */
export function groupByCategory(
  from: i32,
  to: i32,
  rows: i32,
  scores: i32,
  classes: i32,
  starts: i32,
  rowsOut: i32,
  scoresOut: i32,
): void {
  for (let i = from; i < to; i++) {
    const place = next(starts, at(classes, i))
    const row = at(rows, i)
    put(rowsOut, place, row)
    if (scores) store<f64>(scoresOut + (place << 3), load<f64>(scores + (row << 3)))
  }
}

/** Of each detection of some cells the position in its cell. */
export function rankInCells(firstCell: i32, endCell: i32, dtOffsets: i32, dtRows: i32, ranks: i32): void {
  for (let cell = firstCell; cell < endCell; cell++) {
    const from = at(dtOffsets, cell)
    const to = at(dtOffsets, cell + 1)
    for (let i = from; i < to; i++) put(ranks, at(dtRows, i), i - from)
  }
}

/** Stretches of equal scores within some cells, from and to, behind the `found` ones; returns how many now. */
export function findTies(
  firstCell: i32,
  endCell: i32,
  dtOffsets: i32,
  scores: i32,
  found: i32,
  out: i32,
): i32 {
  let count = found
  for (let cell = firstCell; cell < endCell; cell++) {
    const end = at(dtOffsets, cell + 1)
    let from = at(dtOffsets, cell)
    while (from < end) {
      const score = load<f64>(scores + (from << 3))
      let to = from + 1
      while (to < end && load<f64>(scores + (to << 3)) === score) to++
      if (to - from > 1) {
        put(out, 2 * count, from)
        put(out, 2 * count + 1, to)
        count++
      }
      from = to
    }
  }
  return count
}
