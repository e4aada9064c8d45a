import { join } from 'node:path'
import { PNG } from 'pngjs'
import { type DemoPicture, makeDemo } from '../demo/make.js'
import { grouped } from '../report/table.js'
import { makeOutputFolder, writeWhole } from './output.js'

/** PNG's code of the colour type, and zlib's of its default strategy. */
const RGB = 2
const DEFAULT_STRATEGY = 0

export interface DemoOptions {
  seed: number
  /** From 50 on, every kind of outcome occurs. */
  images: number
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

export interface DemoSummary {
  images: number
  /** Labels, crowd regions among them. */
  objects: number
  crowds: number
  /** Of the first detector. */
  detections: number
  imageBytes: number
  /** All of the above in one line. */
  line: string
}

/**
 * Writes the demo data set: `gt.json` (COCO ground truth), `dt.json` and `dt-b.json` (COCO results with masks
 * of two detectors) and `images/*.png` in the folder `dir`, which is made where it does not exist. Each file appears whole or not at all. The same seed
 * and number of images give the same files; how small zlib packs the images may differ between versions of Node.
 * Fails with InputError where the folder cannot be made.
 */
export async function writeDemo(dir: string, options: DemoOptions): Promise<DemoSummary> {
  const { seed, images, onProgress, signal } = options
  makeOutputFolder('demo', join(dir, 'images'))
  const maker = makeDemo(seed, images)
  let imageBytes = 0
  let made = maker.next()
  for (let done = 1; !made.done; done++) {
    signal?.throwIfAborted()
    const png = encodePng(made.value)
    await writeWhole(join(dir, 'images', made.value.fileName), [png], signal)
    imageBytes += png.length
    onProgress?.(done, images)
    made = maker.next()
  }
  const { groundTruth, detections, otherDetections } = made.value
  await writeWhole(join(dir, 'gt.json'), [JSON.stringify(groundTruth)], signal)
  await writeWhole(join(dir, 'dt.json'), [JSON.stringify(detections)], signal)
  await writeWhole(join(dir, 'dt-b.json'), [JSON.stringify(otherDetections)], signal)
  const { annotations } = groundTruth
  const crowds = annotations.filter(annotation => annotation.iscrowd).length
  const counts = { images, objects: annotations.length, crowds, detections: detections.length, imageBytes }
  return { ...counts, line: describe(dir, counts) }
}

function describe(dir: string, counts: Omit<DemoSummary, 'line'>): string {
  const kilobytes = Math.round(counts.imageBytes / 1000)
  return (
    `${counts.images} images (${kilobytes} kB), ${grouped(counts.objects)} objects (${counts.crowds} crowd regions) ` +
    `and ${grouped(counts.detections)} detections written to ${dir}`
  )
}

/** The picture as the bytes of an RGB PNG. Flat colours pack best unfiltered. */
function encodePng({ width, height, rgb }: DemoPicture): Uint8Array {
  const png = new PNG({ width, height })
  png.data = Buffer.from(rgb.buffer)
  return PNG.sync.write(png, {
    colorType: RGB,
    inputColorType: RGB,
    inputHasAlpha: false,
    deflateLevel: 9,
    deflateStrategy: DEFAULT_STRATEGY,
    filterType: 0,
  })
}
