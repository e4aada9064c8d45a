// AssemblyScript: what findings count at an operating point. Twin of src/metrics/finding-rows.ts, of
// src/metrics/kind-counts.ts with the kinds of src/metrics/fates.ts, `countByKey` in src/metrics/keyed-counts.ts and
// src/metrics/score-sums.ts, where the rules stand.
//
// Arguments are addresses of columns (32 bits, similarities, scores and areas float64, outcomes and kinds bytes) and
// ranges of rows.
const TP: u8 = 0
const FP: u8 = 1
const IGNORED: u8 = 2
const CUT: u8 = 3
const FN: u8 = 4
const MISS: u8 = 2
const BACKGROUND: f64 = 0.1

/** Kinds of false positives and of misses: the order of `FALSE_KINDS` and `MISS_KINDS` in src/metrics/kind-counts.ts. */
const LOCALISATION: u8 = 0
const CLASS_CONFUSION: u8 = 1
const DUPLICATE: u8 = 2
const CONFUSED_AND_LOOSE: u8 = 3
const ON_BACKGROUND: u8 = 4
const FALSE_OTHER: u8 = 5
const BELOW_SCORE: u8 = 0
const BEYOND_CAP: u8 = 1
const TAKEN: u8 = 2
const OTHER_CLASS: u8 = 3
const LOW_IOU: u8 = 4
const NOTHING_NEAR: u8 = 5
const MISS_OTHER: u8 = 6

/** What lies on a ground truth or near it: bits of its byte. */
const KEPT_ON_IT: u8 = 1
const ON_IT: u8 = 2
const CUT_ON_IT: u8 = 4
const OTHER_ON_IT: u8 = 8
const NEAR: u8 = 16

let cut: f64 = 0
let isStrict: bool = false
/** The least similarity that reaches the IoU threshold. */
let least: f64 = 0
let isAgnostic: bool = false
let imageCount: u32 = 0
/** px, of the size range at hand; its upper end belongs to it where it is closed. */
let lo: f64 = 0
let hi: f64 = 0
let isClosed: bool = false

/** Memory from here on is the host's. */
export const freeFrom: usize = __heap_base

export function open(score: f64, strict: bool, threshold: f64, classAgnostic: bool, images: u32): void {
  cut = score
  isStrict = strict
  least = threshold
  isAgnostic = classAgnostic
  imageCount = images
}

export function openRange(from: f64, to: f64, closed: bool): void {
  lo = from
  hi = to
  isClosed = closed
}

function word(column: usize, i: u32): u32 {
  return load<u32>(column + ((<usize>i) << 2))
}

function real(column: usize, i: u32): f64 {
  return load<f64>(column + ((<usize>i) << 3))
}

function put(column: usize, i: u32, value: u32): void {
  store<u32>(column + ((<usize>i) << 2), value)
}

function add(counts: usize, i: u32): void {
  put(counts, i, word(counts, i) + 1)
}

function isKept(score: f64): bool {
  return isStrict ? score > cut : score >= cut
}

function inSize(area: f64): bool {
  return area >= lo && (isClosed ? area <= hi : area < hi)
}

/** Puts the detections from .. to that are kept behind the first `end`; returns how many there are then. */
export function keep(
  from: u32,
  to: u32,
  end: u32,
  scores: usize,
  images: usize,
  positions: usize,
  dtOutcomes: usize,
  gtOfDt: usize,
  gtAreas: usize,
  dtAreas: usize,
  rows: usize,
  places: usize,
  outcomes: usize,
  areas: usize,
): u32 {
  let count = end
  for (let d = from; d < to; d++) {
    if (!isKept(real(scores, d))) continue
    const outcome = load<u8>(dtOutcomes + d)
    put(rows, count, d)
    put(places, count, word(positions, word(images, d)))
    store<u8>(outcomes + count, outcome)
    const area = outcome === TP ? real(gtAreas, word(gtOfDt, d)) : real(dtAreas, d)
    store<f64>(areas + ((<usize>count) << 3), area)
    count++
  }
  return count
}

