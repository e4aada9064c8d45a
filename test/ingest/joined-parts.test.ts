import { describe, expect, test } from 'vitest'
import type { ByteRanges } from '../../src/data/source.js'
import {
  DetectionTable,
  type MaskWish,
  readDetectionPart,
  readDetections,
} from '../../src/ingest/detections.js'
import { GROUND_TRUTH_LISTS, readGroundTruth, readGroundTruthPart } from '../../src/ingest/ground-truth.js'
import { GroundTruthTable } from '../../src/ingest/ground-truth-table.js'
import { JoinedParts, type PartTable, type TablePart } from '../../src/ingest/joined-parts.js'
import { bytesSource, type FilePart, WINDOW_BYTES } from '../../src/ingest/records.js'
import { Scanner } from '../../src/ingest/scanner.js'

const scanner = Scanner.create(WINDOW_BYTES)
const WISHES: MaskWish[] = ['all', 'none', 'if-first-has-one', 'unless-first-has-box']

/** Bytes in memory, in chunks that end anywhere. */
const rangesOf = (bytes: Uint8Array): ByteRanges => ({
  ref: null,
  read: async function* (from, to) {
    for (let at = from; at < to; at += 1000) yield bytes.slice(at, Math.min(to, at + 1000))
  },
})

type ReadPart<T> = (
  name: string,
  ranges: ByteRanges,
  part: FilePart,
  wish: MaskWish,
  scanner: Scanner | null,
) => Promise<TablePart<T>>

/** The file in `count` parts; whether they were a whole document. As the threads of a pool do it, but one by one. */
async function readParts<T>(
  bytes: Uint8Array,
  table: PartTable<T>,
  lists: string[],
  readPart: ReadPart<T>,
  wish: MaskWish,
  count: number,
  usual: Scanner | null,
): Promise<{ whole: boolean; again: number }> {
  let again = 0
  const joined = new JoinedParts<T>(table, count, async ({ from, to }, known) => {
    again++
    const wanted = known?.withMasks ?? null
    const own = wanted === null ? wish : wanted ? 'all' : 'none'
    const part = { from, to, fileBytes: bytes.length, exact: true, isLater: wanted !== null }
    return readPart('f', rangesOf(bytes), part, own, usual).catch(() => null)
  })
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * bytes.length) / count)
    const to = Math.floor(((i + 1) * bytes.length) / count)
    const part = { from, to, fileBytes: bytes.length, isLater: from > 0 }
    await joined.add(part, await readPart('f', rangesOf(bytes), part, wish, usual).catch(() => null))
  }
  return { whole: joined.isWhole(lists), again }
}

/** Masks as the evaluation sees them, and every column. */
function contentOf(table: GroundTruthTable | DetectionTable) {
  const { masks, ...plain } = table.plain()
  const rows = table.masks.select(Uint32Array.from({ length: table.count }, (_, i) => i))
  const strings = Array.from(rows.kinds, (kind, i) =>
    kind === 0
      ? Buffer.from(rows.chunks[rows.chunk[i]])
          .subarray(rows.starts[i], rows.starts[i] + rows.lengths[i])
          .toString()
      : [rows.starts[i], rows.lengths[i]].join(' '),
  )
  return {
    plain: { ...plain, firstHasMask: table.firstHasMask },
    strings,
    kinds: [...rows.kinds],
    sizes: [...rows.sizes],
    offsets: [...masks.partOffsets],
    points: masks.points.pieces.flatMap(piece => [...piece]),
  }
}

const POLYGON = [1, 2, 30.5, 4, 5, 66.25]

function annotation(i: number): object {
  const masks = [
    { segmentation: [POLYGON, POLYGON.map(v => v + i)] },
    { segmentation: { counts: 'X3`1^\\oM0', size: [50, 100] } },
    { segmentation: [[1, 2, 3, 4]] },
    {},
  ]
  const box = i % 5 === 4 ? {} : { bbox: [i, 2.5, 30, 40.25] }
  return { id: i + 1, image_id: 7, category_id: 3, area: i, iscrowd: i % 2, ...masks[i % 4], ...box }
}

const images = Array.from({ length: 12 }, (_, i) => ({
  id: i,
  width: 100,
  height: 50,
  file_name: `${i}.jpg`,
}))
const categories = [{ id: 3, name: 'a' }]
const annotations = Array.from({ length: 60 }, (_, i) => annotation(i))
const detections = annotations.map((record, i) => ({ ...record, score: 1 / (i + 1) }))

/** Objects that are no records stand between records, in lists of lists and in strings. */
const tricky = annotations.map(record => ({
  note: '}, {"id": 1, "image_id": 7, "category_id": 3}, {',
  extra: [{ id: 1 }, { id: 5, image_id: 1, category_id: 1 }, { id: 6 }],
  ...record,
}))
/** Images that could be annotations. */
const alike = images.map(image => ({ ...image, image_id: 7, category_id: 3 }))

