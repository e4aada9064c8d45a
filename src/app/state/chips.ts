import type { Categories, Images } from '../../data/columns.js'
import { formatPx, formatScore } from '../format.js'
import { type Narrowing, type State, WRITTEN } from './state.js'

/** A filter that is on, in words, and the state without it. */
export interface Chip {
  key: string
  text: string
  without: State
}

const OUTCOME_WORDS = { TP: 'TP', FP: 'FP', FN: 'FN', ignored: 'ignored', cut: 'beyond the cap' }

const FOUND_WORDS = {
  A: 'found by A alone',
  B: 'found by B alone',
  both: 'found by both',
  neither: 'found by neither',
}

type Range = [number, number]

/** `lo` to `hi` as a reader says it. */
function between(name: string, [lo, hi]: Range, format: (value: number) => string): string {
  if (!Number.isFinite(hi)) return `${name} ≥ ${format(lo)}`
  if (!Number.isFinite(lo)) return `${name} < ${format(hi)}`
  return `${name} ${format(lo)} to ${format(hi)}`
}

/** A range of whole numbers, whose end is left out. */
function whole(name: string, [lo, hi]: Range): string {
  if (!Number.isFinite(hi)) return `${name} ≥ ${lo}`
  return hi - lo <= 1 ? `${name} = ${lo}` : `${name} ${lo} to ${hi - 1}`
}

const CROWD_WORDS = { ignored: 'crowds ignored', counted: 'crowds count', out: 'crowds left out' }

/**
 * Rules of matching that are others than at the `start`, then filters that are on, in a fixed order. Names come from
 * files and are text only.
 */
export function chipsOf(state: State, start: State, categories: Categories, images: Images): Chip[] {
  const chips: Chip[] = []
  const add = (key: string, text: string, without: State): void => {
    chips.push({ key, text, without })
  }
  const { classAgnostic, crowds, maxDet } = start
  if (state.classAgnostic !== classAgnostic)
    add('classAgnostic', classAgnostic ? 'within a class' : 'class-agnostic', { ...state, classAgnostic })
  if (state.crowds !== crowds) add('crowds', CROWD_WORDS[state.crowds], { ...state, crowds })
  if (state.maxDet !== maxDet) {
    const whose = state.classAgnostic ? 'an image' : 'an image and class'
    add('maxDet', `at most ${state.maxDet} ${whose}`, { ...state, maxDet })
  }
  if (state.sizes === WRITTEN && state.sizes !== start.sizes)
    add('sizes', `sizes ${state.areas}`, { ...state, sizes: start.sizes })
  const className = (row: number): string => categories.names[row] ?? `class ${row}`
  if (state.category >= 0) add('category', className(state.category), { ...state, category: -1 })
  if (state.size !== '') add('size', state.size, { ...state, size: '' })
  const { filter } = state
  const words: { [K in keyof Narrowing]-?: (value: NonNullable<Narrowing[K]>) => string } = {
    foundBy: names => names.map(name => FOUND_WORDS[name]).join(' or '),
    outcomes: names => names.map(name => OUTCOME_WORDS[name]).join(' + '),
    reasons: codes => codes.map(code => code.replaceAll('-', ' ')).join(' or '),
    image: row => images.fileNames[row] || `image ${images.ids[row]}`,
    confusedWith: row => `confused with ${className(row)}`,
    score: range => between('score', range, formatScore),
    overlap: range => between('IoU', range, formatScore),
    area: range => between('area', range, formatPx),
    gtArea: range => between('object area', range, formatPx),
    imageGroundTruths: range => whole('objects in the image', range),
    imageDetections: range => whole('detections in the image', range),
  }
  for (const key of Object.keys(words) as (keyof Narrowing)[]) {
    const value = filter[key]
    if (value === undefined) continue
    const { [key]: _, ...rest } = filter
    add(key, (words[key] as (value: unknown) => string)(value), { ...state, filter: rest })
  }
  if (state.find !== '') add('find', `“${state.find}”`, { ...state, find: '' })
  return chips
}

/** The state without any filter, by the rules of the `start`. */
export const withoutFilters = (state: State, start: State): State => ({
  ...state,
  classAgnostic: start.classAgnostic,
  crowds: start.crowds,
  maxDet: start.maxDet,
  sizes: state.sizes === WRITTEN ? start.sizes : state.sizes,
  category: -1,
  size: '',
  filter: {},
  find: '',
})
