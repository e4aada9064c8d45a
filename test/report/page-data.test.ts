import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scene } from '../../src/data/scene.js'
import { evaluate } from '../../src/evaluate.js'
import { type Column, decodeColumn, encodeColumn, encodeSides } from '../../src/report/column-codec.js'
import { ColumnKernel } from '../../src/report/column-kernel.js'
import { besides, decodePage, encodePage, secondOf } from '../../src/report/page-data.js'
import { deflate, fromBase64, inflate, toBase64 } from '../../src/report/payload.js'
import { areProducts, encodeScene } from '../../src/report/scene-data.js'
import { textOf } from '../support/ascii.js'
import { integer, seeded } from '../support/random.js'
import { buildScene } from '../support/scene.js'

const bytes = fc.uint8Array({ maxLength: 300 })

describe('text of bytes', () => {
  test('is base64, as others write it', () => {
    fc.assert(
      fc.property(bytes, b => {
        expect(textOf(toBase64(b))).toBe(Buffer.from(b).toString('base64'))
      }),
    )
  })

  test('is read back', () => {
    fc.assert(
      fc.property(bytes, b => {
        expect(fromBase64(textOf(toBase64(b)))).toEqual(b)
      }),
    )
  })

  test('is deflated and inflated', async () => {
    const zeros = new Uint8Array(100_000)
    const small = await deflate(zeros)
    expect(small.length).toBeLessThan(1000)
    expect(await inflate(small)).toEqual(zeros)
  })
})

const LAST = 29_999
const many = (of: (i: number) => number) => Float64Array.from({ length: LAST + 1 }, (_, i) => of(i))

describe('a column', () => {
  const kernel = ColumnKernel.create()

  /** Coded by the kernel and by its twin, which must agree, and read back. */
  const back = (column: Column): Column => {
    if (!kernel) throw new Error('this platform has no WebAssembly')
    const { form, bytes } = encodeColumn(column)
    const inKernel = encodeColumn(column, kernel)
    expect(inKernel.form).toEqual(form)
    expect(Buffer.compare(inKernel.bytes, bytes)).toBe(0)
    return decodeColumn(JSON.parse(JSON.stringify(form)), bytes)
  }

  test.each<[string, Column]>([
    ['nothing', new Float64Array(0)],
    ['the ends of its type', Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, -1)],
    ['the ends of its type', Uint32Array.of(2 ** 32 - 1, 0, 2 ** 32 - 1)],
    ['large ids', Float64Array.of(2 ** 53 - 1, 900_100_002_299, -5)],
    ['what no decimal says', Float64Array.of(1 / 3, Number.NaN, -0, Number.POSITIVE_INFINITY, 5e-324)],
    ['whole numbers and a 0 below 0', Float64Array.of(2, -0, 7)],
    ['decimals of several lengths', Float64Array.of(0.1, 0.25, 12.125, 1e-6, 473.07)],
    ['one beyond the reach of the divisor of the others', Float64Array.of(2 ** 50, 0.000001)],
    [
      'every length',
      Float64Array.from({ length: 300 }, (_, i) => (i % 2 || -1) * (2 ** (i >> 3) + (i & 7) - 4)),
    ],
    ['more numbers below 0 than above', Float64Array.of(-0.5, -12.25, 3, -7)],
    ['odd lengths', Int32Array.of(5, -3, 12)],
    ['a few far from each other', Float64Array.of(2 ** 50, -(2 ** 50), 3, 2 ** 50)],
    ['more entries than a call takes, far from each other', many(i => (i % 3) * 2 ** 47 + i)],
    ['more entries than a call takes, in small integers', Uint8Array.from(many(i => i % 251))],
    ['more entries than a call takes, ascending', many(i => 3 * i)],
    ['more entries than a call takes, up and down', many(i => (i % 2) * 1e6 + i)],
    ['more entries than a call takes, the last with more decimals', many(i => (i < LAST ? i / 2 : 0.125))],
    ['more entries than a call takes, the last none that a decimal says', many(i => (i < LAST ? i : 1 / 3))],
  ])('of %s is read back to the bit', (_, column) => {
    expect(Object.is(back(column), column)).toBe(false)
    expect(back(column).every((value, i) => Object.is(value, column[i]))).toBe(true)
    expect(back(column).length).toBe(column.length)
    expect(back(column).constructor).toBe(column.constructor)
  })

  test('of any doubles is read back to the bit', () => {
    const doubles = fc.float64Array({ maxLength: 40 })
    fc.assert(
      fc.property(doubles, column => {
        expect(back(column)).toEqual(column)
      }),
    )
  })

  test('of decimals is read back to the bit', () => {
    const decimals = fc.array(fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 })))
    fc.assert(
      fc.property(decimals, pairs => {
        const column = Float64Array.from(pairs, ([n, places]) => Number(`${n}e-${places}`))
        const { form } = encodeColumn(column)
        expect(form.coding).not.toBe('bytes')
        expect([...back(column)]).toEqual([...column].map(value => value + 0))
      }),
    )
  })

  test('of every type is read back to the bit, whatever its length', () => {
    const columns = fc.oneof(
      fc.int32Array({ maxLength: 40 }),
      fc.uint32Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
    )
    fc.assert(
      fc.property(columns, column => {
        expect(back(column)).toEqual(column)
      }),
    )
  })

  test('whose steps are all alike takes no byte', () => {
    const { form, bytes } = encodeColumn(many(i => 1e6 + 3 * i))
    expect(bytes.length).toBe(0)
    expect(form).toMatchObject({ coding: 'steps', base: 3, start: 1e6 - 3 })
    expect(encodeColumn(new Uint32Array(40).fill(7))).toMatchObject({ bytes: { length: 0 } })
  })

  test('takes as many bytes an entry as its range needs, or that of its steps', () => {
    const bytesOf = (...values: number[]) =>
      encodeColumn(Float64Array.from(values)).bytes.length / values.length
    expect(bytesOf(0, 255, 7, 130)).toBe(1)
    expect(bytesOf(0, 256, 7, 130)).toBe(2)
    expect(bytesOf(0.01, 655.36, 7, 130)).toBe(2)
    expect(bytesOf(0.01, 655.37, 7, 130)).toBe(3)
    expect(bytesOf(1e6, 1e6 + 900, 1e6 + 2055)).toBe(1)
    expect(bytesOf(1e6, 1e6 + 900, 1e6 + 2056)).toBe(2)
    expect(bytesOf(-(2 ** 50), 2 ** 50, 0.5)).toBe(8)
  })

  test('begins with planes of noise, which are not compressed', () => {
    const random = seeded(2)
    const plainOf = (of: (i: number) => number) => encodeColumn(many(of)).form.plain
    expect(plainOf(() => integer(random, 2 ** 16))).toBe(2)
    expect(plainOf(() => integer(random, 2 ** 16) + (integer(random, 9) === 0 ? 2 ** 16 : 0))).toBe(2)
    expect(plainOf(() => integer(random, 2 ** 12))).toBe(1)
    expect(plainOf(() => integer(random, 100))).toBe(0)
    expect(plainOf(i => ((i >> 5) * 157) & 255)).toBe(0) // in runs
    expect(plainOf(() => Math.sqrt(1 + 3 * random()))).toBe(6)
  })
})

