// @ts-check
/**
 * RLE by the definition, without the project's own code: what the generators state must not depend on
 * what they test. Bit maps are column-major, one byte a pixel: pixel (x, y) is x * height + y.
 * @typedef {import('./random.js').Random} Random
 * @typedef {{ height: number, width: number, bits: Uint8Array }} BitMap
 */

/** Run lengths, background first. @param {Uint8Array} bits */
export function runsOf(bits) {
  const runs = []
  let value = 0
  let run = 0
  for (const bit of bits) {
    if (bit !== value) {
      runs.push(run)
      run = 0
      value = bit
    }
    run++
  }
  runs.push(run)
  return runs
}

/** The compressed string of COCO: 5-bit groups, differences from the fourth count on. @param {number[]} runs */
export function compress(runs) {
  let text = ''
  runs.forEach((run, i) => {
    let rest = i > 2 ? run - runs[i - 2] : run
    for (let more = true; more; ) {
      const group = rest & 31
      rest >>= 5
      more = group & 16 ? rest !== -1 : rest !== 0
      text += String.fromCharCode(48 + group + (more ? 32 : 0))
    }
  })
  return text
}

/** The same pixels with empty runs in between, as a sloppy writer states them. @param {Random} random @param {number[]} runs */
export function withEmptyRuns(random, runs) {
  const out = []
  for (const run of runs) {
    if (run > 0 && random.chance(0.4)) {
      const first = random.int(0, run)
      out.push(first, 0, run - first)
    } else out.push(run)
  }
  if (random.chance(0.3)) out.push(0)
  return out
}

/** Pixels whose centre lies inside by the even-odd rule: near the reference's raster, not equal. @param {number[][]} parts @param {number} height @param {number} width @returns {BitMap} */
export function roughRaster(parts, height, width) {
  const bits = new Uint8Array(height * width)
  for (const part of parts) {
    for (let i = 0; i < bits.length; i++) {
      if (isInside(part, Math.floor(i / height) + 0.5, (i % height) + 0.5)) bits[i] = 1
    }
  }
  return { height, width, bits }
}

/** @param {number[]} part @param {number} x @param {number} y */
function isInside(part, x, y) {
  const count = Math.floor(part.length / 2)
  let inside = false
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const [x0, y0, x1, y1] = [part[2 * i], part[2 * i + 1], part[2 * j], part[2 * j + 1]]
    if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) inside = !inside
  }
  return inside
}

/** @param {Random} random @param {number} height @param {number} width @returns {BitMap} */
export function randomMask(random, height, width) {
  const bits = new Uint8Array(height * width)
  const kind = random.weighted({ box: 5, noise: 2, blocks: 2, empty: 0.6, full: 0.6, pixel: 1 })
  if (kind === 'box') fillBox(random, bits, height, width)
  if (kind === 'blocks') for (let n = random.int(2, 4); n > 0; n--) fillBox(random, bits, height, width)
  if (kind === 'full') bits.fill(1)
  if (kind === 'pixel') bits[random.pick([0, bits.length - 1, random.int(0, bits.length - 1)])] = 1
  if (kind === 'noise') {
    const density = random.pick([0.05, 0.5, 0.95])
    for (let i = 0; i < bits.length; i++) bits[i] = random.chance(density) ? 1 : 0
  }
  return { height, width, bits }
}

/** @param {Random} random @param {Uint8Array} bits @param {number} height @param {number} width */
function fillBox(random, bits, height, width) {
  const x0 = random.chance(0.3) ? 0 : random.int(0, width - 1)
  const y0 = random.chance(0.3) ? 0 : random.int(0, height - 1)
  const x1 = random.chance(0.3) ? width : random.int(x0 + 1, width)
  const y1 = random.chance(0.3) ? height : random.int(y0 + 1, height)
  for (let x = x0; x < x1; x++) bits.fill(1, x * height + y0, x * height + y1)
}

/** A mask that overlaps `mask` well: a copy, a shift, or a few pixels changed. @param {Random} random @param {BitMap} mask @returns {BitMap} */
export function nearMask(random, { height, width, bits }) {
  const out = new Uint8Array(bits)
  const kind = random.weighted({ copy: 3, flip: 4, shift: 2, cut: 2 })
  if (kind === 'flip') {
    for (let n = random.int(1, Math.max(1, bits.length >> 4)); n > 0; n--)
      out[random.int(0, bits.length - 1)] ^= 1
  }
  if (kind === 'shift') {
    const by = random.pick([1, -1, height, -height])
    for (let i = 0; i < bits.length; i++) out[i] = bits[i - by] ?? 0
  }
  if (kind === 'cut') {
    const at = random.int(0, bits.length - 1)
    if (random.chance(0.5)) out.fill(0, at)
    else out.fill(0, 0, at)
  }
  return { height, width, bits: out }
}
