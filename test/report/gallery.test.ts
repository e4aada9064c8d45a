import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/evaluate.js'
import { spanArea } from '../../src/geometry/spans.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { packMasksHere } from '../../src/node/pack-masks.js'
import {
  collectGallery,
  type FindPicture,
  type Gallery,
  type GalleryOptions,
  masksBlock,
  pictureBlock,
} from '../../src/report/gallery.js'
import { type ImageMasks, spansOf } from '../../src/report/image-masks.js'
import { fromBase64, inflate } from '../../src/report/payload.js'
import { textOf } from '../support/ascii.js'
import { viewOf } from '../support/scene.js'

/** A square as polygon and as run lengths of a 40 x 50 image (height x width). */
const polygon = (x: number, y: number, side: number) => [[x, y, x + side, y, x + side, y + side, x, y + side]]
const runs = (x: number, y: number, side: number) => {
  const columns = Array.from({ length: side - 1 }, () => [side, 40 - side]).flat()
  const before = 40 * x + y
  const last = 40 * 50 - before - columns.reduce((sum, run) => sum + run, 0) - side
  return { size: [40, 50], counts: [before, ...columns, side, last] }
}

const annotation = (id: number, image: number, segmentation: unknown, more = {}) => ({
  id,
  image_id: image,
  category_id: 1,
  bbox: [0, 0, 10, 10],
  iscrowd: 0,
  segmentation,
  ...more,
})
const result = (image: number, score: number, segmentation: unknown, category = 1) => ({
  image_id: image,
  category_id: category,
  score,
  segmentation,
})

const groundTruth = {
  images: [1, 2, 3].map(id => ({ id, height: 40, width: 50, file_name: `${id}.png` })),
  categories: [1, 2].map(id => ({ id, name: `class ${id}` })),
  annotations: [
    annotation(11, 1, polygon(5, 5, 10)),
    annotation(12, 2, runs(20, 10, 12), { iscrowd: 1 }),
    annotation(13, 2, polygon(0, 0, 30)),
    annotation(14, 2, polygon(0, 0, 5), { category_id: 2 }),
    annotation(15, 3, polygon(2, 2, 9)),
  ],
}
const detections = [
  result(3, 0.9, runs(2, 2, 9)),
  result(1, 0.8, runs(6, 5, 10)),
  result(2, 0.7, runs(1, 1, 4), 2),
  result(1, 0.6, runs(30, 20, 8)),
]

async function gallery(options: GalleryOptions = {}, changes = {}, inputs = { groundTruth, detections }) {
  const how = { scene: true, iouType: 'segm', ...changes } as const
  const evaluation = await evaluate(inputs.groundTruth, inputs.detections, how)
  if (!evaluation.scene) throw new Error('no scene')
  const index = indexScene(evaluation.scene, 'coco', false)
  return collectGallery(evaluation, index, viewOf('coco', { score: 0.5 }), options)
}

const masksIn = async ({ blocks }: Gallery, image: number): Promise<ImageMasks> =>
  JSON.parse(new TextDecoder().decode(await inflate(fromBase64(textOf(blocks.get(masksBlock(image)))))))

const areasOf = ({ size: [height, width] }: ImageMasks, masks: [number, string][]) =>
  masks.map(([row, rle]) => {
    const spans = spansOf(rle, height * width)
    return spans && [row, spanArea(spans, 0, spans.length)]
  })

/** A picture of as many bytes as the image's row tells. */
const pictures =
  (...lengths: number[]): FindPicture =>
  async (image, byteLength) =>
    lengths[image] <= byteLength
      ? { type: 'image/png', bytes: new Uint8Array(lengths[image]).fill(image) }
      : null

