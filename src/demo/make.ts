import { type Annotation, annotate, sightingsOf } from './annotate.js'
import { rgbOf } from './canvas.js'
import { compose, type Layout } from './layouts.js'
import { type Detection, type Habits, predict, type Skill } from './predict.js'
import { Random } from './random.js'
import { render } from './render.js'
import { CARDBOARD_BOX, FORKLIFT, PLASTIC_CRATE } from './stage.js'

/** The detector of dt.json, and one that sees small and hidden objects better and imagines more. */
const SKILLS: Record<'first' | 'second', Skill> = {
  first: { hardness: 1, imagination: 0.4 },
  second: { hardness: 0.75, imagination: 0.75 },
}

/** How one image is made. */
interface Plan extends Omit<Habits, 'skill'> {
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

/** Streams of random numbers from here on are those of the second detector. */
const OTHER_STREAM = 2 ** 20

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
  /** Those of another detector, to compare. */
  otherDetections: Detection[]
}

/**
 * The demo data set: gives its pictures one after another, and the two files in the end. The same seed and number of
 * images make the same data. From 50 images on, every kind of outcome occurs.
 */
export function* makeDemo(seed: number, images: number): Generator<DemoPicture, DemoData> {
  const records: ImageRecord[] = []
  const annotations: Annotation[] = []
  const detections: Detection[] = []
  const otherDetections: Detection[] = []
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
    const detect = (stream: number, skill: Skill): Detection[] =>
      predict(new Random(seed, stream), sightings, image, { ...plan, skill })
    if (plan.detected) detections.push(...detect(2 * index + 1, SKILLS.first))
    otherDetections.push(...detect(OTHER_STREAM + index, SKILLS.second))
    yield { fileName, width, height, rgb: rgbOf(canvas) }
  }
  return { groundTruth: groundTruthOf(seed, records, annotations), detections, otherDetections }
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
