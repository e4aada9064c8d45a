import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { rleBytesOf } from '../../src/data/masks.js'
import type { MaskWish } from '../../src/ingest/detections.js'
import { readGroundTruth } from '../../src/ingest/ground-truth.js'
import { FIELDS, Scanner } from '../../src/ingest/scanner.js'
import { bracketed, field, maybe, one, recordOf, space } from '../support/json-records.js'
import { textSource } from '../support/text-source.js'
import { readersWithoutKernel } from '../support/without-kernel.js'

type Read = typeof readGroundTruth

let twin: Read
beforeAll(async () => {
  expect(Scanner.create(1000)).not.toBeNull()
  twin = (await readersWithoutKernel()).readGroundTruth
})

/** All that was read, or the error. Masks as the evaluation sees them, RLE as strings. */
async function outcome(read: Read, text: string, size: number, wish: MaskWish) {
  try {
    const table = await read(textSource(text, size, 'gt.json'), wish, { windowBytes: size })
    const { masks, ...plain } = table.plain()
    const rows = table.masks.select(Uint32Array.from(plain.annotations.ids, (_, i) => i))
    const strings = Array.from(rows.kinds, (kind, i) =>
      kind === 0
        ? String.fromCharCode(
            ...rows.chunks[rows.chunk[i]].subarray(rows.starts[i], rows.starts[i] + rows.lengths[i]),
          )
        : [rows.starts[i], rows.lengths[i]],
    )
    return {
      plain,
      strings,
      kinds: rows.kinds,
      sizes: rows.sizes,
      parts: masks.partOffsets,
      points: masks.points,
    }
  } catch (error) {
    return (error as Error).message
  }
}

const documentOf = (records: string[], separator = ','): string =>
  `{"images": [{"id": 1}], "annotations": [${records.join(separator)}], "categories": [{"id": 1, "name": "a"}]}`

const decimal = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -2000, max: 640_000 }).map(n => `${n / 100}`) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 640, noNaN: true }).map(n => `${n}`) },
  fc.integer({ min: 0, max: 640 }).map(n => `${n}`),
  one('-0', '0.0', '1e3', '12.50000000000000000001', '007', '99999999.9', '1e8', '123456789'),
)
const point = fc.tuple(decimal, decimal)
const part = bracketed(
  '[',
  fc.array(point, { minLength: 3, maxLength: 9 }).map(points => points.flat()),
  ']',
)
const counts = fc.string({ unit: one(...'05:?oXYZ^`\\m'), maxLength: 40 }).map(text => JSON.stringify(text))
const rle = fc
  .tuple(space, counts, space, fc.boolean())
  .map(([a, text, b, turned]) =>
    turned
      ? `{${a}"counts":${b}${text},"size":[${a}480,${b}640 ]}`
      : `{"size" :[480,640]${b},${a}"counts":${text}${b}}`,
  )
const unusualMask = one(
  'null',
  '[[1,2,3,4,5,6,7]]',
  '[[1,2,3,4]]',
  '[[]]',
  '[ ]',
  '{"size":[2,3],"counts":[1,2,3]}',
  '{"size":[2,3],"counts":"1\\u0032\\/"}',
  '{"size":[2,3],"counts":"22","x":1}',
  '{"size":[2,3],"size":[3,2],"counts":"22"}',
)
const mask = fc.oneof(
  { weight: 5, arbitrary: bracketed('[', fc.array(part, { minLength: 1, maxLength: 4 }), ']') },
  { weight: 2, arbitrary: rle },
  { weight: 1, arbitrary: unusualMask },
)
const flag = one('0', '1', 'true', 'false', 'null', '2', '0.0', '-1')
const other = fc.oneof(
  field('attributes', one('{"x": [1, "]}\\""], "y": {}}', '[[],{}]', 'null', 'true', 'false', '-1.5')),
  field('note', one('"a\\"}]"', '"caf\u00e9 \\\\"', '""', 'NaN')),
  one('"\\u0069d": 7', '"ids": 8', '"areas":[1]', '"iscrowds":1', '"i":1', '"":2'),
)
const record = recordOf(
  field('id', fc.oneof(fc.integer({ min: 0, max: 9e8 }), one('900100000000', '-4', '12.0', '3e2'))).map(f => [
    f,
  ]),
  field('image_id', fc.integer({ min: 0, max: 1e6 })).map(f => [f]),
  field('category_id', fc.integer({ min: 0, max: 90 })).map(f => [f]),
  maybe(
    6,
    field(
      'bbox',
      fc.oneof(
        {
          weight: 5,
          arbitrary: bracketed(
            '[',
            fc.array(
              fc.nat(500).map(n => `${n / 4}`),
              { minLength: 4, maxLength: 4 },
            ),
            ']',
          ),
        },
        one('null', '[]'),
      ),
    ),
  ),
  maybe(6, field('area', fc.oneof({ weight: 5, arbitrary: decimal }, one('null')))),
  maybe(6, field('iscrowd', flag)),
  maybe(1, field('ignore', flag)),
  maybe(9, field('segmentation', mask)),
  maybe(1, other),
)
const text = fc
  .tuple(fc.array(record, { maxLength: 30 }), one(',', ' ,\n', ', '))
  .map(([records, separator]) => documentOf(records, separator))
