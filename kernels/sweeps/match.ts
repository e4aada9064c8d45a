// Greedy matching of a scene at all thresholds at once. Twin of src/matching/scene-sweep.ts, which keeps what becomes
// of each detection in each range; here is only a list of those that find something.
import { closeRegion, openRegion, regionEnd, take } from '../categories/memory'
import { isCut } from './ranges'
import {
  A,
  ascending,
  dtCount,
  fallbackBits,
  fallbacks,
  gtBits,
  gtCount,
  gtFlags,
  IGNORED,
  levels,
  liveCount,
  liveOffsets,
  liveRows,
  NO_MATCH,
  order,
  pairGts,
  positions,
  ranks,
  reachedBits,
  sceneEnd,
  similarities,
  strongGts,
  strongOffsets,
  strongReached,
  strongRows,
  T,
  taken,
  tangled,
} from './scene'

/** Detections that reach a threshold, their pairs, and those that may be matched otherwise in each range. */
let strongCount: u32 = 0
let strongPairs: u32 = 0
let wideCount: u32 = 0

/**
 * What detections found, those of one next to each other; u32, FIND_WIDTH bytes each: row of the detection, thresholds
 * at which it is a true positive, and at which it is left out for what it matched; the ranges in which it is the one,
 * and the other; then room for its rank, and for the ranges in which it would be a false positive.
 */
export let finds: u32 = 0
export let findCount: u32 = 0
export const FIND_WIDTH: u32 = 32
export const FOUND_HITS: u32 = 4
export const FOUND_LOST: u32 = 8
export const HIT_RANGES: u32 = 12
export const LOST_RANGES: u32 = 16
export const FOUND_RANK: u32 = 20
export const FOUND_BITS: u32 = 24

/** Where the next region begins. */
export let findsEnd: u32 = 0

/** Makes room for what will be found; false for none. */
export function openFinds(): bool {
  countWide()
  openRegion(sceneEnd)
  finds = take(<u64>FIND_WIDTH * (<u64>strongPairs + <u64>wideCount * A))
  if (!closeRegion()) return false
  findsEnd = regionEnd()
  return true
}

/** Begins with the pairs that reach a threshold. */
export function openStrong(): void {
  findLevels()
  memory.fill(tangled, 0, gtCount)
  strongCount = 0
  strongPairs = 0
  store<u32>(strongOffsets, 0)
}

/** Those of some of the live detections, from first to last. */
export function findStrong(from: u32, to: u32): void {
  const thresholds = T
  let count = strongCount
  let end = strongPairs
  let pair = load<u32>(liveOffsets + 4 * from)
  for (let i = from; i < to; i++) {
    const first = end
    const last = load<u32>(liveOffsets + 4 * i, 4)
    for (; pair < last; pair++) {
      const similarity = load<f64>(similarities + 8 * pair)
      let level = <i32>load<u8>(levels + min(<u32>(similarity * 256), 256))
      while (level < thresholds && similarity >= load<f64>(ascending + 8 * level)) level++
      if (level === 0) break
      store<u32>(strongGts + 4 * end, load<u32>(pairGts + 4 * pair))
      store<u32>(strongReached + 4 * end, load<u32>(reachedBits + 4 * level))
      end++
    }
    pair = last
    if (end === first) continue
    store<u32>(strongRows + 4 * count, load<u32>(liveRows + 4 * i))
    count++
    store<u32>(strongOffsets + 4 * count, end)
    if (end > first + 1) tangle(first, end)
  }
  strongCount = count
  strongPairs = end
}

/** From where on a similarity is compared with thresholds: what a 256th reaches, all above it reach. */
function findLevels(): void {
  let level = 0
  for (let i: u32 = 0; i <= 256; i++) {
    while (level < T && load<f64>(ascending + 8 * level) <= <f64>i / 256) level++
    store<u8>(levels + i, <u8>level)
  }
}

/** Which of several a detection takes may differ between ranges, and so what is left of them for others. */
function tangle(from: u32, to: u32): void {
  for (let pair = from; pair < to; pair++) store<u8>(tangled + load<u32>(strongGts + 4 * pair), 1)
}

function countWide(): void {
  wideCount = 0
  for (let i: u32 = 0; i < strongCount; i++) {
    const pair = load<u32>(strongOffsets + 4 * i)
    wideCount += load<u8>(tangled + load<u32>(strongGts + 4 * pair))
  }
}

/** Ranges whose matches differ where ground truths are tangled; all ranges as bits. */
let matchings: i32 = 1
let everywhere: u32 = 0
let isApart: bool = false
let isOrdered: bool = false
let mostKept: u32 = 0

/** `ordered`: in another order than that of the live detections. Returns how many turns there are. */
export function openSweep(apart: bool, cap: u32, ordered: bool): u32 {
  isApart = apart
  isOrdered = ordered
  mostKept = cap
  matchings = apart ? A : 1
  everywhere = <u32>-1 >> (32 - A)
  findCount = 0
  memory.fill(taken, 0, 4 * gtCount * matchings)
  if (!ordered) return strongCount
  memory.fill(positions, 0xff, 4 * dtCount)
  for (let i: u32 = 0; i < strongCount; i++) store<u32>(positions + 4 * load<u32>(strongRows + 4 * i), i)
  return liveCount
}

