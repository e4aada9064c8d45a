import { describe, expect, test } from 'vitest'
import { finish } from '../../src/data/steps.js'
import {
  imagesWith,
  percentileInterval,
  type Resamples,
  resample,
  resampleSteps,
  SumCollector,
  standardDeviation,
  totals,
} from '../../src/metrics/bootstrap.js'
import { Random } from '../../src/metrics/random.js'
import { ResampleKernel } from '../../src/metrics/resample-kernel.js'
import { SumKernel } from '../../src/metrics/sum-kernel.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, seeded } from '../support/random.js'

describe('the generator', () => {
  test('is xoshiro128**: the first numbers of its authors’ C code from the state 1, 2, 3, 4', () => {
    const random = Random.from([1, 2, 3, 4])
    const numbers = Array.from({ length: 10 }, () => random.next())
    expect(numbers).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
  })

  test('fills its state from the seed through the mixer of MurmurHash3', () => {
    // Computed apart, with whole numbers of any size.
    const random = new Random(1)
    expect([0, 1, 2].map(() => random.next())).toEqual([2442144158, 3238099751, 3819917871])
  })

  test('draws by its numbers, in their order', () => {
    const counts = new Uint32Array(7)
    const drawing = new Random(5)
    drawing.drawInto(counts, 50)
    const stepping = new Random(5)
    const expected = new Uint32Array(7)
    for (let draw = 0; draw < 50; draw++) expected[Math.floor((stepping.next() / 2 ** 32) * 7)]++
    expect(counts).toEqual(expected)
    expect(drawing.next()).toBe(stepping.next())
  })
})

/** Columns as lists of values by image. */
function sumsOf(columns: number[][]) {
  const collector = new SumCollector(columns[0].length)
  for (const column of columns) collector.add(Uint32Array.from(column.keys()), column)
  return collector.finish()
}

const column = ({ replicates, sums }: Resamples, c: number): Float64Array =>
  sums.subarray(c * replicates, (c + 1) * replicates)

describe('rows are counted by image', () => {
  const [DETECTIONS, TRUTHS] = [30_000, 700]

  /** Columns of many and of few rows over some images, of which every third one is not drawn from. */
  function countWith(imageCount: number, seed: number, kernel: SumKernel | null) {
    const random = seeded(seed)
    const positions = Int32Array.from({ length: 2 * imageCount }, (_, row) => (row % 3 === 1 ? -1 : 0))
    const drawn = [...positions.keys()].filter(row => positions[row] === 0).slice(0, imageCount)
    for (const [position, row] of drawn.entries()) positions[row] = position
    const named = (count: number) =>
      Int32Array.from({ length: count }, () => drawn[integer(random, drawn.length)])
    const columns = [named(DETECTIONS), named(TRUTHS)]
    const collector = new SumCollector(imageCount, kernel)
    const byHand: Map<number, number>[] = []
    for (const share of [0, 0.001, 0.02, 0.3, 1, 0.5, 0, 0.01]) {
      for (const images of [...columns, columns[0]]) {
        const rows = Int32Array.from(images.keys()).filter(() => random() < share)
        const place = collector.count(rows, images, positions)
        byHand[place] = new Map()
        for (const row of rows) {
          const image = positions[images[row]]
          byHand[place].set(image, (byHand[place].get(image) ?? 0) + 1)
        }
        if (share === 0.3)
          byHand[collector.add([0, 1], [0.5, 2])] = new Map([
            [0, 0.5],
            [1, 2],
          ])
      }
    }
    return { sums: collector.finish(), byHand }
  }

  test.each([2, 9, 100, 5_000, 20_000])('of %d images, in WebAssembly as without', imageCount => {
    for (let seed = 0; seed < 4; seed++) {
      lendDirtyMemory()
      const kernel = SumKernel.create(imageCount)
      if (!kernel) throw new Error('this platform has no WebAssembly')
      const { sums, byHand } = countWith(imageCount, seed, kernel)
      expect(sums).toEqual(countWith(imageCount, seed, null).sums)
      expect(sums.columns).toBe(byHand.length)
      for (const [place, counts] of byHand.entries()) {
        const [from, to] = [sums.offsets[place], sums.offsets[place + 1]]
        const found = [...sums.images.subarray(from, to)].map(
          (image, i) => [image, sums.values[from + i]] as const,
        )
        expect(new Map(found)).toEqual(counts)
        expect(found.length).toBe(counts.size)
      }
    }
  })
})

