// What decides the numbers, and the work memory whose size depends on nothing else.
import { align, closeRegion, openRegion, regionEnd, take } from './memory'
import { COUNTS_BYTES, placeCounts } from './ranking'

/** IoU thresholds (at most 32), recall thresholds, area ranges (at most 32), caps. */
export let T: i32 = 0
export let R: i32 = 0
export let A: i32 = 0
export let M: i32 = 0

/** f64: similarities that the IoU thresholds ask for, ascending [T]; bounds of the areas [A]; recalls ascending [R]. */
export let ascending: u32 = 0
export let los: u32 = 0
export let his: u32 = 0
export let recalls: u32 = 0
/** u32: thresholds reached, by how many of `ascending` are [T + 1]; caps [M]; place in `recalls` of each as given [R]. */
export let reachedBits: u32 = 0
export let maxDets: u32 = 0
export let places: u32 = 0

/** f64, [T, R, A, M], see curves.ts. */
export let precision: u32 = 0
export let scores: u32 = 0
/** u32: [A, R]; [A, M]; [A, M, T]. */
export let needed: u32 = 0
export let seen: u32 = 0
export let truePositives: u32 = 0
export let explained: u32 = 0
export let reached: u32 = 0
/** u32, regular ground truths of the category, [A]. */
export let regular: u32 = 0

/** Where the next region begins. */
export let configEnd: u32 = 0

/** Curves beyond this are left to the twin. */
const MOST_BYTES: u64 = 0x20000000

/** The columns of `ascending` to `places` follow one another from the address that this returns, 0 for no room. */
export function configure(t: i32, r: i32, a: i32, m: i32): u32 {
  T = t
  R = r
  A = a
  M = m
  const curves = <u64>a * m * t
  openRegion(__heap_base)
  ascending = take(8 * t)
  los = take(8 * a)
  his = take(8 * a)
  recalls = take(8 * r)
  reachedBits = take(4 * (t + 1))
  maxDets = take(4 * m)
  places = take(4 * r)
  align()
  precision = take(8 * curves * r)
  scores = take(8 * curves * r)
  needed = take(4 * <u64>a * r)
  seen = take(4 * <u64>a * m)
  truePositives = take(4 * curves)
  explained = take(4 * curves)
  reached = take(4 * curves)
  regular = take(4 * a)
  placeCounts(take(COUNTS_BYTES))
  const fits = closeRegion(MOST_BYTES)
  configEnd = regionEnd()
  return fits ? ascending : 0
}