const wish = one<MaskWish>('all', 'none', 'if-first-has-one', 'unless-first-has-box')

test('the kernel reads what its twin reads', async () => {
  await fc.assert(
    fc.asyncProperty(text, one(257, 1000, 1 << 20), wish, async (text, size, wish) => {
      expect(await outcome(readGroundTruth, text, size, wish)).toEqual(await outcome(twin, text, size, wish))
    }),
    { numRuns: 400 },
  )
})

const GOOD =
  '{"id":5,"image_id":1,"category_id":1,"area":7.5,"iscrowd":0,"bbox":[1,2,3,4],"segmentation":[[1,2,3.5,4,5,6]]}'

test('what was read is what the file says', async () => {
  const more = GOOD.replace('[[1,', '[[9,8,7,6,5,4,3,2],[1,').replace('"iscrowd":0', '"iscrowd":1,"ignore":1')
  const text = documentOf([
    GOOD,
    GOOD,
    more,
    GOOD.replace('[[1,2,3.5,4,5,6]]', '{"size":[3,4],"counts":"57"}'),
  ])
  const table = await readGroundTruth(textSource(text, 4096), 'all')
  const { annotations } = table
  expect([...annotations.areas.view()]).toEqual([7.5, 7.5, 7.5, 7.5])
  expect([...annotations.crowds.view()]).toEqual([0, 0, 1, 0])
  expect([...annotations.ignores.view()]).toEqual([0, 0, 0, 0])
  expect([...annotations.boxes.view()].slice(8, 12)).toEqual([1, 2, 3, 4])
  const masks = table.masks.select(Uint32Array.of(2, 3))
  expect([...masks.kinds]).toEqual([1, 0])
  expect([masks.starts[0], masks.lengths[0], ...masks.sizes]).toEqual([2, 2, 0, 0, 3, 4])
  expect([...masks.partOffsets]).toEqual([0, 3, 6, 10, 13])
  expect([...masks.points.pieces[0].subarray(12)]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3.5, 4, 5, 6])
  expect(String.fromCharCode(...masks.chunks[0].subarray(0, 2))).toBe('57')
})

test.each([
  ['COCO', GOOD],
  ['json.dumps of Python', JSON.stringify(JSON.parse(GOOD), null, 1).replaceAll('":', '" :')],
  [
    'boxes alone',
    '{"segmentation": [], "area": 1.0, "iscrowd": false, "bbox": [1.5, 2, 3, 4], "id": 7, "image_id": 1, "category_id": 2}',
  ],
  [
    'CVAT',
    GOOD.replace('{', '{"attributes":{"occluded":false,"rotation":0.0},"truncated":true,"track":null,'),
  ],
  ['compressed RLE', GOOD.replace('[[1,2,3.5,4,5,6]]', '{"counts":"57\\\\","size":[3,4]}')],
])('annotations as %s writes them need no twin', (_, record) => {
  const scanner = Scanner.create(10_000)
  const bytes = new TextEncoder().encode(`${record},${record}, ${record}]`)
  expect(scanner?.load(bytes, bytes.length)).toBe(true)
  const range = { at: 0, end: bytes.length, limit: bytes.length, first: true }
  const all = Object.values(FIELDS).reduce((a, b) => a | b)
  for (const wanted of [all, all & ~FIELDS.segmentation]) {
    expect(scanner?.scan(range, wanted, FIELDS.id)).toEqual({ count: 3, at: bytes.length - 1, more: false })
  }
})

