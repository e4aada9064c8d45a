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
  gtAreas,
  gtBits,
  gtCount,
  gtFlags,
  his,
  IRREGULAR,
  ignored,
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
  truePositives,
} from './scene'

/** Detections that reach a threshold. */
export let strongCount: u32 = 0

/** Bits of the ranges in which each instance counts. */
export function findBits(closed: bool, once: bool, cap: u32): void {
  findRanges(gtAreas, gtCount, gtBits, closed)
  findRanges(dtAreas, dtCount, dtBits, closed)
  for (let g: u32 = 0; g < gtCount; g++) {
    const bits = load<u32>(gtBits + 4 * g)
    const isRegular = (load<u8>(gtFlags + g) & IRREGULAR) === 0
    if (!isRegular || (once && (bits & 1) === 0)) store<u32>(gtBits + 4 * g, 0)
  }
  for (let d: u32 = 0; d < dtCount; d++) {
    const bits = load<u32>(dtBits + 4 * d)
    if (load<u32>(ranks + 4 * d) >= cap || (once && (bits & 1) === 0)) store<u32>(dtBits + 4 * d, 0)
  }
}

function findRanges(areas: u32, count: u32, bits: u32, closed: bool): void {
  for (let i: u32 = 0; i < count; i++) {
    const area = load<f64>(areas + 8 * i)
    let own: u32 = 0
    for (let a = 0; a < A; a++) {
      const hi = load<f64>(his + 8 * a)
      if (area >= load<f64>(los + 8 * a) && (area < hi || (closed && area === hi))) own |= 1 << a
    }
    store<u32>(bits + 4 * i, own)
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
}

export function sweep(apart: bool, cap: u32): void {
  const matchings = apart ? A : 1
  memory.fill(taken, 0, 4 * gtCount * matchings)
  memory.fill(truePositives, 0, 4 * strongCount * A)
  memory.fill(ignored, 0, 4 * strongCount * A)
  for (let i: u32 = 0; i < strongCount; i++) {
    if (load<u32>(ranks + 4 * load<u32>(strongRows + 4 * i)) >= cap) continue
    const from = load<u32>(strongOffsets + 4 * i)
    const to = load<u32>(strongOffsets + 4 * i, 4)
    for (let a = 0; a < matchings; a++) {
      if (to === from + 1) takeOnly(i, a, matchings, from)
      else takeBest(i, a, matchings, from, to)
    }
  }
  findPositions()
}

/** Thresholds of a pair at which its ground truth can still be taken. */
function freeAt(pair: u32, slot: u32): u32 {
  const reached = load<u32>(strongReached + 4 * pair)
  const flags = load<u8>(gtFlags + load<u32>(strongGts + 4 * pair))
  return (flags & ENDLESS) !== 0 ? reached : reached & ~load<u32>(slot)
}

function takeOnly(i: u32, a: i32, matchings: i32, pair: u32): void {
  const g = load<u32>(strongGts + 4 * pair)
  const slot = taken + 4 * (g * matchings + a)
  const free = freeAt(pair, slot)
  if (free === 0) return
  store<u32>(slot, load<u32>(slot) | free)
  if (((load<u32>(gtBits + 4 * g) >> a) & 1) === 1) credit(i, a, matchings, g, free)
  else ignore(i, a, matchings, free)
}

/** At each threshold its first free regular pair, else its first free ignored one. */
function takeBest(i: u32, a: i32, matchings: i32, from: u32, to: u32): void {
  let open: u32 = 0xffffffff
  let fallback: u32 = 0
  let count: u32 = 0
  for (let pair = from; pair < to; pair++) {
    if ((open & load<u32>(strongReached + 4 * pair)) === 0) break
    const g = load<u32>(strongGts + 4 * pair)
    const slot = taken + 4 * (g * matchings + a)
    const free = open & freeAt(pair, slot)
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

function add(column: u32, i: u32, a: i32, bits: u32): void {
  const slot = column + 4 * (a * strongCount + i)
  store<u32>(slot, load<u32>(slot) | bits)
}

function credit(i: u32, a: i32, matchings: i32, g: u32, free: u32): void {
  if ((load<u8>(gtFlags + g) & NO_MATCH) !== 0) return
  if (matchings === A) {
    add(truePositives, i, a, free)
    return
  }
  const own = load<u32>(gtBits + 4 * g)
  for (let b = 0; b < A; b++) add(((own >> b) & 1) === 1 ? truePositives : ignored, i, b, free)
}

function ignore(i: u32, a: i32, matchings: i32, free: u32): void {
  if (matchings === A) add(ignored, i, a, free)
  else for (let b = 0; b < A; b++) add(ignored, i, b, free)
}

function findPositions(): void {
  memory.fill(positions, 0xff, 4 * dtCount)
  for (let i: u32 = 0; i < strongCount; i++) {
    let any: u32 = 0
    for (let a = 0; a < A; a++) {
      const at = 4 * (a * strongCount + i)
      any |= load<u32>(truePositives + at) | load<u32>(ignored + at)
    }
    if (any !== 0) store<u32>(positions + 4 * load<u32>(strongRows + 4 * i), i)
  }
}