/** Puts those of one outcome behind the first `end`; returns how many there are then. */
export function pick(
  from: u32,
  to: u32,
  end: u32,
  outcome: u8,
  rows: usize,
  places: usize,
  outcomes: usize,
  rowsOut: usize,
  placesOut: usize,
): u32 {
  let count = end
  for (let i = from; i < to; i++) {
    if (load<u8>(outcomes + i) !== outcome) continue
    put(rowsOut, count, word(rows, i))
    put(placesOut, count++, word(places, i))
  }
  return count
}

/** Puts the ground truths from .. to that are missed behind the first `end`; returns how many there are then. */
export function miss(
  from: u32,
  to: u32,
  end: u32,
  gtOutcomes: usize,
  dtOfGt: usize,
  scores: usize,
  images: usize,
  positions: usize,
  rows: usize,
  places: usize,
): u32 {
  let count = end
  for (let g = from; g < to; g++) {
    const outcome = load<u8>(gtOutcomes + g)
    if (outcome === IGNORED || (outcome !== FN && isKept(real(scores, word(dtOfGt, g))))) continue
    put(rows, count, g)
    put(places, count++, word(positions, word(images, g)))
  }
  return count
}

export function tally(from: u32, to: u32, places: usize, counts: usize): void {
  for (let i = from; i < to; i++) add(counts, word(places, i))
}

/** `ownOutcomes` 0: those of the whole are told apart by the range. Returns how many lie outside. */
export function countKept(
  from: u32,
  to: u32,
  rows: usize,
  places: usize,
  outcomes: usize,
  areas: usize,
  ownOutcomes: usize,
  inside: usize,
  outside: usize,
): u32 {
  let count: u32 = 0
  for (let i = from; i < to; i++) {
    const outcome = load<u8>(outcomes + i)
    const place = word(places, i)
    const isInside = outcome <= FP && inSize(real(areas, i))
    if (outcome <= FP && !isInside) {
      add(outside, outcome * imageCount + place)
      count++
    }
    const own = ownOutcomes ? load<u8>(ownOutcomes + word(rows, i)) : isInside ? outcome : IGNORED
    if (own <= FP) add(inside, own * imageCount + place)
  }
  return count
}

/** `inside` 0: those are found elsewhere. Returns how many lie outside. */
export function countMissed(
  from: u32,
  to: u32,
  rows: usize,
  places: usize,
  gtAreas: usize,
  inside: usize,
  outside: usize,
): u32 {
  let count: u32 = 0
  for (let i = from; i < to; i++) {
    const at = MISS * imageCount + word(places, i)
    if (!inSize(real(gtAreas, word(rows, i)))) {
      add(outside, at)
      count++
    } else if (inside) add(inside, at)
  }
  return count
}

/** Similarity of each true positive with its ground truth. */
export function overlap(
  from: u32,
  to: u32,
  rows: usize,
  gtOfDt: usize,
  offsets: usize,
  gts: usize,
  similarities: usize,
  out: usize,
): void {
  for (let i = from; i < to; i++) {
    const d = word(rows, i)
    const g = word(gtOfDt, d)
    const end = word(offsets, d + 1)
    let pair = word(offsets, d)
    while (pair < end && word(gts, pair) !== g) pair++
    store<f64>(out + ((<usize>i) << 3), pair < end ? real(similarities, pair) : 0)
  }
}

/** The kind of each false positive, which are counted by kind and image, too. */
export function explainFalse(
  from: u32,
  to: u32,
  rows: usize,
  places: usize,
  gtOfDt: usize,
  dtOfGt: usize,
  dtCategories: usize,
  gtCategories: usize,
  gtIgnores: usize,
  offsets: usize,
  gts: usize,
  similarities: usize,
  kinds: usize,
  counts: usize,
): void {
  for (let i = from; i < to; i++) {
    const d = word(rows, i)
    let kind = FALSE_OTHER
    if (<i32>word(gtOfDt, d) < 0) {
      const category = word(dtCategories, d)
      const end = word(offsets, d + 1)
      let same: i32 = -1
      let other: i32 = -1
      for (let pair = word(offsets, d); pair < end && (same < 0 || other < 0); pair++) {
        const g = word(gts, pair)
        if (load<u8>(gtIgnores + g) === 1) continue
        if (isAgnostic || word(gtCategories, g) === category) {
          if (same < 0) same = pair
        } else if (other < 0) other = pair
      }
      kind = falseKind(same, other, dtOfGt, gts, similarities)
    }
    store<u8>(kinds + i, kind)
    add(counts, kind * imageCount + word(places, i))
  }
}