const text = JSON.stringify({ info: {}, images, annotations, categories })
const GROUND_TRUTHS: Record<string, string> = {
  'in the usual order': text,
  indented: JSON.stringify({ images, annotations, categories }, null, 2),
  'annotations first': JSON.stringify({ annotations, categories, images, licenses: [{ id: 1 }, { id: 2 }] }),
  'annotations last': JSON.stringify({ categories, images: alike, annotations }),
  'like a puzzle': JSON.stringify({ images: alike, annotations: tricky, categories }),
  'without annotations': JSON.stringify({ images, annotations: [], categories }),
  'boxes first': JSON.stringify({
    images,
    annotations: [...annotations.slice(3), annotation(0)],
    categories,
  }),
  'no box first': JSON.stringify({ images, annotations: annotations.slice(4), categories }),
  'a list that is missing': JSON.stringify({ images, annotations }),
  'two lists of one name': text.replace('"info":{}', '"categories":[]'),
  'annotations twice': text.replace('"info":{}', '"annotations":[]'),
  'a comma too many': text.replace('],"categories"', ',],"categories"'),
  'a wrong record': text.replace('"area":33', '"area":"33"'),
  'a record that is none': text.replace('{"id":40,', '7,{"id":40,'),
  'a wrong image': text.replace('"width":100', '"width":-1'),
  'text behind the end': `${text} ${'\n'.repeat(3000)}x`,
  'white space behind the end': `${text}${'\n'.repeat(3000)}`,
  'cut short': text.slice(0, -60),
  'a list': JSON.stringify(annotations),
  nothing: '',
}
const results = JSON.stringify(detections)
const RESULTS: Record<string, string> = {
  usual: results,
  indented: JSON.stringify(detections, null, 3),
  'like a puzzle': JSON.stringify(tricky.map((record, i) => ({ ...record, score: i }))),
  'no box first': JSON.stringify(detections.slice(4)),
  'no mask first': JSON.stringify(detections.slice(3)),
  'none at all': '[]',
  'a comma too many': results.replace(/\]$/, ',]'),
  'a wrong record': results.replace('"score":0.05,', '"score":null,'),
  'text behind the end': `${results}${' '.repeat(5000)}]`,
  'cut short': results.slice(0, -3),
  'an object': JSON.stringify({ annotations: detections }),
}

const COUNTS = [1, 2, 3, 8, 40, 150]
const outcome = (read: Promise<GroundTruthTable | DetectionTable>) => read.then(contentOf, () => null)
const kernels = [
  { name: 'kernel', usual: scanner },
  { name: 'twin', usual: null },
]

describe.each(kernels)('parts read by the $name are what the whole is', ({ usual }) => {
  test.each(Object.keys(GROUND_TRUTHS))('ground truth: %s', async name => {
    const bytes = new TextEncoder().encode(GROUND_TRUTHS[name])
    for (const wish of WISHES) {
      const expected = await outcome(readGroundTruth(bytesSource('f', bytes), wish))
      for (const count of COUNTS) {
        const table = new GroundTruthTable('f', true)
        const read = readParts(bytes, table, GROUND_TRUTH_LISTS, readGroundTruthPart, wish, count, usual)
        expect((await read).whole ? contentOf(table) : null, `${wish}, ${count} parts`).toEqual(expected)
      }
    }
  })

  test.each(Object.keys(RESULTS))('results: %s', async name => {
    const bytes = new TextEncoder().encode(RESULTS[name])
    for (const wish of WISHES) {
      const expected = await outcome(readDetections(bytesSource('f', bytes), wish))
      for (const count of COUNTS) {
        const table = new DetectionTable('f', true)
        const read = readParts(bytes, table, [], readDetectionPart, wish, count, usual)
        expect((await read).whole ? contentOf(table) : null, `${wish}, ${count} parts`).toEqual(expected)
      }
    }
  })
})

test('parts of a usual file are not read again, those of a puzzle are', async () => {
  const again = async (name: string): Promise<number> => {
    const bytes = new TextEncoder().encode(GROUND_TRUTHS[name])
    const table = new GroundTruthTable('f', true)
    const lists = GROUND_TRUTH_LISTS
    const read = await readParts(bytes, table, lists, readGroundTruthPart, 'all', 5, scanner)
    return read.again
  }
  expect(await again('annotations first')).toBe(0)
  expect(await again('like a puzzle')).toBeGreaterThan(0)
})

test('text far behind the end is looked at, too', async () => {
  const bytes = new TextEncoder().encode(`${text}${' '.repeat(3 * WINDOW_BYTES)}x`)
  const part = { from: 0, to: bytes.length, fileBytes: bytes.length, isLater: false }
  const read = readGroundTruthPart('f', rangesOf(bytes), part, 'all', scanner)
  await expect(read).rejects.toThrow('more text stands after the end')
})
