import { type Annotation, annotate, sightingsOf } from './annotate.js'
import { rgbOf } from './canvas.js'
import { compose, type Layout } from './layouts.js'
import { type Detection, type Habits, predict } from './predict.js'
import { Random } from './random.js'
import { render } from './render.js'
import { CARDBOARD_BOX, FORKLIFT, PLASTIC_CRATE } from './stage.js'

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

export interface DemoPicture {
  fileName: string
  /** px */
  width: number
  height: number
  /** [height, width, 3] */
  rgb: Uint8Array
}

export interface GroundTruthFile {
  info: object
  licenses: object[]
  categories: object[]
  images: ImageRecord[]
  annotations: Annotation[]
}

export interface DemoData {
  /** COCO ground truth. */
  groundTruth: GroundTruthFile
  /** COCO results with masks. */
  detections: Detection[]
}

/**
 * The demo data set: gives its pictures one after another, and the two files in the end. The same seed and number of
 * images make the same data. From 50 images on, every kind of outcome occurs.
 */
export function* makeDemo(seed: number, images: number): Generator<DemoPicture, DemoData> {
  const records: ImageRecord[] = []
  const annotations: Annotation[] = []
  const detections: Detection[] = []
  for (let index = 0; index < images; index++) {
    const plan = planFor(index)
    const stage = compose(new Random(seed, 2 * index), plan.layout, plan.crowd)
    const { canvas, facesPx } = render(stage)
    const id = index + 1
    const { width, height } = stage
    const image = { id, width, height }
    const sightings = sightingsOf(stage, canvas, facesPx)
    const fileName = `warehouse_${String(id).padStart(4, '0')}.png`
    records.push({ ...image, file_name: fileName, license: 1 })
    annotations.push(...annotate(sightings, image, annotations.length + 1))
    if (plan.detected) detections.push(...predict(new Random(seed, 2 * index + 1), sightings, image, plan))
    yield { fileName, width, height, rgb: rgbOf(canvas) }
  }
  return { groundTruth: groundTruthOf(seed, records, annotations), detections }
}

const groundTruthOf = (seed: number, images: ImageRecord[], annotations: Annotation[]): GroundTruthFile => ({
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