describe('sides of boxes', () => {
  const kernel = ColumnKernel.create()
  const NUMBERS = [0, -0, 1, 12.5, 0.125, 1 / 3, -7, 1e9, Number.NaN, Number.POSITIVE_INFINITY]
  const boxesOf = (rows: number, of: (row: number, side: number) => number) =>
    Float64Array.from({ length: 4 * rows }, (_, i) => of(i >> 2, i & 3))

  test.each<[string, Float64Array]>([
    ['no box', boxesOf(0, () => 0)],
    ['one box', boxesOf(1, (_, side) => side - 1.5)],
    ['sides with decimals of their own', boxesOf(99, (row, side) => (row * row) / 10 ** side)],
    [
      'sides whose last rows have more',
      boxesOf(20_000, (row, side) => (row < 19_990 - side ? row : row / 8)),
    ],
    ['some that no decimal says', boxesOf(20_000, (row, side) => (row < 9000 * side ? row % 900 : 1 / 3))],
  ])('are columns: %s', (_, boxes) => {
    const coded = encodeSides(boxes)
    expect(coded.length).toBe(4)
    expect(kernel?.encodeSides(boxes).map(({ bytes }) => [...bytes])).toEqual(
      coded.map(({ bytes }) => [...bytes]),
    )
    for (const [side, { form, bytes }] of coded.entries()) {
      const column = boxes.filter((_, i) => (i & 3) === side)
      expect({ form, bytes }).toEqual(encodeColumn(column))
      expect(encodeSides(boxes, kernel)[side].form).toEqual(form)
      expect(decodeColumn(form, bytes)).toEqual(column)
    }
  })

  test('are compared with areas to the bit', () => {
    const random = seeded(3)
    const any = () => NUMBERS[integer(random, NUMBERS.length)]
    const outcomes = Array.from({ length: 400 }, (_, i) => {
      const boxes = boxesOf(1 + (i % 3), any)
      const areas = Float64Array.from({ length: boxes.length / 4 }, (_, row) =>
        random() < 0.2 ? any() : boxes[4 * row + 2] * boxes[4 * row + 3],
      )
      const isSame = areas.every((area, row) => Object.is(area, boxes[4 * row + 2] * boxes[4 * row + 3]))
      expect([areProducts(areas, boxes), kernel?.areProducts(areas, boxes)]).toEqual([isSame, isSame])
      return isSame
    })
    expect(new Set(outcomes).size).toBe(2)
    const many = boxesOf(20_000, row => row)
    const squares = Float64Array.from({ length: 20_000 }, (_, row) => row * row)
    expect(kernel?.areProducts(squares, many)).toBe(true)
    squares[19_999]++
    expect(kernel?.areProducts(squares, many)).toBe(false)
  })
})

