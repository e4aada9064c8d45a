import { InputError } from '../errors.js'
import {
  type AreaRange,
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_MAX_DETS,
  COCO_RECALL_THRESHOLDS,
  type ConfigDraft,
  type IouType,
  type PercentileRange,
} from './config.js'

/** What a caller may choose; the reference's value stands for whatever is left out. */
export interface ConfigOptions {
  iouThresholds?: ArrayLike<number>
  recallThresholds?: ArrayLike<number>
  /** Three caps, ascending order not needed; one cap M stands for 1, 10, M. */
  maxDets?: ArrayLike<number>
  /** In px or by percentiles. A range named "all" comes first; it is added where it is missing. */
  areas?: (AreaRange | PercentileRange)[]
  imageIds?: ArrayLike<number> | null
  categoryIds?: ArrayLike<number> | null
  classAgnostic?: boolean
}

/**
 * The whole configuration, checked and copied; percentiles stand as given until areas are known (`resolveSizes`).
 * Fails with InputError on a value that has no meaning.
 */
export function resolveConfig(iouType: IouType, options: ConfigOptions): ConfigDraft {
  if (iouType !== 'bbox' && iouType !== 'segm') {
    throw new InputError(`iouType: expected "bbox" or "segm", got ${JSON.stringify(iouType)}`)
  }
  return {
    protocol: 'coco',
    iouType,
    iouThresholds: iouThresholds(numbers('iouThresholds', options.iouThresholds ?? COCO_IOU_THRESHOLDS)),
    recallThresholds: recallThresholds(
      numbers('recallThresholds', options.recallThresholds ?? COCO_RECALL_THRESHOLDS),
    ),
    areas: areaRanges(options.areas ?? COCO_AREAS),
    maxDets: caps(numbers('maxDets', options.maxDets ?? COCO_MAX_DETS)),
    imageIds: ids('imageIds', options.imageIds ?? null),
    categoryIds: ids('categoryIds', options.categoryIds ?? null),
    classAgnostic: options.classAgnostic ?? false,
  }
}

const show = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value))

/** A list of numbers as a list of its own. */
function numbers(name: string, values: ArrayLike<number>): number[] {
  const isList = Array.isArray(values) || ArrayBuffer.isView(values)
  if (!isList) throw new InputError(`${name}: expected a list of numbers, got ${show(values)}`)
  const list = Array.from(values)
  const wrong = list.find(value => typeof value !== 'number')
  if (wrong !== undefined) throw new InputError(`${name}: expected numbers, got ${show(wrong)}`)
  return list
}

const ids = (name: string, values: ArrayLike<number> | null): number[] | null =>
  values === null ? null : numbers(name, values)

/** At an IoU threshold of 0 every detection would match anything. */
function iouThresholds(values: number[]): number[] {
  if (values.length === 0) throw new InputError('iouThresholds: expected at least one')
  const wrong = values.find(value => !(value > 0 && value <= 1))
  if (wrong === undefined) return values
  throw new InputError(`iouThresholds: expected numbers above 0 and at most 1, got ${wrong}`)
}

function recallThresholds(values: number[]): number[] {
  if (values.length === 0) throw new InputError('recallThresholds: expected at least one')
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) {
      throw new InputError(`recallThresholds: expected numbers from 0 to 1, got ${values[i]}`)
    }
    if (i > 0 && values[i] < values[i - 1]) {
      throw new InputError(
        `recallThresholds: expected ascending order, got ${values[i]} after ${values[i - 1]}`,
      )
    }
  }
  return values
}

function caps(values: number[]): number[] {
  const three = values.length === 1 ? [1, 10, values[0]] : values
  if (three.length !== 3) {
    throw new InputError(`maxDets: expected three caps or one (M stands for 1, 10, M), got ${values.length}`)
  }
  const wrong = three.find(value => !(Number.isInteger(value) && value >= 1))
  if (wrong !== undefined) throw new InputError(`maxDets: expected whole numbers from 1, got ${wrong}`)
  return three.sort((a, b) => a - b)
}

/** With "all", which is added, a set of ranges fits the bits of a number. */
const MAX_AREAS = 31

function areaRanges(ranges: (AreaRange | PercentileRange)[]): (AreaRange | PercentileRange)[] {
  if (!Array.isArray(ranges)) {
    throw new InputError(`areas: expected a list of {name, lo, hi}, got ${show(ranges)}`)
  }
  if (ranges.length > MAX_AREAS) {
    throw new InputError(`areas: expected at most ${MAX_AREAS} ranges, got ${ranges.length}`)
  }
  const names = new Set<string>()
  const checked = ranges.map(range => {
    const copy = areaRange(range)
    if (names.has(copy.name)) throw new InputError(`areas: two ranges are named "${copy.name}"`)
    names.add(copy.name)
    return copy
  })
  const all = checked.find(range => range.name === 'all') ?? { ...COCO_AREAS[0] }
  return [all, ...checked.filter(range => range.name !== 'all')]
}

/** A range of a caller, copied. Px win over the percentiles that once gave them. */
function areaRange(range: AreaRange | PercentileRange): AreaRange | PercentileRange {
  const { name, lo, hi, percentiles } = (range ?? {}) as Partial<AreaRange>
  if (typeof name !== 'string' || name === '')
    throw new InputError(`areas: expected {name, lo, hi}, got ${show(range)}`)
  if (lo === undefined && hi === undefined && percentiles !== undefined)
    return { name, percentiles: percentileEnds(name, percentiles) }
  if (typeof lo !== 'number' || typeof hi !== 'number')
    throw new InputError(`areas: expected {name, lo, hi}, got ${show(range)}`)
  if (!(lo >= 0 && hi >= lo))
    throw new InputError(`areas: expected 0 <= lo <= hi in px, got "${name}" ${lo} to ${hi}`)
  return percentiles ? { name, lo, hi, percentiles: percentileEnds(name, percentiles) } : { name, lo, hi }
}

function percentileEnds(name: string, ends: unknown): [number, number] {
  const expected = 'areas: expected percentiles [from, to] with 0 <= from < to <= 100'
  if (!Array.isArray(ends) || ends.length !== 2 || !ends.every(end => typeof end === 'number'))
    throw new InputError(`${expected}, got "${name}" ${show(ends)}`)
  const [from, to] = ends
  if (!(from >= 0 && to > from && to <= 100))
    throw new InputError(`${expected}, got "${name}" ${from} to ${to}`)
  return [from, to]
}
