import { describe, expect, test } from 'vitest'
import { encodeCounts } from '../../src/geometry/rle.js'
import { cocoStats, evaluate, type Input } from '../../src/index.js'
import { rleOfBitmap } from '../../src/ingest/bitmap-objects.js'

/** Rows of "#" and "." as a bit map. */
function bitmap(rows: string[], inside = 1) {
  const width = rows[0]?.length ?? 0
  const data = Uint8Array.from(rows.join(''), character => (character === '#' ? inside : 0))
  return { data, width, height: rows.length }
}

/** Of 4 x 3 px. By hand, along the columns: .## ### #.. ... is 1 outside, 6 inside, 5 outside. */
const SHAPE = ['.##.', '##..', '##..']
const SHAPE_RUNS = [1, 6, 5]
/** .## .#. ... ... */
const OTHER = ['....', '##..', '#...']
const OTHER_RUNS = [1, 2, 1, 1, 7]

const rle = (counts: number[]) => ({ size: [3, 4], counts })

describe('a bit map', () => {
  test.each([
    [['....', '....', '....'], [12]],
    [
      ['#...', '....', '....'],
      [0, 1, 11],
    ],
    [SHAPE, SHAPE_RUNS],
    [OTHER, OTHER_RUNS],
  ])('%j has the runs that are counted by hand', (rows, runs) => {
    expect(rleOfBitmap(bitmap(rows))).toEqual({
      size: [3, 4],
      counts: new TextDecoder().decode(encodeCounts(runs)),
    })
  })

  test('gives the numbers of the same mask as runs', async () => {
    const images = [{ id: 1, width: 4, height: 3 }]
    const categories = [{ id: 1, name: 'a' }]
    const dataset = (segmentation: object) => ({
      images,
      categories,
      annotations: [
        { id: 1, image_id: 1, category_id: 1, area: 7, iscrowd: 0, bbox: [0, 0, 3, 3], segmentation },
      ],
    })
    const found = (segmentation: object) => [{ image_id: 1, category_id: 1, score: 0.5, segmentation }]
    const run = async (gt: Input, dt: Input) => {
      const evaluation = await evaluate(gt, dt, { iouType: 'segm' })
      return { stats: cocoStats(evaluation), overlaps: evaluation.overlaps }
    }
    const mapped = await run(dataset(bitmap(SHAPE)), found(bitmap(OTHER, 255)))
    expect(mapped).toEqual(await run(dataset(rle(SHAPE_RUNS)), found(rle(OTHER_RUNS))))
  })

  test('that is no width times height bytes is refused', () => {
    const data = new Uint8Array(11)
    expect(() => rleOfBitmap({ data, width: 4, height: 3 })).toThrow(
      'segmentation.data: expected width * height = 4 * 3 bytes, rows first, got 11',
    )
  })

  test('of probabilities is refused: which of them are inside is for the caller to say', async () => {
    const data = new Float32Array(12)
    const gt = { images: [], categories: [], annotations: [] }
    const dt = [{ image_id: 1, category_id: 1, score: 1, segmentation: { data, width: 4, height: 3 } }]
    await expect(evaluate(gt, dt)).rejects.toThrow(
      'expected a Uint8Array with 0 outside the mask, got a Float32Array',
    )
  })
})