const triangle = (x: number, side: number) => [[x, 5, x + side, 5, x + side, 5 + side]]
const gt = {
  images: [
    { id: 7, width: 200, height: 100, file_name: '</script><b>.png' },
    { id: 9, width: 200, height: 100, file_name: 'b.png' },
  ],
  categories: [
    { id: 3, name: 'box' },
    { id: 5, name: '<img src=x>' },
  ],
  annotations: [
    { id: 1, image_id: 9, category_id: 5, segmentation: triangle(10, 30), iscrowd: 0 },
    {
      id: 900100002299,
      image_id: 7,
      category_id: 3,
      iscrowd: 1,
      segmentation: { size: [100, 200], counts: [0, 6000, 14000] },
    },
    { id: 3, image_id: 7, category_id: 3, segmentation: triangle(50.5, 20), iscrowd: 0 },
  ].map((annotation, i) => ({ ...annotation, area: 700.5, bbox: [10 * (i + 1), 5, 30.25, 30] })),
}
const dt = [
  {
    image_id: 7,
    category_id: 3,
    score: 0.9123456789012345,
    segmentation: triangle(48, 22),
    bbox: [48, 5, 22, 22],
  },
  { image_id: 9, category_id: 3, score: 0.5, segmentation: triangle(12, 30), bbox: [12.3, 5, 30, 30.1] },
]

/** As a page reads it: what was encoded, through its blocks. */
async function throughBlocks(scene: Scene): Promise<Scene> {
  const blocks = await encodePage(scene, null)
  return (await decodePage(name => textOf(blocks.get(name)))).scene
}

describe('a scene', () => {
  test.each(['bbox', 'segm'] as const)('of %s is read back to the bit', async iouType => {
    const { scene } = await evaluate(gt, dt, { iouType, scene: true })
    if (!scene) throw new Error('no scene')
    expect(scene.pairs.gts.length).toBeGreaterThan(1)
    expect(await throughBlocks(scene)).toEqual(scene)
    expect(encodeScene(scene).head.derived['pairs.similarities']).toBe(
      iouType === 'segm' ? 'shared' : 'boxes',
    )
  })

  test('whose similarities follow from nothing keeps them', async () => {
    const { scene } = await evaluate(gt, dt, { iouType: 'segm', scene: true })
    if (!scene) throw new Error('no scene')
    const other = {
      ...scene,
      pairs: { ...scene.pairs, similarities: scene.pairs.similarities.map(s => s / 3) },
    }
    expect(await throughBlocks(other)).toEqual(other)
    expect(await throughBlocks(scene)).not.toEqual(other)
  })

  test('without detections is read back', async () => {
    const { scene } = await evaluate(gt, [], { iouType: 'segm', scene: true })
    if (!scene) throw new Error('no scene')
    expect(await throughBlocks(scene)).toEqual(scene)
  })
})

test('what else a page carries arrives: infinite numbers, columns, any text', async () => {
  const { scene } = await evaluate(gt, dt, { scene: true })
  if (!scene) throw new Error('no scene')
  const content = {
    hi: Number.POSITIVE_INFINITY,
    lo: [Number.NEGATIVE_INFINITY],
    text: '</script>\u2028',
    none: null,
  }
  const blocks = await encodePage(scene, content, { columns: { extra: Uint8Array.of(1, 2, 250) } })
  for (const text of blocks.values()) expect(textOf(text)).toMatch(/^[A-Za-z0-9+/=]*$/)
  const page = await decodePage(name => textOf(blocks.get(name)))
  expect(page.content).toEqual(content)
  expect(await page.column('extra')).toEqual(Uint8Array.of(1, 2, 250))
})

describe('two models in one page', () => {
  const truths = [{ box: [0, 0, 50, 50] }, { box: [100, 0, 50, 50] }]
  const scenes = [
    buildScene(truths, [{ box: [0, 0, 50, 40], score: 0.5 }]),
    buildScene(truths, [
      { box: [0, 0, 45, 50], score: 0.7 },
      { box: [100, 0, 50, 50], score: 0.25 },
    ]),
  ]

  test('both are read back, and what they have in common stands there once', async () => {
    const [first, second] = await Promise.all(scenes.map((scene, i) => encodePage(scene, { model: i })))
    const blocks = new Map([...first, ...besides(first, second)])
    const find = (name: string): string | null => (blocks.has(name) ? textOf(blocks.get(name)) : null)
    const findSecond = secondOf(find)
    const [a, b] = await Promise.all(
      [find, findSecond].map(one => decodePage<{ model: number }>(name => one?.(name) ?? '')),
    )
    expect([a.content.model, b.content.model]).toEqual([0, 1])
    expect([a.scene, b.scene]).toEqual(scenes)
    const added = [...blocks.keys()].filter(name => !first.has(name))
    expect(added.some(name => name.startsWith('b.gt.') || name.startsWith('b.images.'))).toBe(false)
    expect(added).toContain('b.dt.scores')
  })

  test('a page of one has no second', async () => {
    const blocks = await encodePage(scenes[0], {})
    expect(secondOf(name => (blocks.has(name) ? textOf(blocks.get(name)) : null))).toBeNull()
  })
})
