import { compress, runsOf } from '../parity/masks.js'
import { Random } from '../parity/random.js'
import type { MaskSpec } from '../support/masks.js'
import polygons from './polygons.json' with { type: 'json' }

/** A mask and the runs that it must come out as, background first. */
export type KnownMask = { mask: MaskSpec; runs: number[] }

/** Masks whose areas, bounds and shared pixels every backend must find. */
export interface Case {
  name: string
  masks: KnownMask[]
  /** Pairs to intersect, drawn at random; every pair when absent. */
  pairs?: number
}

const runs = (height: number, width: number, ...counts: number[]): KnownMask => ({
  mask: { height, width, runs: counts },
  runs: counts,
})

const rle = (height: number, width: number, text: string, counts: number[]): KnownMask => ({
  mask: { height, width, rle: text },
  runs: counts,
})

/** A filled box. */
function box(height: number, width: number, x0: number, y0: number, x1: number, y1: number): KnownMask {
  const counts = [x0 * height + y0]
  for (let x = x0; x < x1; x++) counts.push(y1 - y0, height - (y1 - y0))
  counts[counts.length - 1] = height - y1 + (width - x1) * height
  return runs(height, width, ...counts)
}

/** Every pixel drawn by itself. */
function noise(random: Random, height: number, width: number, density: number): KnownMask {
  const bits = Uint8Array.from({ length: height * width }, () => (random.chance(density) ? 1 : 0))
  return runs(height, width, ...runsOf(bits))
}

/** Masks of one image whose height meets the 32-bit words in some way. */
const atHeight = (height: number): Case => ({
  name: `height ${height}`,
  masks: [
    runs(height, 3, 3 * height),
    runs(height, 3, 0, 3 * height),
    runs(height, 3, height, height, height),
    runs(height, 3, height - 1, 2, 2 * height - 1),
    runs(height, 3, 0, 1, 3 * height - 1),
    runs(height, 3, 3 * height - 1, 1),
    noise(new Random(height), height, 3, 0.5),
    noise(new Random(height, 2), height, 3, 0.9),
  ],
})

const polygonMasks: (KnownMask & { name: string })[] = polygons.masks.map(
  ({ name, height, width, parts, runs }) => ({ name, mask: { height, width, parts }, runs }),
)

/** Polygons of one image size with masks that show where they lie. */
const polygonCase = (polygon: KnownMask & { name: string }, i: number): Case => {
  const { height, width } = polygon.mask
  const random = new Random(i)
  const probes = [0.5, 0.5, 0.5].map(density => noise(random, height, width, density))
  return { name: `polygon: ${polygon.name}`, masks: [polygon, ...probes] }
}

function manyMasks(): KnownMask[] {
  const random = new Random(3)
  return random.times(3000, () => {
    const [x0, y0] = [random.int(0, 40), random.int(0, 40)]
    return box(45, 50, x0, y0, random.int(x0 + 1, 50), random.int(y0 + 1, 45))
  })
}

/** Boxes in a large picture: full height, single rows, single columns, far corners. */
const [H, W] = [3000, 4000]
const largeMasks = [
  runs(H, W, 0, H * W),
  box(H, W, 0, 0, 2000, H),
  box(H, W, 1999, 0, 2001, H),
  box(H, W, 0, 1503, W, 1504),
  box(H, W, 3999, 2999, 4000, 3000),
  box(H, W, 17, 31, 3951, 2977),
  runs(H, W, H * W),
]

