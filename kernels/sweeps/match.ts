// Greedy matching of a scene at all thresholds at once. Twin of src/matching/scene-sweep.ts.
import {
  A,
  ascending,
  dtAreas,
  dtBits,
  dtCount,
  ENDLESS,
  fallbackBits,
  fallbacks,
  fates,
  gtAreas,
  gtBits,
  gtCount,
  gtFlags,
  his,
  IRREGULAR,
  liveCount,
  liveOffsets,
  liveRows,
  los,
  NO_MATCH,
  pairGts,
  positions,
  ranks,
  reachedBits,
  similarities,
  strongGts,
  strongOffsets,
  strongReached,
  strongRows,
  T,
  taken,
} from './scene'

/** Detections that reach a threshold. */
export let strongCount: u32 = 0

/** Bits of the ranges in which each ground truth counts. */
export function findGtBits(closed: bool, once: bool): void {
  findRanges(gtAreas, gtCount, gtBits, closed)
  for (let g: u32 = 0; g < gtCount; g++) {
    const bits = load<u32>(gtBits + 4 * g)
    const isRegular = (load<u8>(gtFlags + g) & IRREGULAR) === 0
    if (!isRegular || (once && (bits & 1) === 0)) store<u32>(gtBits + 4 * g, 0)
  }
}

/** Bits of the ranges in which each detection counts. */
export function findDtBits(closed: bool, once: bool, cap: u32): void {
  findRanges(dtAreas, dtCount, dtBits, closed)
  for (let d: u32 = 0; d < dtCount; d++) {
    const isOut = once && (load<u32>(dtBits + 4 * d) & 1) === 0
    if (isOut || load<u32>(ranks + 4 * d) >= cap) store<u32>(dtBits + 4 * d, 0)
  }
}

/** Some at a time, which stay in the cache for all ranges; without a branch that no one can predict. */
function findRanges(areas: u32, count: u32, bits: u32, closed: bool): void {
  memory.fill(bits, 0, 4 * count)
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const to = min(count, from + BLOCK)
    for (let a = 0; a < A; a++) findRange(a, areas, bits, from, to, closed)
  }
}

const BLOCK: u32 = 1024

function findRange(a: i32, areas: u32, bits: u32, from: u32, to: u32, closed: bool): void {
  const lo = load<f64>(los + 8 * a)
  const hi = load<f64>(his + 8 * a)
  for (let i = from; i < to; i++) {
    const area = load<f64>(areas + 8 * i)
    const isIn = u32(area >= lo) & (u32(area < hi) | (u32(closed) & u32(area === hi)))
    store<u32>(bits + 4 * i, load<u32>(bits + 4 * i) | (isIn << a))
  }
}

/** Pairs that reach a threshold. */
export function findStrong(): void {
  let count: u32 = 0
  let end: u32 = 0
  store<u32>(strongOffsets, 0)
  for (let i: u32 = 0; i < liveCount; i++) {
    const first = end
    let level = T
    const last = load<u32>(liveOffsets + 4 * i, 4)
    for (let pair = load<u32>(liveOffsets + 4 * i); pair < last; pair++) {
      const similarity = load<f64>(similarities + 8 * pair)
      while (level > 0 && similarity < load<f64>(ascending + 8 * (level - 1))) level--
      if (level === 0) break
      store<u32>(strongGts + 4 * end, load<u32>(pairGts + 4 * pair))
      store<u32>(strongReached + 4 * end, load<u32>(reachedBits + 4 * level))
      end++
    }
    if (end === first) continue
    store<u32>(strongRows + 4 * count, load<u32>(liveRows + 4 * i))
    count++
    store<u32>(strongOffsets + 4 * count, end)
  }
  strongCount = count
  memory.fill(positions, 0xff, 4 * dtCount)
  for (let i: u32 = 0; i < count; i++) store<u32>(positions + 4 * load<u32>(strongRows + 4 * i), i)
}