function falseKind(same: i32, other: i32, dtOfGt: usize, gts: usize, similarities: usize): u8 {
  const own = same < 0 ? 0 : real(similarities, same)
  const foreign = other < 0 ? 0 : real(similarities, other)
  const isTaken = own >= least && same >= 0 && <i32>word(dtOfGt, word(gts, same)) >= 0
  if (own >= BACKGROUND && !isTaken) return LOCALISATION
  if (foreign >= least) return CLASS_CONFUSION
  if (isTaken) return DUPLICATE
  return foreign > BACKGROUND ? CONFUSED_AND_LOOSE : ON_BACKGROUND
}

/** Marks the images (rows of Images) of the ground truths from .. to that no detection took. */
export function markImages(from: u32, to: u32, gtOutcomes: usize, images: usize, marks: usize): void {
  for (let g = from; g < to; g++) if (load<u8>(gtOutcomes + g) === FN) store<u8>(marks + word(images, g), 1)
}

/**
 * Notes what the detections from .. to, of images that are marked, are to the ground truths that none took: bits, and the greatest similarity that
 * lies on each with its class (`best`), of equal ones the first.
 */
export function court(
  from: u32,
  to: u32,
  scores: usize,
  dtOutcomes: usize,
  dtCategories: usize,
  gtOutcomes: usize,
  gtCategories: usize,
  images: usize,
  marks: usize,
  offsets: usize,
  gts: usize,
  similarities: usize,
  bits: usize,
  best: usize,
): void {
  for (let d = from; d < to; d++) {
    if (load<u8>(marks + word(images, d)) === 0) continue
    const end = word(offsets, d + 1)
    for (let pair = word(offsets, d); pair < end; pair++) {
      const g = word(gts, pair)
      if (load<u8>(gtOutcomes + g) !== FN) continue
      const similarity = real(similarities, pair)
      const kept = isKept(real(scores, d))
      const same = isAgnostic || word(dtCategories, d) === word(gtCategories, g)
      let found = load<u8>(bits + g)
      if (similarity >= BACKGROUND && (kept || same)) found |= NEAR
      if (similarity >= least) {
        if (kept) found |= OTHER_ON_IT
        if (same) {
          const isCut = load<u8>(dtOutcomes + d) === CUT
          if (kept && !isCut) found |= KEPT_ON_IT
          if (!(found & ON_IT) || similarity > real(best, g)) {
            found = (found & ~CUT_ON_IT) | ON_IT | (isCut ? CUT_ON_IT : 0)
            store<f64>(best + ((<usize>g) << 3), similarity)
          }
        }
      }
      store<u8>(bits + g, found)
    }
  }
}

/** The kind of each miss, which are counted by kind and image, too. */
export function explainMissed(
  from: u32,
  to: u32,
  rows: usize,
  places: usize,
  gtOutcomes: usize,
  dtOfGt: usize,
  bits: usize,
  kinds: usize,
  counts: usize,
): void {
  for (let i = from; i < to; i++) {
    const g = word(rows, i)
    let kind = MISS_OTHER
    if (load<u8>(gtOutcomes + g) === TP) kind = BELOW_SCORE
    else if (<i32>word(dtOfGt, g) < 0) kind = missKind(load<u8>(bits + g))
    store<u8>(kinds + i, kind)
    add(counts, kind * imageCount + word(places, i))
  }
}

