import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spanArea } from '../../src/geometry/spans.js'
import { type DemoSummary, writeDemo } from '../../src/node/write-demo.js'
import { countOutcomes, type GroundTruth, type Results, spansOfPolygons, spansOfRle } from './outcomes.js'

const root = mkdtempSync(join(tmpdir(), 'detscope-demo-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Every file below a folder, by its path in it. */
function filesIn(dir: string): Record<string, Buffer> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    names.map(entry => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(dir.length + 1), readFileSync(path)]
    }),
  )
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const hashes = (dir: string): Record<string, string> =>
  Object.fromEntries(Object.entries(filesIn(dir)).map(([name, bytes]) => [name, hashOf(bytes)]))

describe('the data set as users get it', () => {
  const dir = join(root, 'full')
  let summary: DemoSummary
  let gt: GroundTruth
  let dt: Results
  beforeAll(async () => {
    summary = await writeDemo(dir, { seed: 1, images: 60 })
    gt = JSON.parse(readFileSync(join(dir, 'gt.json'), 'utf8'))
    dt = JSON.parse(readFileSync(join(dir, 'dt.json'), 'utf8'))
  })

  test('60 images and over 1,000 objects of three classes', () => {
    expect(gt.images).toHaveLength(60)
    expect(gt.categories.map(category => category.name)).toEqual([
      'cardboard_box',
      'plastic_crate',
      'forklift',
    ])
    expect(gt.annotations.length).toBeGreaterThan(1000)
    for (const { id } of gt.categories)
      expect(gt.annotations.filter(a => a.category_id === id).length).toBeGreaterThan(10)
  })

  test('the summary counts what was written', () => {
    const crowds = gt.annotations.filter(annotation => annotation.iscrowd === 1).length
    const imageBytes = Object.values(filesIn(join(dir, 'images'))).reduce((sum, png) => sum + png.length, 0)
    const counts = { images: 60, objects: gt.annotations.length, crowds, detections: dt.length, imageBytes }
    expect(summary).toMatchObject(counts)
    expect(summary.line).toMatch(/^60 images .* written to /)
  })

  test('a few hundred kB of PNG images of the stated sizes', () => {
    expect(summary.imageBytes).toBeGreaterThan(250_000)
    expect(summary.imageBytes).toBeLessThan(600_000)
    for (const { file_name, width, height } of gt.images) {
      const png = PNG.sync.read(readFileSync(join(dir, 'images', file_name)))
      expect([png.width, png.height]).toEqual([width, height])
    }
    expect(new Set(gt.images.map(image => `${image.width} x ${image.height}`)).size).toBeGreaterThan(3)
  })

  test('pictures are drawn, not blank', () => {
    const { file_name } = gt.images[0]
    const { data } = PNG.sync.read(readFileSync(join(dir, 'images', file_name)))
    expect(new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size).toBeGreaterThan(50)
  })

  test('ids are unique, those of crowds beyond 32 bits', () => {
    const ids = gt.annotations.map(annotation => annotation.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, iscrowd } of gt.annotations) expect(id > 2 ** 32).toBe(iscrowd === 1)
  })

  test('area is the number of pixels of the mask, and bbox holds it', () => {
    const sizes = new Map(gt.images.map(image => [image.id, image]))
    for (const { image_id, area, bbox, segmentation } of gt.annotations) {
      const image = sizes.get(image_id)
      if (!image) throw new Error(`no image ${image_id}`)
      const spans = Array.isArray(segmentation)
        ? spansOfPolygons(segmentation, image.height, image.width)
        : spansOfRle(segmentation)
      expect(spanArea(spans, 0, spans.length)).toBe(area)
      expect(area).toBeLessThanOrEqual(Math.ceil(bbox[2] + 1) * Math.ceil(bbox[3] + 1))
      expect(bbox[0] >= 0 && bbox[1] >= 0).toBe(true)
      expect(bbox[0] + bbox[2] <= image.width && bbox[1] + bbox[3] <= image.height).toBe(true)
    }
  })

  test('crowds are RLE, compressed and plain; all else is polygons, some of several parts', () => {
    const kinds = gt.annotations.map(({ iscrowd, segmentation }) => {
      if (Array.isArray(segmentation)) return `${iscrowd} ${segmentation.length > 1 ? 'parts' : 'polygon'}`
      return `${iscrowd} ${typeof segmentation.counts}`
    })
    expect([...new Set(kinds)].sort()).toEqual(['0 parts', '0 polygon', '1 object', '1 string'])
  })

  test('detections are compressed RLE without a box, their runs filling the image', () => {
    const sizes = new Map(gt.images.map(image => [image.id, [image.height, image.width]]))
    for (const detection of dt) {
      expect(Object.keys(detection).sort()).toEqual(['category_id', 'image_id', 'score', 'segmentation'])
      expect(detection.segmentation.size).toEqual(sizes.get(detection.image_id))
      expect(typeof detection.segmentation.counts).toBe('string')
      expect(spansOfRle(detection.segmentation).length).toBeGreaterThan(0)
      expect(detection.score > 0 && detection.score < 1).toBe(true)
    }
  })

  test.each([
    ['small', 0, 1024, 100],
    ['medium', 1024, 9216, 100],
    ['large', 9216, 1e10, 10],
  ])('%s objects occur', (_, lo, hi, least) => {
    const inRange = gt.annotations.filter(a => a.iscrowd === 0 && a.area >= lo && a.area < hi)
    expect(inRange.length).toBeGreaterThanOrEqual(least)
  })

  test.each([
    ['true positive', 500],
    ['duplicate', 15],
    ['wrong class', 15],
    ['poorly placed, small', 15],
    ['poorly placed, not small', 15],
    ['wrong class and poorly placed', 5],
    ['background', 15],
    ['missed', 50],
    ['ignored by crowd', 5],
    ['crowd unmatched', 1],
    ['crowd matched once', 1],
    ['crowd matched often', 1],
    ['beyond the cap', 1],
    ['tie', 5],
    ['image without ground truth', 1],
    ['image without detections', 2],
  ])('outcome "%s" occurs at least %i times', (outcome, least) => {
    expect(countOutcomes(gt, dt)[outcome] ?? 0).toBeGreaterThanOrEqual(least)
  })
})