/** Some of the turns, from first to last. */
export function sweep(from: u32, to: u32): void {
  if (!isOrdered) {
    for (let i = from; i < to; i++) turn(i)
    return
  }
  for (let i = from; i < to; i++) {
    const position = load<i32>(positions + 4 * load<u32>(order + 4 * i))
    if (position >= 0) turn(position)
  }
}

/** The turn of strong detection i. */
function turn(i: u32): void {
  const apart = isApart
  const d = load<u32>(strongRows + 4 * i)
  if (isCut && load<u32>(ranks + 4 * d) >= mostKept) return
  const from = load<u32>(strongOffsets + 4 * i)
  const g = load<u32>(strongGts + 4 * from)
  if (load<u8>(tangled + g) === 0) takeOnly(d, g, load<u32>(strongReached + 4 * from), apart)
  else takeEach(d, from, load<u32>(strongOffsets + 4 * i, 4), apart)
}

/** The only one, which no range gives to another. */
function takeOnly(d: u32, g: u32, reached: u32, apart: bool): void {
  const slot = taken + 4 * g
  const used = load<u32>(slot)
  const flags = load<u8>(gtFlags + g)
  const free = (flags & IGNORED) !== 0 ? reached : reached & ~used
  if (free === 0) return
  store<u32>(slot, used | free)
  const bits = load<u32>(gtBits + 4 * g)
  const own = apart || (bits & 1) !== 0 ? bits : 0
  const isNone = (flags & NO_MATCH) !== 0
  const lostRanges = !apart && isNone && own !== 0 ? 0 : everywhere & ~own
  found(d, free, free, isNone ? 0 : own, lostRanges)
}

/** In every matching. */
function takeEach(d: u32, from: u32, to: u32, apart: bool): void {
  const first = findCount
  for (let a = 0; a < matchings; a++) {
    hits = 0
    lost = 0
    takeBest(d, a, from, to, apart)
    if (apart) foundIn(a, d, first)
  }
}

/** Thresholds of the detection and the range at work, where each is matched on its own. */
let hits: u32 = 0
let lost: u32 = 0

/** At each threshold its first free regular pair, else its first free ignored one. */
function takeBest(d: u32, a: i32, from: u32, to: u32, apart: bool): void {
  let open: u32 = 0xffffffff
  let fallback: u32 = 0
  let count: u32 = 0
  for (let pair = from; pair < to; pair++) {
    const reached = open & load<u32>(strongReached + 4 * pair)
    if (reached === 0) break
    const g = load<u32>(strongGts + 4 * pair)
    const slot = taken + 4 * (a * gtCount + g)
    const isEndless = (load<u8>(gtFlags + g) & IGNORED) !== 0
    const free = isEndless ? reached : reached & ~load<u32>(slot)
    if (free === 0) continue
    if (((load<u32>(gtBits + 4 * g) >> a) & 1) === 1) {
      open &= ~free
      store<u32>(slot, load<u32>(slot) | free)
      credit(d, g, free, apart)
      continue
    }
    store<u32>(fallbacks + 4 * count, g)
    store<u32>(fallbackBits + 4 * count, free & ~fallback)
    count++
    fallback |= free
  }
  for (let j: u32 = 0; j < count; j++) {
    const bits = load<u32>(fallbackBits + 4 * j) & open
    const slot = taken + 4 * (a * gtCount + load<u32>(fallbacks + 4 * j))
    store<u32>(slot, load<u32>(slot) | bits)
    if (apart) lost |= bits
    else if (bits !== 0) found(d, 0, bits, 0, everywhere)
  }
}

function credit(d: u32, g: u32, free: u32, apart: bool): void {
  if ((load<u8>(gtFlags + g) & NO_MATCH) !== 0) return
  const own = load<u32>(gtBits + 4 * g)
  if (apart) hits |= free
  else found(d, free, free, own, everywhere & ~own)
}

function found(d: u32, hits: u32, lost: u32, hitRanges: u32, lostRanges: u32): void {
  const at = finds + FIND_WIDTH * findCount
  store<u32>(at, d)
  store<u32>(at, hits, FOUND_HITS)
  store<u32>(at, lost, FOUND_LOST)
  store<u32>(at, hitRanges, HIT_RANGES)
  store<u32>(at, lostRanges, LOST_RANGES)
  findCount++
}

/** Of a range on its own; what is as in the range before is listed with it. `first`: the first find of the detection. */
function foundIn(a: i32, d: u32, first: u32): void {
  if ((hits | lost) === 0) return
  const range: u32 = 1 << a
  const last = finds + FIND_WIDTH * (findCount - 1)
  if (findCount === first || load<u32>(last, FOUND_HITS) !== hits || load<u32>(last, FOUND_LOST) !== lost) {
    found(d, hits, lost, range, range)
    return
  }
  store<u32>(last, load<u32>(last, HIT_RANGES) | range, HIT_RANGES)
  store<u32>(last, load<u32>(last, LOST_RANGES) | range, LOST_RANGES)
}
