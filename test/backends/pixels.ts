/** Masks by the definition, one byte a pixel: what backends must find, without their arithmetic. */
export interface Pixels {
  height: number
  width: number
  /** [x * height + y], 0 or 1. */
  bits: Uint8Array
}

/** The pixels of run lengths, background first. */
export function pixelsOf(height: number, width: number, runs: number[]): Pixels {
  const bits = new Uint8Array(height * width)
  let position = 0
  runs.forEach((run, i) => {
    bits.fill(i % 2, position, position + run)
    position += run
  })
  if (position !== bits.length) throw new Error(`runs of ${position} px in an image of ${bits.length} px`)
  return { height, width, bits }
}

/** x0 y0 x1 y1, half-open; all 0 for an empty mask. */
export function boundsOf({ height, width, bits }: Pixels): number[] {
  let [x0, y0, x1, y1] = [width, height, 0, 0]
  for (let x = 0; x < width; x++) {
    const top = bits.subarray(x * height, (x + 1) * height).indexOf(1)
    if (top < 0) continue
    const bottom = bits.subarray(x * height, (x + 1) * height).lastIndexOf(1)
    x0 = Math.min(x0, x)
    x1 = x + 1
    y0 = Math.min(y0, top)
    y1 = Math.max(y1, bottom + 1)
  }
  return x1 === 0 ? [0, 0, 0, 0] : [x0, y0, x1, y1]
}

/** Pixels in both; none when the images differ in size. */
export function sharedOf(a: Pixels, b: Pixels): number {
  if (a.height !== b.height || a.width !== b.width) return 0
  let shared = 0
  for (let i = 0; i < a.bits.length; i++) shared += a.bits[i] & b.bits[i]
  return shared
}
