import { join } from 'node:path'
import { makeOutputFolder, writeWhole } from '../node/output.js'
import { type Annotation, annotate, sightingsOf } from './annotate.js'
import { encodePng } from './canvas.js'
import { compose, type Layout } from './layouts.js'
import { type Detection, type Habits, predict } from './predict.js'
import { Random } from './random.js'
import { render } from './render.js'
import { CARDBOARD_BOX, FORKLIFT, PLASTIC_CRATE } from './stage.js'

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
  detections: number
  imageBytes: number
  /** All of the above in one line. */
  line: string
}

/** How one image is made. */
interface Plan extends Habits {
  layout: Layout
  crowd: boolean
  /** False for images on which the detector finds nothing. */
  detected: boolean
}

const ROUND: readonly Layout[] = [
  'racks',
  'stacks',
  'aisle',
  'conveyor',
  'stacks',
  'racks',
  'conveyor',
  'aisle',
]

/** Images that are not like the others, by index; the rest takes its layout from ROUND. */
const SPECIAL: Record<number, Partial<Plan>> = {
  1: { crowd: true, inCrowd: 0 },
  3: { crowd: true, inCrowd: 1 },
  5: { layout: 'dense', atLeast: 125 },
  6: { detected: false },
  9: { layout: 'empty' },
  12: { crowd: true, inCrowd: 4 },
  22: { crowd: true, inCrowd: 6 },
  27: { detected: false },
  33: { crowd: true, inCrowd: 0 },
  44: { detected: false },
  49: { crowd: true, inCrowd: 3 },
}

const planFor = (index: number): Plan => ({
  layout: ROUND[index % ROUND.length],
  crowd: false,
  detected: true,
  inCrowd: 0,
  atLeast: 0,
  ...SPECIAL[index],
})

interface ImageRecord {
  id: number
  width: number
  height: number
  file_name: string
  license: number
}

interface MadeImage {
  record: ImageRecord
  png: Uint8Array
  annotations: Annotation[]
  detections: Detection[]
}

function makeImage(seed: number, index: number, firstId: number): MadeImage {
  const plan = planFor(index)
  const stage = compose(new Random(seed, 2 * index), plan.layout, plan.crowd)
  const { canvas, facesPx } = render(stage)
  const id = index + 1
  const { width, height } = stage
  const image = { id, width, height }
  const sightings = sightingsOf(stage, canvas, facesPx)
  const detections = plan.detected ? predict(new Random(seed, 2 * index + 1), sightings, image, plan) : []
  const fileName = `warehouse_${String(id).padStart(4, '0')}.png`
  return {
    record: { ...image, file_name: fileName, license: 1 },
    png: encodePng(canvas),
    annotations: annotate(sightings, image, firstId),
    detections,
  }
}

/**
 * Writes the demo data set: `gt.json` (COCO ground truth), `dt.json` (COCO results with masks) and `images/*.png`
 * in the folder `dir`, which is made where it does not exist. Each file appears whole or not at all. The same seed
 * and number of images give the same files; how small zlib packs the images may differ between versions of Node.
 * Fails with InputError where the folder cannot be made.
 */
export async function writeDemo(dir: string, options: DemoOptions): Promise<DemoSummary> {
  const { seed, images, onProgress, signal } = options
  makeOutputFolder('demo', join(dir, 'images'))
  const records: ImageRecord[] = []
  const annotations: Annotation[] = []
  const detections: Detection[] = []
  let imageBytes = 0
  for (let index = 0; index < images; index++) {
    signal?.throwIfAborted()
    const made = makeImage(seed, index, annotations.length + 1)
    await writeWhole(join(dir, 'images', made.record.file_name), [made.png], signal)
    records.push(made.record)
    annotations.push(...made.annotations)
    detections.push(...made.detections)
    imageBytes += made.png.length
    onProgress?.(index + 1, images)
  }
  await writeWhole(join(dir, 'gt.json'), [JSON.stringify(groundTruth(seed, records, annotations))], signal)
  await writeWhole(join(dir, 'dt.json'), [JSON.stringify(detections)], signal)
  const crowds = annotations.filter(annotation => annotation.iscrowd).length
  const counts = { images, objects: annotations.length, crowds, detections: detections.length, imageBytes }
  return { ...counts, line: describe(dir, counts) }
}

function describe(dir: string, counts: Omit<DemoSummary, 'line'>): string {
  const kilobytes = Math.round(counts.imageBytes / 1000)
  return (
    `${counts.images} images (${kilobytes} kB), ${counts.objects} objects (${counts.crowds} crowd regions) ` +
    `and ${counts.detections} detections written to ${dir}`
  )
}

const groundTruth = (seed: number, images: ImageRecord[], annotations: Annotation[]): object => ({
  info: {
    description: 'detscope demo: a warehouse of cardboard boxes, drawn by the program',
    version: '1',
    seed,
  },
  licenses: [{ id: 1, name: 'CC0 1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' }],
  categories: [
    { id: CARDBOARD_BOX, name: 'cardboard_box', supercategory: 'load' },
    { id: PLASTIC_CRATE, name: 'plastic_crate', supercategory: 'load' },
    { id: FORKLIFT, name: 'forklift', supercategory: 'vehicle' },
  ],
  images,
  annotations,
})
