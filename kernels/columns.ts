// AssemblyScript: columns of a page as planes of bytes. Twin of src/report/column-codec.ts, where the rules are
// explained.
//
// The host gives it a block of a column after another: twice, first to measure the whole numbers, then to have them
// written. It keeps nothing from one block to the next.

/** Entries of a block at most: BLOCK_ROWS in src/data/wasm.ts. */
const BLOCK: u32 = 8192

const F64: u32 = 0
const I32: u32 = 1
const U32: u32 = 2
/** The other type is u8. */

/** Loops go on to the next multiple of so many entries; what they read and write there does not count. */
const PAST: u32 = 16

const MAX_WHOLE: f64 = 2251799813685248
const EXPONENT_BITS: i32 = 52
const EXPONENT_BIAS: i64 = 1023

/** A block as it is, or a side of its boxes. */
let entries: u32 = 0
/** f64 x, y, width, height, [row, 4]. */
let boxes: u32 = 0
/** f64, [entry]. */
let wholes: u32 = 0
/** u32, [entry]. */
let rests: u32 = 0
/** u8, [plane, BLOCK]. */
let planes: u32 = 0
/** f64: of the values, then of the steps, the least, the greatest and the bits. */
let extents: u32 = 0

/** Returns where the entries of a block belong; 0 for no room. */
export function openBlocks(): u32 {
  entries = (__heap_base + 15) & ~15
  wholes = entries + 8 * (BLOCK + PAST)
  rests = wholes + 8 * (BLOCK + PAST)
  planes = rests + 4 * (BLOCK + PAST)
  extents = planes + 8 * BLOCK
  boxes = extents + 6 * 8
  const pages = (boxes + 32 * BLOCK + 0xffff) >> 16
  const missing = <i32>pages - memory.size()
  return missing > 0 && memory.grow(missing) < 0 ? 0 : entries
}

export function boxesAt(): u32 {
  return boxes
}

export function wholesAt(): u32 {
  return wholes
}

export function planesAt(): u32 {
  return planes
}

export function extentsAt(): u32 {
  return extents
}

/** Makes a side of the first `n` boxes the entries at work. */
export function pickSide(n: u32, side: u32): void {
  const from = boxes + 8 * side
  for (let i: u32 = 0; i < n; i++) store<f64>(entries + 8 * i, load<f64>(from + 32 * i))
}

/** Whether the entries are width times height of the boxes, to the bit but for the bits of NaN. */
export function areProducts(n: u32): bool {
  for (let i: u32 = 0; i < n; i++) {
    const product = load<f64>(boxes + 32 * i, 16) * load<f64>(boxes + 32 * i, 24)
    const entry = load<f64>(entries + 8 * i)
    const areSame = reinterpret<u64>(product) === reinterpret<u64>(entry)
    if (!areSame && (product === product || entry === entry)) return false
  }
  return true
}

/** Finds whole numbers of `n` entries times the divisor; false where one gives none, to the last bit. */
export function findWholes(n: u32, type: u32, divisor: f64): bool {
  if (type === F64) return makeWhole(n, divisor)
  for (let i: u32 = 0; i < n; i += 2) {
    let pair: v128
    if (type === I32) pair = f64x2.convert_low_i32x4_s(v128.load64_zero(entries + 4 * i))
    else if (type === U32) pair = f64x2.convert_low_i32x4_u(v128.load64_zero(entries + 4 * i))
    else pair = f64x2(<f64>load<u8>(entries + i), <f64>load<u8>(entries + i, 1))
    v128.store(wholes + 8 * i, pair)
  }
  return true
}

function makeWhole(n: u32, divisor: f64): bool {
  store<f64>(entries + 8 * n, load<f64>(entries + 8 * (n - 1))) // beside the last of an odd number
  const by = f64x2.splat(divisor)
  const most = f64x2.splat(MAX_WHOLE)
  const negativeZero = f64x2.splat(-0.0)
  let wrong = i64x2.splat(0)
  for (let at: u32 = 0; at < 8 * n; at += 16) {
    const values = v128.load(entries + at)
    const rounded = f64x2.nearest(f64x2.mul(values, by))
    const changed = f64x2.ne(f64x2.div(rounded, by), values)
    const large = f64x2.ge(f64x2.abs(rounded), most)
    wrong = v128.or(wrong, v128.or(v128.or(changed, large), i64x2.eq(values, negativeZero)))
    v128.store(wholes + at, rounded)
  }
  return !v128.any_true(wrong)
}