describe('writing', () => {
  test('the same seed gives the same bytes, another seed others', async () => {
    const [first, second, other] = ['first', 'second', 'other'].map(name => join(root, name))
    await writeDemo(first, { seed: 7, images: 8 })
    await writeDemo(second, { seed: 7, images: 8 })
    await writeDemo(other, { seed: 8, images: 8 })
    expect(hashes(second)).toEqual(hashes(first))
    const otherHashes = hashes(other)
    for (const [name, hash] of Object.entries(hashes(first))) expect(otherHashes[name]).not.toBe(hash)
  })

  /** As Node 20.20 and 24.21 make them on x86-64. Changes with the drawing, not with the machine. */
  test('every machine makes the same annotations and detections', async () => {
    const dir = join(root, 'machine')
    await writeDemo(dir, { seed: 7, images: 8 })
    expect(hashes(dir)).toMatchObject({
      'gt.json': 'c1f46f4431b390fcdc27f37b3a758695a44dc8be3d49b3b891a64b42d1c3e8db',
      'dt.json': '35258995dc3222bca2a00d16d51fe724b52d427e71147636c0b6c04649fed006',
    })
  })

  test('an image is the same whatever comes after it', async () => {
    const [few, more] = ['few', 'more'].map(name => join(root, name))
    await writeDemo(few, { seed: 3, images: 2 })
    await writeDemo(more, { seed: 3, images: 3 })
    expect(filesIn(join(more, 'images'))).toMatchObject(filesIn(join(few, 'images')))
  })

  test('one image is a data set too', async () => {
    const dir = join(root, 'one')
    const { line } = await writeDemo(dir, { seed: 1, images: 1 })
    expect(line).toMatch(/^1 images/)
    expect(Object.keys(filesIn(dir)).sort()).toEqual([
      'dt-b.json',
      'dt.json',
      'gt.json',
      'images/warehouse_0001.png',
    ])
  })

  test('what cannot be written leaves nothing half done', async () => {
    const dir = join(root, 'blocked')
    mkdirSync(join(dir, 'gt.json'), { recursive: true })
    await expect(writeDemo(dir, { seed: 1, images: 1 })).rejects.toThrow()
    expect(readdirSync(dir).sort()).toEqual(['gt.json', 'images'])
  })

  test('an abort stops between images and writes no annotations', async () => {
    const dir = join(root, 'aborted')
    const controller = new AbortController()
    const onProgress = (done: number): void => {
      if (done === 2) controller.abort()
    }
    const run = writeDemo(dir, { seed: 1, images: 8, onProgress, signal: controller.signal })
    await expect(run).rejects.toThrow(/abort/i)
    expect(readdirSync(join(dir, 'images'))).toHaveLength(2)
    expect(existsSync(join(dir, 'gt.json'))).toBe(false)
  })

  test('progress counts the images', async () => {
    const seen: [number, number][] = []
    await writeDemo(join(root, 'progress'), {
      seed: 1,
      images: 3,
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })
})
