// AssemblyScript: sums of resampled images, eight resamples abreast. Twin of `resampleSteps` in
// src/metrics/bootstrap.ts and of src/metrics/random.ts, to the last bit.
import { align, closeRegion, openRegion, take } from './categories/memory'

let imageCount: u32 = 0
let columns: u32 = 0

/** f64 [entry]; u32: image of each entry; where each column starts, [column + 1]; the generator's state, [4]. */
let values: u32 = 0
let images: u32 = 0
let offsets: u32 = 0
let state: u32 = 0
/** f64, [image, 8]: how often it was drawn. */
let weights: u32 = 0
/** f64, [column, 8]. */
let sums: u32 = 0

/** The columns of `values` to `state` follow one another from the address that this returns, 0 for no room. */
export function openSums(imagesDrawn: u32, columnCount: u32, entries: u32): u32 {
  imageCount = imagesDrawn
  columns = columnCount
  openRegion(__heap_base)
  values = take(8 * <u64>entries)
  images = take(4 * <u64>entries)
  offsets = take(4 * (<u64>columns + 1))
  state = take(16)
  align()
  weights = take(64 * <u64>imageCount)
  sums = take(64 * <u64>columns)
  return closeRegion() ? values : 0
}

/** Draws the next `lanes` resamples, at most 8, and adds up every column; returns where the sums lie. */
export function resample(lanes: i32): u32 {
  memory.fill(weights, 0, 64 * imageCount)
  for (let lane = 0; lane < lanes; lane++) draw(weights + 8 * lane)
  for (let c: u32 = 0; c < columns; c++) weigh(c)
  return sums
}

/** As many images as there are, counted in one lane. */
function draw(lane: u32): void {
  const scale = <f64>imageCount / 4294967296
  let a = load<u32>(state)
  let b = load<u32>(state, 4)
  let c = load<u32>(state, 8)
  let d = load<u32>(state, 12)
  for (let i: u32 = 0; i < imageCount; i++) {
    const word = rotl<u32>(b * 5, 7) * 9
    const slot = lane + 64 * <u32>(<f64>word * scale)
    store<f64>(slot, load<f64>(slot) + 1)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotl<u32>(d, 11)
  }
  store<u32>(state, a)
  store<u32>(state, b, 4)
  store<u32>(state, c, 8)
  store<u32>(state, d, 12)
}

function weigh(column: u32): void {
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  const end = load<u32>(offsets + 4 * column, 4)
  for (let entry = load<u32>(offsets + 4 * column); entry < end; entry++) {
    const value = f64x2.splat(load<f64>(values + 8 * entry))
    const at = weights + 64 * load<u32>(images + 4 * entry)
    s0 = f64x2.add(s0, f64x2.mul(value, v128.load(at)))
    s1 = f64x2.add(s1, f64x2.mul(value, v128.load(at, 16)))
    s2 = f64x2.add(s2, f64x2.mul(value, v128.load(at, 32)))
    s3 = f64x2.add(s3, f64x2.mul(value, v128.load(at, 48)))
  }
  const out = sums + 64 * column
  v128.store(out, s0)
  v128.store(out, s1, 16)
  v128.store(out, s2, 32)
  v128.store(out, s3, 48)
}