test('brackets and quotes are found at every place of a value that is passed over', async () => {
  const at = Array.from({ length: 40 }, (_, i) => {
    const filler = ' '.repeat(i)
    return GOOD.replace('{', `{"x":[${filler}{"a":[${filler}1]${filler},"b":"${filler}}]\\"\\\\"}${filler}],`)
  })
  const text = documentOf([GOOD, ...at])
  const plain = await outcome(readGroundTruth, text, 1 << 20, 'none')
  expect(plain).toEqual(await outcome(twin, text, 1 << 20, 'none'))
  expect(plain).toHaveProperty('plain.annotations.ids.length', 41)
})

test('a wrong record has the same error with and without the kernel', async () => {
  const wrong = [
    GOOD.replace('7.5', 'NaN'),
    GOOD.replace('"id":5,', ''),
    GOOD.replace('3,4]', '-3,4]'),
    GOOD.replace('[1,2,3,4]', '[1,2,3]'),
    GOOD.replace('"image_id":1', '"image_id":"a.jpg"'),
    GOOD.replace('"image_id":1', '"image_id":1.5'),
    GOOD.replace('[[1,', '[[1e9,'),
    GOOD.replace('[[1,', '[[x,'),
    GOOD.replace('[[1,', '[1,'),
    GOOD.replace(']]}', ']}'),
    GOOD.replace('"iscrowd":0', '"iscrowd":"0"'),
    GOOD.replace('"iscrowd":0', '"iscrowd":tru'),
    GOOD.replace(']]}', ']]'),
    GOOD.replace('{', '{"note":"a\nb",'),
    GOOD.replace('{', '{"notes":["a\u0001b"],'),
    GOOD.replace('[[1,2,3.5,4,5,6]]', '{"size":[3,4],"counts":"5\t7"}'),
    `${GOOD}${GOOD}`,
    '5',
  ].map(text => documentOf([...Array(50).fill(GOOD), text, GOOD]))
  for (const text of wrong) {
    const message = await outcome(readGroundTruth, text, 1000, 'all')
    expect(message).toBe(await outcome(twin, text, 1000, 'all'))
    expect(message).toMatch(/^gt\.json: annotations\[5[01]\]/)
  }
})

test('an empty RLE string lies in a chunk, too', async () => {
  const empty = GOOD.replace('[[1,2,3.5,4,5,6]]', '{"size":[3,4],"counts":""}')
  const table = await readGroundTruth(textSource(documentOf([GOOD, empty]), 1 << 20), 'all')
  const masks = table.masks.select(Uint32Array.of(1))
  expect(rleBytesOf(masks, 0)).toHaveLength(0)
})

test('RLE strings of every length come whole, with escapes at every place', async () => {
  const counts = Array.from({ length: 80 }, (_, i) => {
    const [before, after] = ['0'.repeat(i % 40), 'o'.repeat((7 * i) % 37)]
    return [String.raw`${before}\\${after}`, String.raw`${before}\\\/\\${after}\\`, before + after]
  }).flat()
  const records = counts.map(text => GOOD.replace('[[1,2,3.5,4,5,6]]', `{"size":[3,4],"counts":"${text}"}`))
  const table = await readGroundTruth(textSource(documentOf([GOOD, ...records]), 1 << 20), 'all')
  const masks = table.masks.select(Uint32Array.from(counts, (_, i) => i + 1))
  const read = counts.map((_, i) => new TextDecoder().decode(rleBytesOf(masks, i).slice()))
  expect(read).toEqual(counts.map(text => JSON.parse(`"${text}"`)))
})
