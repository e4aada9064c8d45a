import { describe, expect, test } from 'vitest'
import { readDetections } from '../../src/ingest/detections.js'
import { readGroundTruth } from '../../src/ingest/ground-truth.js'
import { textSource } from '../support/text-source.js'

const POLYGON = [1.25, 2, 30.12345678901234, 4, 5, 66.5]

const GROUND_TRUTH = JSON.stringify({
  licenses: [{ url: 'x "y" \\ ]}' }],
  annotations: Array.from({ length: 30 }, (_, i) => ({
    segmentation:
      i % 3 === 0
        ? { counts: [100 + i, 50, 4850 - i], size: [50, 100] }
        : i % 3 === 1
          ? [POLYGON, POLYGON.map(v => v + i)]
          : { size: [50, 100], counts: 'X3`1^\\oM0' },
    id: i + 2 ** 40,
    image_id: 7,
    extra: { deep: [1, { bbox: [9, 9, 9, 9] }] },
    category_id: 3,
    area: 10.5 + i,
    bbox: [i, 2.5, 30, 40.25],
    iscrowd: i % 2,
  })),
  categories: [{ name: 'caf\u00e9 "\\', id: 3 }],
  images: [{ width: 100, file_name: 'a/b.jpg', height: 50, id: 7 }],
})

async function gtColumns(size: number) {
  const table = await readGroundTruth(textSource(GROUND_TRUTH, size), 'all', { windowBytes: size })
  const masks = table.masks.select(Uint32Array.from({ length: 30 }, (_, i) => i))
  const strings = Array.from({ length: 30 }, (_, i) =>
    masks.kinds[i] === 0
      ? String.fromCharCode(
          ...masks.chunks[masks.chunk[i]].subarray(masks.starts[i], masks.starts[i] + masks.lengths[i]),
        )
      : [masks.starts[i], masks.lengths[i]],
  )
  const { annotations } = table
  return {
    names: table.categoryNames,
    files: table.fileNames,
    boxes: [...annotations.boxes.view()],
    ids: [...annotations.ids.view()],
    areas: [...annotations.areas.view()],
    crowds: [...annotations.crowds.view()],
    points: [...masks.points.pieces[0]],
    parts: [...masks.partOffsets],
    strings,
  }
}

describe('ground truth', () => {
  test('columns are those of the records', async () => {
    const columns = await gtColumns(1 << 20)
    expect(columns.names).toEqual(['caf\u00e9 "\\'])
    expect(columns.files).toEqual(['a/b.jpg'])
    expect(columns.ids.slice(0, 2)).toEqual([2 ** 40, 2 ** 40 + 1])
    expect(columns.boxes.slice(4, 8)).toEqual([1, 2.5, 30, 40.25])
    expect(columns.points.slice(0, 6)).toEqual(POLYGON)
    expect(columns.points.slice(6, 12)).toEqual(POLYGON.map(v => v + 1))
    expect(columns.strings[2]).toBe('X3`1^\\oM0')
    expect(columns.strings[1]).toEqual([0, 2])
    expect(columns.strings[4]).toEqual([2, 2])
  })

  test.each([64, 65, 71, 100, 333, 1000])('records cut by windows of %d bytes read the same', async size => {
    expect(await gtColumns(size)).toEqual(await gtColumns(1 << 20))
  })
})

describe('detections', () => {
  const records = Array.from({ length: 40 }, (_, i) => ({
    score: 1 / (i + 1),
    segmentation: i % 2 ? { size: [10, 10], counts: `5${'3'.repeat(i % 5)}a0` } : [[1, 2, 3, 4, 5, i]],
    bbox: [i, i, 1, 1],
    image_id: i,
    category_id: 1,
  }))
  const text = JSON.stringify(records, null, 2)

  test.each([64, 77, 200, 1 << 20])('windows of %d bytes', async size => {
    const table = await readDetections(textSource(text, size), 'all', { windowBytes: size })
    expect([...table.scores.view()]).toEqual(records.map(record => record.score))
    expect([...table.imageIds.view()]).toEqual(records.map(record => record.image_id))
    expect([...table.boxes.view()]).toEqual(records.flatMap(record => record.bbox))
    const masks = table.masks.select(Uint32Array.from(records, (_, i) => i))
    expect([...masks.points.pieces[0]]).toEqual(records.flatMap((_, i) => (i % 2 ? [] : [1, 2, 3, 4, 5, i])))
  })

  test('masks are passed over where they are not wanted', async () => {
    const table = await readDetections(textSource(text, 1000), 'unless-first-has-box')
    expect(
      table.masks.kinds
        .view()
        .slice(1)
        .every(kind => kind === 255),
    ).toBe(true)
  })
})
