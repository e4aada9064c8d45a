import { describe, expect, test } from 'vitest'
import { iouMatrix } from '../../src/index.js'
import { compress } from '../parity/masks.js'
import { type Box, dataset, failure, foundMask, image, rle, runs, truth, warnings } from './coco.js'

const BOX: Box = [10, 10, 40, 40]
const gtOf = (segmentation: unknown) => dataset([truth(7, BOX, { segmentation })])
const dtOf = (segmentation: unknown) => [foundMask([0, 0, 5, 5], 0.9), foundMask(BOX, 0.5, { segmentation })]
const good = gtOf(rle(BOX))

/** Runs of BOX that end `by` pixels later than the image does. */
const off = (by: number): number[] => runs(BOX).map((run, i, all) => (i === all.length - 1 ? run + by : run))

const spellings: [string, (counts: number[]) => unknown][] = [
  ['a string', counts => compress(counts)],
  ['a list', counts => counts],
]

describe.each(spellings)('counts as %s', (_, spell) => {
  const mask = (counts: number[], size = [100, 100]) => ({ size, counts: spell(counts) })

  test.each([
    ['too short', off(-5), 9995],
    ['too long', off(12), 10012],
    ['of nothing', [], 0],
    ['that stop after the first run', [1010], 1010],
    ['of another image', runs(BOX, 50, 60), 3000],
  ])('%s', async (_name, counts, sum) => {
    const reason = `segmentation: the counts sum to ${sum} px, but height * width is 10000 px`
    expect(await failure(good, dtOf(mask(counts)))).toBe(`dt.json: [1].${reason}`)
    expect(await failure(gtOf(mask(counts)), dtOf(rle(BOX)))).toBe(`gt.json: annotations[0] (id 7).${reason}`)
  })

  test('in a box run too, where a mask stands in for a box', async () => {
    const options = { iouType: 'bbox' } as const
    expect(await failure(good, dtOf(mask(off(1))), options)).toContain(
      'dt.json: [1].segmentation: the counts sum',
    )
  })

  test('the size swapped', async () => {
    const tall = { images: [image(1, 80, 120)] }
    const gt = dataset([truth(7, BOX, { segmentation: rle(BOX, 80, 120) })], tall)
    const dt = [foundMask(BOX, 0.5, { segmentation: mask(runs(BOX, 120, 80), [120, 80]) })]
    expect(await failure(gt, dt)).toBe(
      'dt.json: [0].segmentation.size: expected [80, 120], the [height, width] of image 1, got [120, 80]; ' +
        'height and width are swapped in one of the two: "size" is [height, width]',
    )
  })

  test('one side of the other is not swapped', async () => {
    const gt = dataset([truth(7, BOX)], { images: [image(1, 80, 120)] })
    const dt = [foundMask(BOX, 0.5, { segmentation: mask(runs(BOX, 120, 60), [120, 60]) })]
    expect(await failure(gt, dt)).toContain('got [120, 60]; a mask must have the size of its image')
  })

  test('another size than the image', async () => {
    const cause = 'a mask must have the size of its image; was it made at the size of the network input?'
    const small = mask(runs(BOX, 64, 64), [64, 64])
    const sizes = `segmentation.size: expected [100, 100], the [height, width] of image 1, got [64, 64]; ${cause}`
    expect(await failure(good, dtOf(small))).toBe(`dt.json: [1].${sizes}`)
    expect(await failure(gtOf(small), dtOf(rle(BOX)))).toBe(`gt.json: annotations[0] (id 7).${sizes}`)
  })

  test('two sizes in an image that states none', async () => {
    const gt = dataset([truth(7, BOX, { segmentation: rle(BOX) })], { images: [{ id: 1 }] })
    expect(
      await failure(gt, [foundMask(BOX, 0.5, { segmentation: mask(runs(BOX, 64, 64), [64, 64]) })]),
    ).toContain('dt.json: [0].segmentation.size: expected [100, 100]')
  })
})

test.each<[string, unknown, string]>([
  ['a negative count', [10, -5, 9995], 'run lengths in "counts" as whole numbers from 0, got -5'],
  ['a fraction', [0.5, 9999.5], 'run lengths in "counts" as whole numbers from 0, got 0.5'],
  ['a count that is no number', ['5', 9995], 'every run length in "counts" as a finite number, got "5"'],
  ['counts null', null, '"counts" as a string or a list of run lengths, got null'],
  ['a number for counts', 10000, '"counts" as a string or a list of run lengths, got 10000'],
])('%s', async (_, counts, words) => {
  const spaced = JSON.stringify(dtOf({ size: [100, 100], counts })).replaceAll(',', ', ')
  expect(await failure(good, spaced)).toBe(`dt.json: [1]: expected ${words}`)
})

test.each<[string, string, string]>([
  ['cut short inside a number', 'Z', 'the string ends inside a number; it was cut short'],
  ['a blank', 'PP 9', 'character code 32 at position 2 is no part of a compressed RLE (codes 48 to 111)'],
  [
    'a letter beyond the alphabet',
    '0x0',
    'character "x" at position 1 is no part of a compressed RLE (codes 48 to 111)',
  ],
  ['a negative count', 'O', 'count 0 is negative (-1)'],
])('a string: %s', async (_, counts, reason) => {
  expect(await failure(good, dtOf({ size: [100, 100], counts }))).toBe(`dt.json: [1].segmentation: ${reason}`)
})

const RLE = '"segmentation" as RLE with both "size" [height, width] and "counts"'
const COORDINATE = 'every coordinate of a polygon [x0, y0, x1, y1, ...] as a finite number'

