import { randomMask, runsOf, withEmptyRuns } from '../parity/masks.js'
import { longEdges, randomPolygons } from '../parity/polygons.js'
import type { Random } from '../parity/random.js'
import type { MaskSpec } from '../support/masks.js'

/** Run lengths that need no picture: some empty, some over many columns. */
function randomRuns(random: Random, pixels: number): number[] {
  const runs: number[] = []
  for (let left = pixels; left > 0; left -= runs[runs.length - 1]) {
    runs.push(random.chance(0.1) ? 0 : random.int(0, Math.min(left, random.pick([5, 50, 100_000]))))
  }
  return runs
}

/** Vertices far outside, up to a million pixels: edges on both sides of what 32-bit integers can hold. */
function farEdges(random: Random, height: number, width: number): number[][] {
  const far = (size: number): number => {
    const reach = 2 ** random.int(0, 20)
    return random.chance(0.3) ? random.int(0, size) : random.int(-reach, size + reach) + random.int(0, 4) / 5
  }
  return [random.times(random.int(3, 6), () => [far(width), far(height)]).flat()]
}

/** RLE and polygons, mostly of one image size, so that most pairs can share pixels. */
export function randomMasks(random: Random, count: number): MaskSpec[] {
  const large = random.chance(0.4)
  const side = large ? 600 : 70
  const [height, width] = [random.int(1, side), random.int(1, side)]
  return random.times(count, () => {
    const size = random.chance(0.05) ? { height: random.int(1, 40), width } : { height, width }
    if (random.chance(0.5)) {
      const draw = { any: randomPolygons, long: longEdges, far: farEdges }[
        random.weighted({ any: 3, long: 2, far: 1 }) as 'any' | 'long' | 'far'
      ]
      return { ...size, parts: draw(random, size.height, size.width) }
    }
    if (large) return { ...size, runs: randomRuns(random, size.height * size.width) }
    const drawn = runsOf(randomMask(random, size.height, size.width).bits)
    return { ...size, runs: random.chance(0.3) ? withEmptyRuns(random, drawn) : drawn }
  })
}