export function sweep(apart: bool, cap: u32): void {
  const matchings = apart ? A : 1
  memory.fill(taken, 0, 4 * gtCount * matchings)
  memory.fill(fates, 0, 8 * strongCount * (A + 1))
  for (let i: u32 = 0; i < strongCount; i++) {
    if (load<u32>(ranks + 4 * load<u32>(strongRows + 4 * i)) >= cap) continue
    const from = load<u32>(strongOffsets + 4 * i)
    const to = load<u32>(strongOffsets + 4 * i, 4)
    if (to === from + 1) takeOnly(i, matchings, from)
    else for (let a = 0; a < matchings; a++) takeBest(i, a, matchings, from, to)
  }
}

/** In every matching. */
function takeOnly(i: u32, matchings: i32, pair: u32): void {
  const g = load<u32>(strongGts + 4 * pair)
  const reached = load<u32>(strongReached + 4 * pair)
  const isEndless = (load<u8>(gtFlags + g) & ENDLESS) !== 0
  const bits = load<u32>(gtBits + 4 * g)
  for (let a = 0; a < matchings; a++) {
    const slot = taken + 4 * (g * matchings + a)
    const used = load<u32>(slot)
    const free = isEndless ? reached : reached & ~used
    if (free === 0) continue
    store<u32>(slot, used | free)
    if (((bits >> a) & 1) === 1) credit(i, a, matchings, g, free)
    else ignore(i, a, matchings, free)
  }
}

/** At each threshold its first free regular pair, else its first free ignored one. */
function takeBest(i: u32, a: i32, matchings: i32, from: u32, to: u32): void {
  let open: u32 = 0xffffffff
  let fallback: u32 = 0
  let count: u32 = 0
  for (let pair = from; pair < to; pair++) {
    const reached = open & load<u32>(strongReached + 4 * pair)
    if (reached === 0) break
    const g = load<u32>(strongGts + 4 * pair)
    const slot = taken + 4 * (g * matchings + a)
    const isEndless = (load<u8>(gtFlags + g) & ENDLESS) !== 0
    const free = isEndless ? reached : reached & ~load<u32>(slot)
    if (free === 0) continue
    if (((load<u32>(gtBits + 4 * g) >> a) & 1) === 1) {
      open &= ~free
      store<u32>(slot, load<u32>(slot) | free)
      credit(i, a, matchings, g, free)
      continue
    }
    store<u32>(fallbacks + 4 * count, g)
    store<u32>(fallbackBits + 4 * count, free & ~fallback)
    count++
    fallback |= free
  }
  for (let j: u32 = 0; j < count; j++) {
    const lost = load<u32>(fallbackBits + 4 * j) & open
    const slot = taken + 4 * (load<u32>(fallbacks + 4 * j) * matchings + a)
    store<u32>(slot, load<u32>(slot) | lost)
    ignore(i, a, matchings, lost)
  }
}

/** Where the fates of strong detection i lie. */
export function fateOf(i: u32): u32 {
  return fates + 8 * (A + 1) * i
}

function addHit(i: u32, a: i32, bits: u32): void {
  add(fateOf(i), a, bits)
}

function addIgnored(i: u32, a: i32, bits: u32): void {
  add(fateOf(i) + 4, a, bits)
}

function add(ranges: u32, a: i32, bits: u32): void {
  const at = ranges + 8 * (a + 1)
  store<u32>(ranges, load<u32>(ranges) | (1 << a))
  store<u32>(at, load<u32>(at) | bits)
}

function credit(i: u32, a: i32, matchings: i32, g: u32, free: u32): void {
  if ((load<u8>(gtFlags + g) & NO_MATCH) !== 0) return
  if (matchings === A) {
    addHit(i, a, free)
    return
  }
  const own = load<u32>(gtBits + 4 * g)
  for (let b = 0; b < A; b++) {
    if (((own >> b) & 1) === 1) addHit(i, b, free)
    else addIgnored(i, b, free)
  }
}

function ignore(i: u32, a: i32, matchings: i32, free: u32): void {
  if (matchings === A) addIgnored(i, a, free)
  else for (let b = 0; b < A; b++) addIgnored(i, b, free)
}