test.each<[string, unknown, string]>([
  ['no size', { counts: 'PP9' }, `${RLE}, got {"counts":"PP9"}`],
  ['no counts', { size: [100, 100] }, `${RLE}, got {"size":[100,100]}`],
  ['a size of one', { size: [100], counts: 'PP9' }, '"size" as [height, width], got [100]'],
  ['a size of three', { size: [9, 9, 1], counts: 'P' }, '"size" as [height, width], got [9,9,1]'],
  [
    'a size in quotes',
    { size: ['100', '100'], counts: 'PP9' },
    'height and width in "size" as a finite number, got "100"',
  ],
  [
    'a size of fractions',
    { size: [100.5, 100], counts: 'PP9' },
    'height and width in "size" as whole numbers of px, got 100.5',
  ],
  ['a string', 'PP9', '"segmentation" as polygons or RLE {size, counts}'],
  [
    'a polygon without its own list',
    [10, 10, 20, 10, 20, 20],
    '"segmentation" as a list of polygons, each a list',
  ],
  [
    'points in pairs',
    [
      [
        [10, 10],
        [20, 10],
        [20, 20],
      ],
    ],
    `${COORDINATE}, got [10,10]`,
  ],
  ['a coordinate null', [[10, null, 20, 10, 20, 20]], `${COORDINATE}, got null`],
  [
    'a coordinate beyond all measure',
    [[5, 1e9, 5, 5, 0, 9]],
    'polygon coordinates within 100000000 px, got 1000000000',
  ],
])('no mask: %s', async (_, segmentation, words) => {
  const message = await failure(good, dtOf(segmentation))
  expect(message).toMatch(/^dt\.json: \[1\]: expected /)
  expect(message).toContain(words)
})

describe('polygons and boxes need the size of the image', () => {
  const unsized = { images: [{ id: 1, file_name: 'a.jpg' }] }
  const message =
    'image 1 has no "height" and "width" in the ground truth, which polygons and boxes need to become masks'

  test.each([{}, { height: 100 }, { width: 100 }, { height: null, width: null }, { height: 0, width: 0 }])(
    'an image with %j',
    async size => {
      const gt = dataset([truth(7, BOX)], { images: [{ id: 1, ...size }] })
      expect(await failure(gt, dtOf(rle(BOX)))).toBe(`gt.json: annotations[0] (id 7): ${message}`)
    },
  )

  test('detections', async () => {
    const gt = dataset([truth(7, BOX)], unsized)
    const dt = [{ ...foundMask(BOX, 1), segmentation: [[0, 0, 9, 0, 9, 9]] }]
    expect(await failure({ ...gt, annotations: [] }, dt, { iouType: 'segm' })).toBe(
      `dt.json: [0]: ${message}`,
    )
  })

  test('an image too large to count', async () => {
    const gt = dataset([truth(7, BOX)], { images: [image(1, 65536, 65536)] })
    expect(await failure(gt, [foundMask(BOX, 1, { segmentation: [[0, 0, 9, 0, 9, 9]] })])).toBe(
      'gt.json: annotations[0] (id 7): expected an image of less than 2^32 px, as masks are counted in 32 bits, ' +
        'but image 1 has [height, width] [65536, 65536]',
    )
  })

  test('a width that is no whole number', async () => {
    const gt = dataset([truth(7, BOX)], { images: [{ id: 1, height: 100, width: '100' }] })
    expect(await failure(gt, [])).toMatch(/^gt\.json: images\[0\]: expected "width" as a /)
  })
})

describe('runs along the rows instead of down the columns', () => {
  const boxes: Box[] = [
    [10, 5, 30, 10],
    [50, 40, 20, 30],
    [5, 60, 60, 15],
    [80, 10, 30, 8],
  ]
  const tall = { images: [image(1, 80, 120)] }
  const gt = dataset(
    boxes.map((box, i) => truth(i + 1, box, { segmentation: rle(box, 80, 120) })),
    tall,
  )
  /** The counts of the turned image, in which columns are rows. */
  const rowMajor = ([x, y, w, h]: Box) => ({ size: [80, 120], counts: runs([y, x, h, w], 120, 80) })

  test('is seen where records carry boxes too', async () => {
    const dt = boxes.map(bbox => foundMask(bbox, 0.5, { bbox, segmentation: rowMajor(bbox) }))
    const found = await warnings(gt, dt)
    expect(found.map(({ code }) => code)).toEqual(['areas-from-boxes', 'masks-look-row-major'])
    expect(found[1]).toMatchObject({ count: 4, example: 'dt.json: [0]' })
    const wrong = dataset(
      boxes.map((box, i) => truth(i + 1, box, { segmentation: rowMajor(box) })),
      tall,
    )
    const right = boxes.map(box => foundMask(box, 0.5, { segmentation: rle(box, 80, 120) }))
    expect(await warnings(wrong, right)).toMatchObject([
      { code: 'masks-look-row-major', count: 4, example: 'gt.json: annotations[0] (id 1)' },
    ])
  })

  test('masks that lie in their boxes are not suspected, nor a file in which most do', async () => {
    const right = boxes.map(bbox => foundMask(bbox, 0.5, { bbox, segmentation: rle(bbox, 80, 120) }))
    const wrong = boxes.slice(1).map(bbox => foundMask(bbox, 0.5, { bbox, segmentation: rowMajor(bbox) }))
    for (const dt of [right, [...right, ...wrong]]) {
      expect((await warnings(gt, dt)).map(({ code }) => code)).toEqual(['areas-from-boxes'])
    }
  })
})

test('masks of one image compare with -1 where sizes differ, as in the reference, when asked for one by one', async () => {
  expect([...(await iouMatrix([rle(BOX)], [rle(BOX, 80, 120)])).values]).toEqual([-1])
})