export const cases: Case[] = [
  {
    name: 'strings of the specification',
    masks: [rle(5, 5, '53a0', [5, 3, 17]), rle(5, 5, '0i0', [0, 25]), rle(5, 5, 'i0', [25])],
  },
  {
    name: 'a string with falling counts',
    masks: [rle(1, 1360, 'T3X6b1Pi0aNoPO', [100, 200, 50, 1000, 3, 7])],
  },
  { name: 'a string with a backslash', masks: [rle(480, 640, 'PP\\9', [307200])] },
  { name: 'alternating pixels', masks: [rle(5, 1, '011000', [0, 1, 1, 1, 1, 1])] },
  {
    name: 'empty runs: in the middle, at both ends, many at once',
    masks: [
      runs(5, 5, 5, 5, 0, 5, 10),
      runs(5, 5, 5, 0, 20),
      runs(5, 5, 0, 0, 25),
      runs(5, 5, 0, 0, 0, 0, 0, 25),
      runs(5, 5, 3, 4, 0, 0, 0, 0, 0, 2, 16, 0, 0),
      runs(5, 5, 0, 25, 0),
    ],
  },
  {
    name: 'images without pixels',
    masks: [rle(0, 0, '', []), runs(0, 7, 0), runs(7, 0, 0, 0), rle(0, 3, '', [])],
  },
  { name: 'one pixel', masks: [runs(1, 1, 1), runs(1, 1, 0, 1)] },
  { name: 'one row', masks: [runs(1, 70, 3, 40, 27), runs(1, 70, 42, 20, 8), runs(1, 70, 43, 27)] },
  { name: 'one column', masks: [runs(70, 1, 3, 40, 27), runs(70, 1, 42, 20, 8), runs(70, 1, 43, 27)] },
  ...[31, 32, 33, 63, 64, 65, 96, 100].map(atHeight),
  {
    name: 'bounds that touch or miss each other',
    masks: [
      box(80, 80, 10, 10, 20, 40),
      box(80, 80, 20, 10, 30, 40),
      box(80, 80, 10, 40, 20, 60),
      box(80, 80, 19, 39, 21, 41),
    ],
  },
  {
    name: 'same pixels, other image sizes: nothing is shared',
    masks: [runs(4, 6, 0, 24), runs(6, 4, 0, 24), runs(4, 7, 0, 28), runs(4, 6, 0, 24)],
  },
  { name: 'a large picture', masks: largeMasks, pairs: 16 },
  { name: 'thousands of masks', masks: manyMasks(), pairs: 20_000 },
  ...polygonMasks.map(polygonCase),
  {
    name: 'polygons and RLE in one batch, image sizes mixed',
    masks: [largeMasks[2], ...polygonMasks, runs(5, 5, 5, 3, 17), ...polygonMasks.slice(0, 9)],
    pairs: 300,
  },
  { name: 'no masks', masks: [] },
]

/** Strings that are no mask of their size, and the CPU's words for it. */
export const malformed: { name: string; height: number; width: number; rle: string; reason: RegExp }[] = [
  { name: 'empty', height: 5, width: 5, rle: '', reason: /sum to 0 px.*25 px/ },
  { name: 'too short', height: 5, width: 5, rle: '53', reason: /sum to 8 px/ },
  { name: 'too long', height: 5, width: 5, rle: '53b0', reason: /sum to 26 px/ },
  { name: 'cut inside a number', height: 5, width: 5, rle: '53a', reason: /cut short/ },
  {
    name: 'character below the alphabet',
    height: 5,
    width: 5,
    rle: '5/a0',
    reason: /character "\/" at position 1/,
  },
  {
    name: 'character above the alphabet',
    height: 5,
    width: 5,
    rle: '53ap',
    reason: /character "p" at position 3/,
  },
  { name: 'blank inside', height: 5, width: 5, rle: '53 a0', reason: /character/ },
  { name: 'negative first count', height: 5, width: 5, rle: 'O1i0', reason: /count 0 is negative/ },
  { name: 'negative by difference', height: 5, width: 5, rle: '111Ni0', reason: /count 3 is negative/ },
  { name: 'a number of seven groups', height: 5, width: 5, rle: 'PPPPPP0i0', reason: /out of range/ },
  {
    name: 'counts that wrap at 2^32',
    height: 5,
    width: 5,
    rle: compress([0, 2 ** 28]).repeat(16),
    reason: /sum to/,
  },
  {
    name: 'right for another size',
    height: 6,
    width: 5,
    rle: '53a0',
    reason: /30 px/,
  },
]