describe('resampling images', () => {
  test('keeps only what is not 0, and adds up', () => {
    const sums = sumsOf([
      [0, 2, 0, 3],
      [0, 0, 0, 0],
      [1, 0, 0, -1],
    ])
    expect([...sums.offsets]).toEqual([0, 2, 2, 4])
    expect([...sums.images]).toEqual([1, 3, 0, 3])
    expect([...totals(sums)]).toEqual([5, 0, 0])
    expect([imagesWith(sums, [0]), imagesWith(sums, [0, 2]), imagesWith(sums, [0], [2])]).toEqual([2, 3, 2])
  })

  test.each([1, 2, 8, 13, 100])('is the same in WebAssembly, to the bit: %d resamples', replicates => {
    const random = seeded(replicates)
    const sums = sumsOf(
      Array.from({ length: 5 }, () => Array.from({ length: 37 }, () => (random() < 0.3 ? 0 : random()))),
    )
    const kernel = ResampleKernel.create()
    if (!kernel) throw new Error('this platform has no WebAssembly')
    for (const seed of [1, 7]) {
      const of = (own: ResampleKernel | null) => finish(resampleSteps(sums, { replicates, seed }, own))
      expect(of(kernel)).toEqual(of(null))
    }
  })

  test('adds what falls on one image', () => {
    const collector = new SumCollector(3)
    expect(collector.add([2, 0, 2], [1, 4, 5])).toBe(0)
    expect(collector.count(Int32Array.of(5, 3, 4), Int32Array.of(9, 9, 9, 0, 0, 0), Int32Array.of(1))).toBe(1)
    const sums = collector.finish()
    expect([[...sums.images], [...sums.values]]).toEqual([
      [2, 0, 1],
      [6, 4, 3],
    ])
  })

  test('counts rows by image, few and many', () => {
    const random = seeded(8)
    const images = Int32Array.from({ length: 300 }, () => integer(random, 40))
    const positions = Int32Array.from({ length: 40 }, (_, image) => 39 - image)
    for (const length of [0, 1, 5, 19, 20, 21, 300]) {
      const rows = Int32Array.from({ length }, () => integer(random, 300))
      const collector = new SumCollector(40)
      collector.count(rows, images, positions)
      collector.count(rows.subarray(0, 3), images, positions) // nothing is left of the first
      const { offsets, images: counted, values } = collector.finish()
      const found = new Map(Array.from({ length: offsets[1] }, (_, entry) => [counted[entry], values[entry]]))
      const expected = new Map<number, number>()
      for (const row of rows) {
        const at = 39 - images[row]
        expected.set(at, (expected.get(at) ?? 0) + 1)
      }
      expect(found).toEqual(expected)
      expect(values.subarray(offsets[1]).reduce((sum, value) => sum + value, 0)).toBe(Math.min(3, length))
    }
  })

  test('what is left of a whole without a part', () => {
    const random = seeded(9)
    for (let round = 0; round < 50; round++) {
      const columns = Array.from({ length: 4 }, () =>
        Array.from({ length: 12 }, () => integer(random, 3) - 1),
      )
      const sums = sumsOf(columns)
      for (const minus of [[2], [2, 3], [0]]) {
        const left = columns[0].map((_, image) => {
          const without = minus.reduce((sum, c) => sum + columns[c][image], 0)
          return columns[0][image] + columns[1][image] - without
        })
        expect(imagesWith(sums, [0, 1], minus)).toBe(left.filter(value => value > 0).length)
      }
    }
  })

  test('draws as many images as there are, the same for every column', () => {
    const random = seeded(3)
    const values = Array.from({ length: 50 }, () => random())
    const drawn = resample(sumsOf([values.map(() => 1), values, values.map(value => 2 * value)]), {
      replicates: 21,
    })
    expect([...column(drawn, 0)]).toEqual(new Array(21).fill(50))
    const doubled = column(drawn, 1).map(value => 2 * value)
    expect(column(drawn, 2)).toEqual(doubled)
    expect(new Set(column(drawn, 1)).size).toBe(21)
  })

  test('counts an image as often as it is drawn', () => {
    const one = (image: number): number[] => Array.from({ length: 6 }, (_, i) => (i === image ? 1 : 0))
    const drawn = resample(sumsOf([0, 1, 2, 3, 4, 5].map(one)), { replicates: 9, seed: 4 })
    const random = new Random(4)
    for (let replicate = 0; replicate < 9; replicate++) {
      const counts = new Uint32Array(6)
      random.drawInto(counts, 6)
      expect([0, 1, 2, 3, 4, 5].map(image => column(drawn, image)[replicate])).toEqual([...counts])
    }
  })

  test('the seed decides, and more resamples go on from fewer', () => {
    const sums = sumsOf([[1, 5, 2, 8, 3]])
    const sixteen = resample(sums, { replicates: 16, seed: 9 }).sums
    expect(resample(sums, { replicates: 16, seed: 9 }).sums).toEqual(sixteen)
    expect(resample(sums, { replicates: 8, seed: 9 }).sums).toEqual(sixteen.subarray(0, 8))
    expect(resample(sums, { replicates: 16, seed: 10 }).sums).not.toEqual(sixteen)
  })

  test('the standard error of a mean is that of the theory', () => {
    const random = seeded(11)
    const values = Array.from({ length: 400 }, () => random())
    const means = column(resample(sumsOf([values]), { replicates: 4000 }), 0).map(sum => sum / 400)
    const mean = values.reduce((sum, value) => sum + value, 0) / 400
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400
    const error = Math.sqrt(variance / 400)
    expect(standardDeviation(means) / error).toBeCloseTo(1, 1)
    const [lo, hi] = percentileInterval(means) ?? [0, 0]
    expect((mean - lo) / error).toBeCloseTo(1.96, 0)
    expect((hi - mean) / error).toBeCloseTo(1.96, 0)
  })
})