describe('masks', () => {
  test('of the images of the worst instances, whatever their files write them as', async () => {
    const found = await gallery()
    // False positive in 1 and, by size, misses in 2; then the true positives.
    expect(found.part.masks).toEqual([0, 1, 2])
    const masks = await masksIn(found, 1)
    expect(masks.size).toEqual([40, 50])
    expect(areasOf(masks, masks.gts)).toEqual([
      [1, 144],
      [2, 900],
      [3, 25],
    ])
    expect(areasOf(masks, masks.dts)).toEqual([[2, 16]])
  })

  test('go by the rows of the scene, also where only a part is evaluated', async () => {
    const found = await gallery({}, { categoryIds: [1], imageIds: [2, 3] })
    const masks = await masksIn(found, 1)
    expect(areasOf(masks, masks.gts)).toEqual([
      [0, 144],
      [1, 900],
    ])
    expect(masks.dts).toEqual([])
    const other = await masksIn(found, 2)
    expect(areasOf(other, other.dts)).toEqual([[0, 81]])
  })

  test('a run of boxes has none', async () => {
    const boxes = await gallery({}, { iouType: 'bbox' })
    expect(boxes.part).toMatchObject({ masks: [], leftOut: 0, byteLength: 0 })
  })

  describe('of many images', () => {
    const ids = Array.from({ length: 70 }, (_, i) => i + 1)
    const inputs = {
      groundTruth: { ...groundTruth, images: ids.map(id => ({ id, height: 40, width: 50, file_name: '' })) },
      // The later the image, the higher the score of its false positive; of the missed, that in 2 is the largest.
      detections: ids.map(id => result(id, 0.5 + id / 200, runs(1, 1, 4), 2)),
    }
    const found = (packMasks: GalleryOptions['packMasks']) => gallery({ packMasks }, {}, inputs)

    test('are the same wherever they are packed, a text for each image', async () => {
      const sizes: number[] = []
      let open = 0
      const elsewhere = await found(source => {
        open++
        const { pack, close } = packMasksHere(source)
        return {
          pack(images) {
            sizes.push(images.length)
            return new Promise(resolve => setTimeout(resolve, 20 - 5 * sizes.length)).then(() => pack(images))
          },
          close() {
            open--
            close()
          },
        }
      })
      const here = await found(undefined)
      expect(here.part.masks.slice(0, 3)).toEqual([69, 1, 68])
      expect(new Set(here.part.masks)).toEqual(new Set(ids.map(id => id - 1)))
      expect(elsewhere.part.masks).toEqual(here.part.masks)
      for (const image of here.part.masks) {
        const masks = await masksIn(here, image)
        expect(masks.dts.map(([row]) => row)).toEqual([image])
        expect(await masksIn(elsewhere, image)).toEqual(masks)
      }
      expect(sizes.length).toBeGreaterThan(1)
      expect(sizes.reduce((sum, n) => sum + n)).toBe(70)
      expect(open).toBe(0)
    })

    test('a thread that fails ends it, and nothing stays open', async () => {
      let open = 0
      const failing = found(() => {
        open++
        return {
          pack: async images => {
            if (images[0].dts[0] < 60) throw new Error('no more')
            return images.map(() => new Uint8Array(3))
          },
          close: () => {
            open--
          },
        }
      })
      await expect(failing).rejects.toThrow('no more')
      expect(open).toBe(0)
    })
  })

  test('as few instances as are asked for', async () => {
    expect((await gallery({ instances: 1 })).part).toMatchObject({ instances: 1, masks: [0], leftOut: 0 })
    expect((await gallery({ instances: 0 })).blocks.size).toBe(0)
  })
})

describe('the budget', () => {
  test('counts every byte, and leaves out what would pass it', async () => {
    const { part, blocks } = await gallery({ findPicture: pictures(300, 600, 900) })
    expect(part.pictures).toEqual([
      [0, 'image/png'],
      [1, 'image/png'],
      [2, 'image/png'],
    ])
    expect(fromBase64(textOf(blocks.get(pictureBlock(1))))).toEqual(new Uint8Array(600).fill(1))
    expect(part.byteLength).toBe([...blocks.values()].reduce((sum, text) => sum + text.length, 0))
    const masks = part.masks.reduce((sum, image) => sum + (blocks.get(masksBlock(image))?.length ?? 0), 0)
    const small = await gallery({ findPicture: pictures(300, 600, 900), byteLength: masks + 1600 })
    // 1600 characters are 1200 bytes. Shares: 400 of three, of which 300 are used; 450 of two, too few for 600; all 900.
    expect(small.part.pictures.map(([image]) => image)).toEqual([0, 2])
    expect(small.part.leftOut).toBe(1)
    expect(small.part.byteLength).toBeLessThanOrEqual(masks + 1600)
  })

  test('of nothing carries nothing', async () => {
    const { part } = await gallery({ findPicture: pictures(1, 1, 1), byteLength: 0 })
    expect(part).toMatchObject({ masks: [], pictures: [], leftOut: 3 })
  })
})

test('text that is no mask of the size is none', () => {
  expect(spansOf('\\', 100)).toBeNull()
  expect(spansOf('4', 100)).toBeNull()
  expect(spansOf('<script>', 100)).toBeNull()
})
