// A detection's pairs by preference: descending similarity, and on equal similarity the later ground truth first.
// Twin of sortByPreference in src/matching/pairs.ts.

const INSERTION_MAX: u32 = 24

/** Whether similarity `s` with ground truth `g` comes before `similarity` with `gt`. */
function precedes(s: f64, g: i32, similarity: f64, gt: i32): bool {
  return s > similarity || (s === similarity && g > gt)
}

/** Sorts `count` pairs; behind them there is room for as many more. */
export function sortByPreference(similarities: u32, gts: u32, count: u32): void {
  for (let start: u32 = 0; start < count; start += INSERTION_MAX) {
    insertionSort(similarities, gts, start, min(count, start + INSERTION_MAX))
  }
  for (let width = INSERTION_MAX; width < count; width *= 2) {
    for (let start: u32 = 0; start + width < count; start += 2 * width) {
      merge(similarities, gts, start, start + width, min(count, start + 2 * width), count)
    }
  }
}

function insertionSort(similarities: u32, gts: u32, from: u32, to: u32): void {
  for (let i = from + 1; i < to; i++) {
    const similarity = load<f64>(similarities + 8 * i)
    const gt = load<i32>(gts + 4 * i)
    let j = i
    while (j > from) {
      const before = load<f64>(similarities + 8 * (j - 1))
      const gtBefore = load<i32>(gts + 4 * (j - 1))
      if (!precedes(similarity, gt, before, gtBefore)) break
      store<f64>(similarities + 8 * j, before)
      store<i32>(gts + 4 * j, gtBefore)
      j--
    }
    store<f64>(similarities + 8 * j, similarity)
    store<i32>(gts + 4 * j, gt)
  }
}

/** Merges the sorted stretches `from .. middle` and `middle .. to`; there is room from `free` on. */
function merge(similarities: u32, gts: u32, from: u32, middle: u32, to: u32, free: u32): void {
  const count = middle - from
  const scratch = similarities + 8 * free
  const gtScratch = gts + 4 * free
  memory.copy(scratch, similarities + 8 * from, 8 * count)
  memory.copy(gtScratch, gts + 4 * from, 4 * count)
  let left: u32 = 0
  let right = middle
  let out = from
  while (left < count) {
    let similarity = load<f64>(scratch + 8 * left)
    let gt = load<i32>(gtScratch + 4 * left)
    if (right < to) {
      const other = load<f64>(similarities + 8 * right)
      const otherGt = load<i32>(gts + 4 * right)
      if (precedes(other, otherGt, similarity, gt)) {
        similarity = other
        gt = otherGt
        right++
      } else left++
    } else left++
    store<f64>(similarities + 8 * out, similarity)
    store<i32>(gts + 4 * out, gt)
    out++
  }
}
