import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finish } from '../../src/data/steps.js'
import { CellKernel } from '../../src/matching/cell-kernel.js'
import type { Grouped, GroupInput } from '../../src/matching/cells.js'
import { groupPlainly } from '../../src/matching/plain-cells.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, seeded } from '../support/random.js'

const kernel = CellKernel.create() as CellKernel

/** Everything in a form in which -0 and 0 differ. */
const plainOf = ({ cells, dtScores, counts, firstCut }: Grouped) => ({
  ...Object.fromEntries(Object.entries(cells).map(([key, part]) => [key, [part].flat().join()])),
  dtScores: [...dtScores].map(score => (Object.is(score, -0) ? '-0' : String(score))).join(),
  counts: [[...counts.groundTruths], [...counts.detections]],
  firstCut,
})

function expectTwins(input: GroupInput): void {
  lendDirtyMemory()
  expect(plainOf(finish(kernel.group(input)) as Grouped)).toEqual(plainOf(groupPlainly(input)))
}

const SCORES = [0.5, 0.25, 0.250001, 1, 0, -0, -1, 1e300, -1e300, 5e-324, -5e-324, Infinity, -Infinity]

const anyScore = fc.oneof(fc.constantFrom(...SCORES), fc.double({ noNaN: true }))

/** Records of few images and categories, so that cells fill; files in any order and by image. */
const anyInput = fc
  .record({
    imageCount: fc.integer({ min: 1, max: 6 }),
    categoryCount: fc.integer({ min: 1, max: 5 }),
    classAgnostic: fc.boolean(),
    cap: fc.constantFrom(1, 2, 10, Number.POSITIVE_INFINITY),
    byImage: fc.boolean(),
    gts: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
    dts: fc.array(fc.tuple(fc.nat(), fc.nat(), anyScore), { maxLength: 200 }),
    left: fc.array(fc.nat(), { maxLength: 3 }),
  })
  .map(({ imageCount, categoryCount, classAgnostic, cap, byImage, gts, dts, left }): GroupInput => {
    const ordered = <T extends [number, number, ...unknown[]]>(rows: T[]): T[] =>
      byImage ? rows.toSorted((a, b) => (a[0] % imageCount) - (b[0] % imageCount)) : rows
    const side = (rows: [number, number, ...unknown[]][]) => ({
      images: Int32Array.from(rows, ([image]) => image % imageCount),
      categories: Int32Array.from(rows, ([, category]) => category % categoryCount),
    })
    const [gtRows, dtRows] = [ordered(gts), ordered(dts)]
    const images = new Uint8Array(imageCount).fill(1)
    const axis = new Int32Array(categoryCount)
    for (const i of left.slice(1)) images[i % imageCount] = 0
    for (const i of left.slice(0, 1)) axis[i % categoryCount] = -1
    let k = 0
    for (let i = 0; i < categoryCount; i++) if (axis[i] === 0 && !classAgnostic) axis[i] = k++
    return {
      groundTruths: side(gtRows),
      detections: { ...side(dtRows), scores: Float64Array.from(dtRows, row => row[2]) },
      images,
      axis,
      axisLength: classAgnostic ? 1 : k,
      classAgnostic,
      cap,
    }
  })

describe('the kernel and its twin group alike', () => {
  test('any records', () => {
    fc.assert(fc.property(anyInput, expectTwins), { numRuns: 500 })
  })

  test.each([
    ['scores of three digits', (random: () => number) => Math.round(random() * 1000) / 1000],
    ['any float', (random: () => number) => (random() - 0.5) * 2 ** integer(random, 100)],
    ['zeros and the smallest', (random: () => number) => [0, -0, 5e-324, -5e-324][integer(random, 4)]],
    ['one score', () => 0.5],
  ])('cells on both sides of the change of sorts: %s', (_, draw) => {
    const random = seeded(5)
    const sizes = [0, 1, 47, 48, 49, 50, 300, 5000]
    const images = sizes.flatMap((size, image) => new Array<number>(size).fill(image))
    for (const classAgnostic of [false, true]) {
      expectTwins({
        groundTruths: { images: new Int32Array(0), categories: new Int32Array(0) },
        detections: {
          images: Int32Array.from(images),
          categories: Int32Array.from(images, () => (classAgnostic ? integer(random, 2) : 1)),
          scores: Float64Array.from(images, () => draw(random)),
        },
        images: new Uint8Array(sizes.length).fill(1),
        axis: classAgnostic ? new Int32Array(2) : Int32Array.of(0, 1),
        axisLength: classAgnostic ? 1 : 2,
        classAgnostic,
        cap: 1000,
      })
    }
  })
})

test.each([
  ['very many rows', { length: 2 ** 22 + 1, byteLength: 2 ** 24 + 4 }],
  ['rows that its memory does not hold', { length: 1, byteLength: 2 ** 33 }],
])('%s are left to the twin', (_, column) => {
  const groundTruths = { images: column, categories: column }
  const detections = { images: [], categories: [], scores: [] }
  const images = new Uint8Array(1)
  const axis = new Int32Array(1)
  const input = { groundTruths, detections, images, axis, axisLength: 1 }
  expect(finish(kernel.group(input as unknown as GroupInput))).toBeNull()
})