test('an interval covers the truth as often as it says', () => {
  // The ratio of sums of two variables, images of unequal weight; 300 data sets of 60 images.
  const random = seeded(21)
  let covered = 0
  for (let set = 0; set < 300; set++) {
    const all = Array.from({ length: 60 }, () => 1 + Math.floor(8 * random()))
    const hits = all.map(n => Array.from({ length: n }, () => random()).filter(draw => draw < 0.7).length)
    const drawn = resample(sumsOf([hits, all]), { replicates: 400, seed: set })
    const ratios = column(drawn, 0).map((sum, i) => sum / column(drawn, 1)[i])
    const [lo, hi] = percentileInterval(ratios) ?? [1, 0]
    if (lo <= 0.7 && hi >= 0.7) covered++
  }
  // 95 % of 300 is 285; four standard deviations are 15.
  expect(covered).toBeGreaterThan(270)
  expect(covered).toBeLessThan(300)
})

test('quantiles are NumPy’s', () => {
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [2.5, 97.5]) and, of one value, that value
  expect(percentileInterval([3, 1, 4, 1, 5, 9, 2, 6])).toEqual([1, expect.closeTo(8.475, 12)])
  expect(percentileInterval([0, 1, 2, 3, 4], 0.5)).toEqual([1, 3])
  expect(percentileInterval([7])).toEqual([7, 7])
  expect(percentileInterval([])).toBeNull()
})
