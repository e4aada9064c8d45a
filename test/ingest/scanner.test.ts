import { expect, test } from 'vitest'
import { Random } from '../../src/demo/random.js'
import { readDetections } from '../../src/ingest/detections.js'
import { FIELDS, Scanner } from '../../src/ingest/scanner.js'
import { textSource } from '../support/text-source.js'
import { readersWithoutKernel } from '../support/without-kernel.js'

/** Everything that was read, with masks as strings. */
async function columns(read: typeof readDetections, text: string, chunk: number) {
  const table = await read(textSource(text, chunk), 'all', { windowBytes: chunk })
  const { masks, ...plain } = table.plain()
  const rows = table.masks.select(Uint32Array.from(plain.scores, (_, i) => i))
  const strings = Array.from(rows.kinds, (kind, i) =>
    kind === 0
      ? String.fromCharCode(
          ...rows.chunks[rows.chunk[i]].subarray(rows.starts[i], rows.starts[i] + rows.lengths[i]),
        )
      : kind,
  )
  return { ...plain, strings, kinds: masks.kinds, sizes: masks.sizes, points: masks.points }
}

const SPACES = ['', '', '', ' ', '\n  ', '\t']

/** A record in one of the many ways in which it can be written, most of them usual. */
function record(random: Random): string {
  const at = (n: number): number => Math.floor(random.next() * n)
  const one = <T>(choices: T[]): T => choices[at(choices.length)]
  const decimal = (): string =>
    one([
      () => `${at(640)}`,
      () => (random.next() * 640).toFixed(2),
      () => `${random.next()}`,
      () => `${Math.fround(random.next() * 640)}`,
      () => `${random.next() / 1e6}`,
      () => `${at(10)}.${`${random.next()}`.slice(2)}${at(1e9)}`,
      () => `${at(100)}e-${at(5)}`,
    ])()
  const space = (): string => one(SPACES)
  const list = (values: string[]): string => `[${space()}${values.join(`${space()},${space()}`)}${space()}]`
  const counts = Array.from({ length: at(30) }, () => String.fromCharCode(48 + at(64))).join('')
  const rle = (): string => {
    const parts = [
      `"size":${space()}${list([`${1 + at(900)}`, `${1 + at(900)}`])}`,
      `"counts": ${JSON.stringify(counts)}`,
    ]
    if (at(2)) parts.reverse()
    return `{${space()}${parts.join(`,${space()}`)}}`
  }
  const mask = one([
    rle,
    rle,
    rle,
    rle,
    () => '[[1,2,3,4,5,6.5]]',
    () => '{"counts":[3,4],"size":[7,1]}',
    () => 'null',
  ])
  const fields = [
    `"image_id":${space()}${one([at(1e4), at(1e4), -5, 2 ** 40, '12.0', '1e3'])}`,
    `"category_id" :${at(90)}`,
    `"score":${one(['', '', '-'])}${decimal()}`,
    ...(at(5)
      ? [
          `"bbox":${one([() => list([decimal(), `-${decimal()}`, decimal(), decimal()]), () => '[]', () => 'null'])()}`,
        ]
      : []),
    `"segmentation":${space()}${mask()}`,
    ...one([
      [],
      [],
      ['"id": 7'],
      ['"x": {"score": [1, "]}\\""]}'],
      ['"\\u0069d": true'],
      ['"s": "caf\u00e9 \\\\"', '"n": null'],
    ]),
  ]
  if (!at(4)) fields.sort(() => random.next() - 0.5)
  return `{${space()}${fields.join(`${space()},${space()}`)}${space()}}`
}

test('the kernel reads what its twin reads', async () => {
  expect(await Scanner.create(1000)).not.toBeNull()
  const random = new Random(11, 0)
  const texts = Array.from({ length: 12 }, () => {
    const records = Array.from({ length: 400 }, () => record(random))
    return `[${records.join(random.next() < 0.5 ? ',' : ' ,\n')}]`
  })
  const results = []
  for (const text of texts) results.push(await columns(readDetections, text, 5000))
  const twin = (await readersWithoutKernel()).readDetections
  for (let i = 0; i < texts.length; i++) {
    expect(await columns(twin, texts[i], 5000), `text ${i}`).toEqual(results[i])
  }
})

test('decimals of 16 digits and more need no twin, and are the nearest float64', () => {
  const random = new Random(5, 0)
  const numbers = Array.from({ length: 500 }, () => 0.1 + random.next() * 640)
  const bytes = new TextEncoder().encode(`${numbers.map(score => JSON.stringify({ score })).join()}]`)
  const scanner = Scanner.create(bytes.length)
  scanner?.load(bytes, bytes.length)
  const range = { at: 0, end: bytes.length, limit: bytes.length, first: true }
  expect(scanner?.scan(range, FIELDS.score, FIELDS.score).count).toBe(500)
  expect([...(scanner?.rows.scores.subarray(0, 500) ?? [])]).toEqual(numbers)
})

test('a wrong record has the same error with and without the kernel', async () => {
  const good = '{"image_id":1,"category_id":1,"score":0.5,"bbox":[1,2,3,4]}'
  const wrong = [
    good.replace('0.5', 'NaN'),
    good.replace('"score":0.5,', ''),
    good.replace('3,4', '-3,4'),
    good.replace('3,4', '3'),
    good.replace('1,"c', '"a.jpg","c'),
    good.replace('}', ''),
    `${good}${good}`,
    good.replace('0.5', '0.5.5'),
    good.replace('0.5', '00.5'),
    good.replace('0.5', '-00'),
    good.replace('0.5', '0000000000.5'),
    good.replace('3,4', '03,4'),
    good.replace('[1,2,3,4]', '[1,2,3,4],"segmentation":[[1,2,03,4,5,6]]'),
    '5',
  ].map(text => `[${`${good},`.repeat(50)}${text},${good}]`)
  const message = (read: typeof readDetections, text: string): Promise<string> =>
    read(textSource(text, 1000), 'all', { windowBytes: 1000 }).then(
      () => 'no error',
      error => error.message,
    )
  const messages = []
  for (const text of wrong) messages.push(await message(readDetections, text))
  const twin = (await readersWithoutKernel()).readDetections
  for (let i = 0; i < wrong.length; i++) expect(await message(twin, wrong[i])).toBe(messages[i])
  expect(messages.every(text => text.startsWith('f.json: [5'))).toBe(true)
})
