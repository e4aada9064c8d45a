import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../../src/backends/cpu.js'
import { MaskError } from '../../src/errors.js'
import { compress } from '../parity/masks.js'
import { Random } from '../parity/random.js'
import { encodeMasks, rowsTo } from '../support/masks.js'

const seed = Number(process.env.DETSCOPE_SEED ?? Math.floor(Math.random() * 2 ** 32))

interface Outline {
  height: number
  width: number
  runs: number[]
  area: number
  bounds: number[]
}

/**
 * A mask with one run a column, whose ends move by `most` px at most from one to the next: what the kernel reads eight
 * columns at a time. `strange`: now and then a column is left out, full, in two pieces, or has a run of no pixel.
 */
function outline(
  random: Random,
  height: number,
  most: number,
  strange: boolean,
  width = random.int(1, 90),
): Outline {
  const [x0, x1] = [random.int(0, width - 1), random.int(1, width)].sort((a, b) => a - b)
  let [top, bottom] = [random.int(0, height), random.int(0, height)].sort((a, b) => a - b)
  const spans: number[][] = []
  for (let x = x0; x < x1; x++) {
    const near = (y: number): number => Math.min(height, Math.max(0, y + random.int(-most, most)))
    ;[top, bottom] = [near(top), near(bottom)].sort((a, b) => a - b)
    const kind = strange && random.chance(0.05) ? random.pick(['none', 'full', 'split', 'empty']) : 'usual'
    const middle = random.int(top, bottom)
    const anywhere = random.int(0, height)
    if (kind === 'full') spans.push([x, 0, height])
    else if (kind === 'split') spans.push([x, top, middle], [x, Math.min(bottom, middle + 1), bottom])
    else if (kind === 'empty') spans.push([x, anywhere, anywhere])
    else if (kind === 'usual') spans.push([x, top, bottom])
  }
  return { height, width, ...stateOf(spans, height, width) }
}

/** Runs, area and bounds of [column, first row, end row], ascending. */
function stateOf(spans: number[][], height: number, width: number) {
  const runs: number[] = []
  let position = 0
  for (const [x, from, to] of spans) {
    const start = x * height + from
    if (start === position && runs.length > 0) runs[runs.length - 1] += to - from
    else runs.push(start - position, to - from)
    position = x * height + to
  }
  if (position < height * width) runs.push(height * width - position)
  const covered = spans.filter(([, from, to]) => from < to)
  const columns = covered.map(([x]) => x)
  const least = (values: number[]): number => Math.min(...values)
  const most = (values: number[]): number => Math.max(...values)
  const [x0, y0] = [least(columns), least(covered.map(span => span[1]))]
  const [x1, y1] = [most(columns) + 1, most(covered.map(span => span[2]))]
  return {
    runs,
    area: covered.reduce((sum, [, from, to]) => sum + to - from, 0),
    bounds: covered.length === 0 ? [0, 0, 0, 0] : [x0, y0, x1, y1],
  }
}

/** Image heights on both sides of what fits 16 bits. */
const HEIGHTS = [1, 2, 9, 64, 480, 8190, 8191, 8192, 40_000]
/** Columns so many apart are, by sums of 16 bits, about as far from each other as neighbours. */
const ALIASES = [
  [8191, 9],
  [21_845, 4],
]

describe(`masks column by column (DETSCOPE_SEED=${seed})`, () => {
  test.each(HEIGHTS)('area and bounds at a height of %d px', async height => {
    const random = new Random(seed, height)
    const outlines = random.times(400, () =>
      outline(random, height, random.pick([0, 1, 7, 15, 40, height]), random.chance(0.5)),
    )
    const set = await createCpuBackend().load(encodeMasks(outlines), rowsTo(outlines.length))
    for (const [i, { area, bounds, runs, width }] of outlines.entries()) {
      const found = { area: set.areaPx[i], bounds: [...set.bounds.subarray(4 * i, 4 * i + 4)] }
      expect(found, JSON.stringify({ height, width, runs })).toEqual({ area, bounds })
    }
  })

  test.each(ALIASES)('a height of %d px with every column of %d filled', async (height, apart) => {
    const width = 40 * apart
    const spans = Array.from({ length: 40 }, (_, i) => [i * apart, 5000, 6000 + (i % 3)])
    const { area, bounds, runs } = stateOf(spans, height, width)
    const set = await createCpuBackend().load(encodeMasks([{ height, width, runs }]), rowsTo(1))
    expect([...set.areaPx, ...set.bounds]).toEqual([area, ...bounds])
  })

  // Masks no higher than 64 rows are compared in another way than higher ones.
  test.each([40, 64, 100, 300])('pixels in common at a height of %d px, as the twin says', async height => {
    const random = new Random(seed, height)
    const outlines = random.times(60, () =>
      outline(random, height, random.pick([1, 7, 15]), random.chance(0.5), 80),
    )
    const rows = rowsTo(outlines.length)
    const pairs = { dt: Uint32Array.from({ length: 3600 }, (_, i) => i / 60), gt: new Uint32Array(3600) }
    for (let i = 0; i < 3600; i++) pairs.gt[i] = i % 60
    const [shared, expected] = await Promise.all(
      [true, false].map(async kernel => {
        const set = await createCpuBackend({ kernel }).load(encodeMasks(outlines), rows)
        return set.intersect(set, pairs)
      }),
    )
    expect(shared).toEqual(expected)
    for (const row of rows) expect(shared[61 * row]).toBe(outlines[row].area)
  })

  test('a string with a wrong character is refused, or read, as the twin does', async () => {
    const random = new Random(seed, 2)
    const [kernel, twin] = [createCpuBackend(), createCpuBackend({ kernel: false })]
    for (let round = 0; round < 300; round++) {
      const { height, width, runs } = outline(random, random.pick([20, 300, 8191]), 12, false)
      const text = compress(runs)
      const at = random.int(0, text.length - 1)
      const other = String.fromCharCode(random.int(30, 126))
      const rle = text.slice(0, at) + other + text.slice(at + 1)
      const masks = encodeMasks([{ height, width, rle }])
      const [found, expected] = await Promise.all(
        [kernel, twin].map(backend =>
          backend.load(masks, rowsTo(1)).then(
            ({ areaPx, bounds }) => [...areaPx, ...bounds],
            error => (error instanceof MaskError ? error.reason : Promise.reject(error)),
          ),
        ),
      )
      expect(found, JSON.stringify({ height, width, rle })).toEqual(expected)
    }
  })
})