/** Measures values and steps of the whole numbers, of which the last one before is `before`; `n` is even. */
export function measure(n: u32, before: f64): void {
  const one = f64x2.splat(1)
  let last = f64x2.splat(before)
  let least = f64x2.splat(Infinity)
  let greatest = f64x2.splat(-Infinity)
  let leastStep = least
  let greatestStep = greatest
  let bits = i64x2.splat(0)
  let stepBits = bits
  for (let at: u32 = 0; at < 8 * n; at += 16) {
    const values = v128.load(wholes + at)
    const steps = f64x2.sub(values, v128.shuffle<f64>(last, values, 1, 2))
    last = values
    least = f64x2.pmin(least, values)
    greatest = f64x2.pmax(greatest, values)
    leastStep = f64x2.pmin(leastStep, steps)
    greatestStep = f64x2.pmax(greatestStep, steps)
    const size = f64x2.add(f64x2.abs(values), one)
    bits = i64x2.add(bits, i64x2.shr_u(size, EXPONENT_BITS))
    const stepSize = f64x2.abs(steps)
    const doubled = f64x2.add(f64x2.add(stepSize, stepSize), one)
    stepBits = i64x2.add(stepBits, i64x2.shr_u(doubled, EXPONENT_BITS))
  }
  putExtent(extents, least, greatest, bits, n)
  putExtent(extents + 24, leastStep, greatestStep, stepBits, n)
}

function putExtent(to: u32, least: v128, greatest: v128, bits: v128, n: u32): void {
  store<f64>(to, Math.min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)))
  store<f64>(to, Math.max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1)), 8)
  const sum = i64x2.extract_lane(bits, 0) + i64x2.extract_lane(bits, 1)
  store<f64>(to, <f64>(sum - EXPONENT_BIAS * <i64>n), 16)
}

/** Writes what whole numbers, or their steps from `before` on, are above `base`, each byte to its plane. */
export function writeWholes(n: u32, isSteps: bool, before: f64, base: f64, size: u32): void {
  if (isSteps) turnIntoSteps(n, before)
  if (size > 4) writeLong(n, base, size)
  else writeShort(n, base, size)
}

function turnIntoSteps(n: u32, before: f64): void {
  let last = f64x2.splat(before)
  for (let at: u32 = 0; at < 8 * n; at += 16) {
    const values = v128.load(wholes + at)
    v128.store(wholes + at, f64x2.sub(values, v128.shuffle<f64>(last, values, 1, 2)))
    last = values
  }
}

function writeShort(n: u32, base: f64, size: u32): void {
  const bases = f64x2.splat(base)
  for (let i: u32 = 0; i < n; i += 2) {
    const rest = f64x2.sub(v128.load(wholes + 8 * i), bases)
    v128.store64_lane(rests + 4 * i, i32x4.trunc_sat_f64x2_u_zero(rest), 0)
  }
  for (let plane: u32 = 0; plane < size; plane++) {
    const to = planes + plane * BLOCK
    for (let i: u32 = 0; i < n; i += 16) {
      const at = rests + 4 * i
      const low = i16x8.narrow_i32x4_u(byteOf(at, plane), byteOf(at + 16, plane))
      const high = i16x8.narrow_i32x4_u(byteOf(at + 32, plane), byteOf(at + 48, plane))
      v128.store(to + i, i8x16.narrow_i16x8_u(low, high))
    }
  }
}

/** A byte of each of four rests. */
function byteOf(at: u32, plane: u32): v128 {
  return v128.and(i32x4.shr_u(v128.load(at), <i32>(8 * plane)), i32x4.splat(255))
}

function writeLong(n: u32, base: f64, size: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    let rest = <u64>(load<f64>(wholes + 8 * i) - base)
    for (let plane: u32 = 0; plane < size; plane++, rest >>= 8)
      store<u8>(planes + plane * BLOCK + i, <u8>rest)
  }
}

/** Writes the bytes of the entries, each to its plane. */
export function writeBytes(n: u32, size: u32): void {
  for (let plane: u32 = 0; plane < size; plane++) {
    const to = planes + plane * BLOCK
    for (let i: u32 = 0; i < n; i++) store<u8>(to + i, load<u8>(entries + i * size + plane))
  }
}
