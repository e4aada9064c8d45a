import { InputError } from '../errors.js'
import {
  type AreaRange,
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_MAX_DETS,
  COCO_RECALL_THRESHOLDS,
  type Config,
  type IouType,
} from './config.js'

/** What a caller may choose; the reference's value stands for whatever is left out. */
export interface ConfigOptions {
  iouThresholds?: number[]
  recallThresholds?: number[]
  /** Three caps, ascending order not needed; one cap M stands for 1, 10, M. */
  maxDets?: number[]
  /** A range named "all" comes first; it is added where it is missing. */
  areas?: AreaRange[]
  imageIds?: number[] | null
  categoryIds?: number[] | null
  classAgnostic?: boolean
}

/** The whole configuration, checked. Fails with InputError on a value that has no meaning. */
export function resolveConfig(iouType: IouType, options: ConfigOptions): Config {
  return {
    protocol: 'coco',
    iouType,
    iouThresholds: iouThresholds(options.iouThresholds ?? COCO_IOU_THRESHOLDS),
    recallThresholds: recallThresholds(options.recallThresholds ?? COCO_RECALL_THRESHOLDS),
    areas: areaRanges(options.areas ?? COCO_AREAS),
    maxDets: caps(options.maxDets ?? COCO_MAX_DETS),
    imageIds: options.imageIds ?? null,
    categoryIds: options.categoryIds ?? null,
    classAgnostic: options.classAgnostic ?? false,
  }
}

/** At an IoU threshold of 0 every detection would match anything. */
function iouThresholds(values: number[]): number[] {
  if (values.length === 0) throw new InputError('IoU thresholds: expected at least one')
  const wrong = values.find(value => !(value > 0 && value <= 1))
  if (wrong === undefined) return [...values]
  throw new InputError(`IoU thresholds: expected numbers above 0 and at most 1, got ${wrong}`)
}

function recallThresholds(values: number[]): number[] {
  if (values.length === 0) throw new InputError('recall thresholds: expected at least one')
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) {
      throw new InputError(`recall thresholds: expected numbers from 0 to 1, got ${values[i]}`)
    }
    if (i > 0 && values[i] < values[i - 1]) {
      throw new InputError(
        `recall thresholds: expected ascending order, got ${values[i]} after ${values[i - 1]}`,
      )
    }
  }
  return [...values]
}

function caps(values: number[]): number[] {
  const three = values.length === 1 ? [1, 10, values[0]] : [...values]
  if (three.length !== 3) {
    throw new InputError(`maxDets: expected three caps or one (M stands for 1, 10, M), got ${values.length}`)
  }
  const wrong = three.find(value => !(Number.isInteger(value) && value >= 1))
  if (wrong !== undefined) throw new InputError(`maxDets: expected whole numbers from 1, got ${wrong}`)
  return three.sort((a, b) => a - b)
}

function areaRanges(ranges: AreaRange[]): AreaRange[] {
  const all = ranges.find(range => range.name === 'all') ?? COCO_AREAS[0]
  const out = [all, ...ranges.filter(range => range.name !== 'all')].map(range => ({ ...range }))
  const names = new Set<string>()
  for (const { name, lo, hi } of [...ranges, ...(ranges.includes(all) ? [] : [all])]) {
    if (names.has(name)) throw new InputError(`areas: two ranges are named "${name}"`)
    names.add(name)
    if (!(lo >= 0 && hi >= lo)) {
      throw new InputError(`areas: expected 0 <= lo <= hi in px, got "${name}" ${lo} to ${hi}`)
    }
  }
  return out
}
