import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { readGroundTruth } from '../../src/ingest/ground-truth.js'
import { FIELDS, Scanner } from '../../src/ingest/scanner.js'
import { field, maybe, one, recordOf } from '../support/json-records.js'
import { textSource } from '../support/text-source.js'
import { readersWithoutKernel } from '../support/without-kernel.js'

type Read = typeof readGroundTruth

let twin: Read
beforeAll(async () => {
  expect(Scanner.create(1000)).not.toBeNull()
  twin = (await readersWithoutKernel()).readGroundTruth
})

/** All that was read, in windows of so many bytes, or the error. */
async function outcome(read: Read, text: string, windowBytes: number) {
  try {
    const table = await read(textSource(text, windowBytes, 'gt.json'), 'none', { windowBytes })
    const { imageIds, heights, widths, fileNames, categoryNames, annotations } = table.plain()
    return { imageIds, heights, widths, fileNames, categoryNames, annotated: annotations.imageIds }
  } catch (error) {
    return (error as Error).message
  }
}

/** The images behind the annotations, or before them. */
const documentOf = (records: string[], separator: string, first: boolean): string => {
  const lists = [
    `"images": [${records.join(separator)}]`,
    '"annotations": [{"id": 1, "image_id": 1, "category_id": 1}, {"id": 2, "image_id": 2, "category_id": 1}]',
  ]
  return `{${(first ? lists : lists.reverse()).join()}, "categories": [{"id": 1, "name": "a"}]}`
}

const side = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 9000 }).map(n => `${n}`) },
  one('null', '0', '-0', '480.0', '1e3', '2147483647'),
)
const letters = fc.string({ unit: one(...'aZ09_-. /'), maxLength: 40 }).map(text => JSON.stringify(text))
const name = fc.oneof(
  { weight: 8, arbitrary: letters },
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => JSON.stringify(text)),
  one('"a\\/b\\\\c.jpg"', '"\\u0061.jpg"', '"\\t"', '""', 'null', '5', '["a"]', '{"a": "]"}', 'false'),
)
const wrong = one(
  '"height": -1',
  '"width": 2.5',
  '"height": 2147483648',
  '"width": "5"',
  '"height": true',
  '"id": 1.5',
  '"id": "a"',
  '"file_name": "a\nb"',
)
const other = fc.oneof(
  one('"license": 3', '"flickr_url": "http://x/]}"', '"heights": 4', '"widt": 4', '"file_names": []'),
  one('"date_captured": "2013-11-14 17:02:52"', '"\\u0069d": 7', '"height": 5', '"file_name": "twice"'),
)
const seldom = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.oneof(
    { weight: 60, arbitrary: fc.constant([] as string[]) },
    arbitrary.map(text => [text]),
  )
const record = recordOf(
  maybe(
    200,
    field(
      'id',
      fc.oneof(
        fc.integer({ min: -9, max: 1e9 }).map(n => `${n}`),
        one('12.0', '9e2'),
      ),
    ),
  ),
  maybe(9, field('height', side)),
  maybe(9, field('width', side)),
  maybe(9, field('file_name', name)),
  maybe(1, other),
  seldom(wrong),
)
const text = fc
  .tuple(fc.array(record, { maxLength: 30 }), one(',', ' ,\n', ', '), fc.boolean())
  .map(([records, separator, first]) => documentOf(records, separator, first))

test('the kernel reads what its twin reads', async () => {
  await fc.assert(
    fc.asyncProperty(text, one(257, 1000, 1 << 20), async (text, size) => {
      expect(await outcome(readGroundTruth, text, size)).toEqual(await outcome(twin, text, size))
    }),
    { numRuns: 400 },
  )
})

test('what was read is what the file says', async () => {
  const images = [
    { id: 7, height: 480, width: 640, file_name: 'first.jpg' },
    { id: 8, height: 481, width: 641, file_name: 'a/b.jpg', license: 3, coco_url: 'http://x/"]}' },
    { file_name: 'é箱\u{1F600}.png', width: 5, id: 9 },
    { id: 10, height: null, width: null, file_name: null },
    { id: 11, file_name: '' },
    { id: 12, height: 7, width: 8, file_name: 'last.jpg' },
  ]
  const text = documentOf(
    images.map(image => JSON.stringify(image)),
    ', ',
    true,
  )
  const expected = {
    imageIds: Float64Array.from(images, ({ id }) => id),
    heights: Float64Array.from(images, ({ height }) => height ?? 0),
    widths: Float64Array.from(images, ({ width }) => width ?? 0),
    fileNames: images.map(image => image.file_name ?? ''),
  }
  for (const read of [readGroundTruth, twin]) expect(await outcome(read, text, 1000)).toMatchObject(expected)
})

test.each([
  [
    'COCO',
    '{"license": 4,"file_name": "000000397133.jpg","coco_url": "http://images.cocodataset.org/val2017/000000397133.jpg","height": 427,"width": 640,"date_captured": "2013-11-14 17:02:52","flickr_url": "http://farm7.staticflickr.com/6116/6255196340_da26cf2c9e_z.jpg","id": 397133}',
  ],
  ['json.dumps of Python', '{\n "id": 1,\n "width": 3,\n "height": 4,\n "file_name": "a b.jpg"\n}'],
  [
    'CVAT',
    '{"id":1,"width":3,"height":4,"file_name":"箱.jpg","license":0,"flickr_url":"","date_captured":0}',
  ],
])('images as %s writes them need no twin', (_, record) => {
  const scanner = Scanner.create(10_000)
  const bytes = new TextEncoder().encode(`${record},${record}, ${record}]`)
  expect(scanner?.load(bytes, bytes.length)).toBe(true)
  const range = { at: 0, end: bytes.length, limit: bytes.length, first: true }
  const wanted = FIELDS.id | FIELDS.height | FIELDS.width | FIELDS.file_name
  expect(scanner?.scan(range, wanted, FIELDS.id)).toEqual({ count: 3, at: bytes.length - 1, more: false })
})