function missKind(found: u8): u8 {
  if (found & KEPT_ON_IT) return TAKEN
  if (found & ON_IT) return found & CUT_ON_IT ? BEYOND_CAP : TAKEN
  if (found & OTHER_ON_IT) return OTHER_CLASS
  return found & NEAR ? LOW_IOU : NOTHING_NEAR
}

/** Puts those with a value below a bound behind the first `end`; returns how many there are then. */
export function below(
  from: u32,
  to: u32,
  end: u32,
  bound: f64,
  values: usize,
  rows: usize,
  places: usize,
  rowsOut: usize,
  placesOut: usize,
): u32 {
  let count = end
  for (let i = from; i < to; i++) {
    if (!(real(values, i) < bound)) continue
    put(rowsOut, count, word(rows, i))
    put(placesOut, count++, word(places, i))
  }
  return count
}

export function countKeys(from: u32, to: u32, rows: usize, categories: usize, counts: usize): void {
  for (let i = from; i < to; i++) add(counts, word(categories, word(rows, i)))
}

/** Places by key: those of key k go to `ends[k]` and on, which moves. */
export function sortPlaces(
  from: u32,
  to: u32,
  rows: usize,
  places: usize,
  categories: usize,
  ends: usize,
  sorted: usize,
): void {
  for (let i = from; i < to; i++) {
    const key = word(categories, word(rows, i))
    const at = word(ends, key)
    put(ends, key, at + 1)
    put(sorted, at, word(places, i))
  }
}

/** Entries by key of places that end at `ends`; returns how many. `scratch`, by image, is all 0, and so it is left. */
export function collect(
  keyCount: u32,
  ends: usize,
  sorted: usize,
  scratch: usize,
  offsets: usize,
  images: usize,
  values: usize,
): u32 {
  let first: u32 = 0
  let count: u32 = 0
  for (let key: u32 = 0; key < keyCount; key++) {
    const end = word(ends, key)
    for (let i = first; i < end; i++) add(scratch, word(sorted, i))
    for (; first < end; first++) {
      const place = word(sorted, first)
      const here = word(scratch, place)
      if (here === 0) continue
      put(scratch, place, 0)
      put(images, count, place)
      store<f64>(values + ((<usize>count) << 3), <f64>here)
      count++
    }
    put(offsets, key + 1, count)
  }
  return count
}

/** The outcome and the place of each of the ranks from .. to, whose detections are `rows`. */
export function placeRanks(
  from: u32,
  to: u32,
  rows: usize,
  dtOutcomes: usize,
  images: usize,
  positions: usize,
  outcomes: usize,
  places: usize,
): void {
  for (let i = from; i < to; i++) {
    const d = word(rows, i)
    store<u8>(outcomes + i, load<u8>(dtOutcomes + d))
    put(places, i, word(positions, word(images, d)))
  }
}

/** Adds the scores of one outcome to `sums` (float64), by place; returns 1 where one of them lies outside of 0 .. 1. */
export function addScores(
  from: u32,
  to: u32,
  outcome: u8,
  scores: usize,
  outcomes: usize,
  places: usize,
  sums: usize,
): i32 {
  let isBeyond = 0
  for (let i = from; i < to; i++) {
    if (load<u8>(outcomes + i) !== outcome) continue
    const score = real(scores, i)
    if (!(score >= 0 && score <= 1)) isBeyond = 1
    const at = sums + ((<usize>word(places, i)) << 3)
    store<f64>(at, load<f64>(at) + score)
  }
  return isBeyond
}

/** Moves the sums other than 0 behind the first `length` entries, in the order of the ranks; returns how many then. */
export function takeScores(
  from: u32,
  to: u32,
  length: u32,
  outcome: u8,
  outcomes: usize,
  places: usize,
  sums: usize,
  images: usize,
  values: usize,
): u32 {
  let count = length
  for (let i = from; i < to; i++) {
    if (load<u8>(outcomes + i) !== outcome) continue
    const place = word(places, i)
    const sum = real(sums, place)
    if (sum === 0) continue
    put(images, count, place)
    store<f64>(values + ((<usize>count) << 3), sum)
    store<f64>(sums + ((<usize>place) << 3), 0)
    count++
  }
  return count
}
