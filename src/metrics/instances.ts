import { FN, type Reason, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import { firstRows } from '../matching/buffers.js'
import { createSortScratch, sortByScore } from '../matching/order.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { type Circumstances, fateOfDetection, fateOfGroundTruth } from './fates.js'
import { isKept, OUTCOME_NAMES } from './outcomes.js'
import { reasonOf } from './reasons.js'
import type { Selection } from './select.js'
import { inSize } from './sizes.js'

/** One instance of a table. Detections are named by their position in the file, ground truths by their id. */
export interface InstanceRow {
  kind: 'dt' | 'gt'
  /** Row in SceneDetections or SceneGroundTruths. */
  row: number
  id: number
  outcome: (typeof OUTCOME_NAMES)[keyof typeof OUTCOME_NAMES]
  /** Row in Categories. */
  category: number
  /** Row in Images. */
  image: number
  /** null for a ground truth. */
  score: number | null
  /** Similarity with the partner; null without one. */
  iou: number | null
  /** The ground truth that a detection took, the detection that took a ground truth: row and id; -1 and null for none. */
  partner: number
  partnerId: number | null
  /** The most similar instance of the other kind, of any class and at any score; 0, -1 and null for none. */
  bestIou: number
  best: number
  bestId: number | null
  /** px */
  area: number
  /**
   * The first range of the view after the whole that the instance belongs to: by the area of its ground truth where it
   * has a regular one, else by its own. null for none.
   */
  size: string | null
  reason: Reason
}

/** What a table can be sorted by. Classes sort by their row, reasons and outcomes by their word. */
export type InstanceColumn =
  | 'outcome'
  | 'category'
  | 'image'
  | 'score'
  | 'iou'
  | 'bestIou'
  | 'partnerId'
  | 'area'
  | 'size'
  | 'reason'

/** A table of which only the rows that are looked at are computed: first the detections, then the ground truths. */
export interface InstanceTable {
  count: number
  row(i: number): InstanceRow
  /** Sort keys of a column, NaN where it is empty; computed once. [row] */
  column(name: InstanceColumn): Steps<Float64Array>
}

/**
 * The table of a selection. `matches` are those it was selected from, of the size range `range` (default: the whole)
 * at `view.iou`.
 */
export function instanceTable(
  scene: Scene,
  index: SceneIndex,
  view: View,
  matches: SceneMatches,
  selection: Selection,
  range: AreaRange = view.sizes[0],
): InstanceTable {
  const at = { scene, index, view, matches }
  const { dts, gts } = selection
  const count = dts.length + gts.length
  const known = new Map<InstanceColumn, Float64Array>()
  const place = (i: number): Place =>
    i < dts.length ? { kind: 'dt', row: dts[i] } : { kind: 'gt', row: gts[i - dts.length] }
  return {
    count,
    row: i => describe(at, place(i), range),
    *column(name) {
      const keys = known.get(name) ?? (yield* keysOf(at, selection, KEYS[name]))
      known.set(name, keys)
      return keys
    },
  }
}

/** Rows of a table in the order of a column, empty cells last; equal ones keep their order. */
export const sortInstances = (table: InstanceTable, name: InstanceColumn, descending: boolean): Int32Array =>
  finish(sortSteps(table, name, descending))

/** `sortInstances` in steps of some 10 ms for 200,000 rows. */
export function* sortSteps(
  table: InstanceTable,
  name: InstanceColumn,
  descending: boolean,
): Steps<Int32Array> {
  const rows = firstRows(table.count)
  const keys = (yield* table.column(name)).slice()
  yield
  for (let i = 0; i < keys.length; i++) {
    if (Number.isNaN(keys[i])) keys[i] = Number.NEGATIVE_INFINITY
    else if (!descending) keys[i] = -keys[i]
  }
  sortByScore(keys, rows, 0, rows.length, createSortScratch())
  return rows
}

interface Place {
  kind: 'dt' | 'gt'
  row: number
}

type Key = (at: Circumstances, place: Place) => number

/** Keys computed at once: those of reasons take longest. */
const AT_ONCE = 8192

function* keysOf(at: Circumstances, { dts, gts }: Selection, key: Key): Steps<Float64Array> {
  const keys = new Float64Array(dts.length + gts.length)
  for (let i = 0; i < keys.length; i++) {
    if (i % AT_ONCE === 0) yield
    const isDt = i < dts.length
    keys[i] = key(at, { kind: isDt ? 'dt' : 'gt', row: isDt ? dts[i] : gts[i - dts.length] })
  }
  return keys
}

const isDetection = (place: Place): boolean => place.kind === 'dt'

function outcomeOf({ scene, view, matches }: Circumstances, { kind, row }: Place): number {
  if (kind === 'dt') return matches.dtOutcomes[row]
  const outcome = matches.gtOutcomes[row]
  return outcome === TP && !isKept(view, scene.dt.scores[matches.dtOfGt[row]]) ? FN : outcome
}

/** The detection of a missed ground truth is none of its own, though it may lie below the score threshold. */
function partnerOf(at: Circumstances, place: Place): number {
  if (isDetection(place)) return at.matches.gtOfDt[place.row]
  return outcomeOf(at, place) === FN ? -1 : at.matches.dtOfGt[place.row]
}

function iouOf(at: Circumstances, place: Place): number {
  const partner = partnerOf(at, place)
  if (partner < 0) return Number.NaN
  return isDetection(place)
    ? similarityOf(at.scene, place.row, partner)
    : similarityOf(at.scene, partner, place.row)
}

const bestOf = ({ index: { best } }: Circumstances, { kind, row }: Place): [number, number] =>
  kind === 'dt' ? [best.gtOfDt[row], best.dtSimilarities[row]] : [best.dtOfGt[row], best.gtSimilarities[row]]

/** Name of an instance of the other kind, NaN for none. */
function idOfOther({ gt, dt }: Scene, place: Place, other: number): number {
  if (other < 0) return Number.NaN
  return isDetection(place) ? gt.ids[other] : dt.records[other]
}

const areaOf = ({ index }: Circumstances, { kind, row }: Place): number =>
  (kind === 'dt' ? index.dtAreas : index.gtAreas)[row]

/** Position in `view.sizes`, -1 for none. */
function sizeOf(at: Circumstances, place: Place): number {
  const { index, view, matches } = at
  const isTrue = isDetection(place) && matches.dtOutcomes[place.row] === TP
  const area = isTrue ? index.gtAreas[matches.gtOfDt[place.row]] : areaOf(at, place)
  return view.sizes.findIndex((range, size) => size > 0 && inSize(area, range, index.protocol))
}

const codeOf = (at: Circumstances, { kind, row }: Place): Reason['code'] =>
  (kind === 'dt' ? fateOfDetection(at, row) : fateOfGroundTruth(at, row)).code

const instancesOf = ({ scene }: Circumstances, { kind }: Place) => (kind === 'dt' ? scene.dt : scene.gt)

/** Words in the order in which they sort. */
const OUTCOME_ORDER = ['FN', 'FP', 'TP', 'cut', 'ignored']
const REASON_ORDER: Reason['code'][] = [
  'matched',
  'matched-crowd',
  'matched-ignored',
  'outside-size',
  'beyond-cap',
  'id-zero',
  'duplicate',
  'localisation',
  'class-confusion',
  'confused-and-loose',
  'background',
  'missed-nothing-near',
  'missed-low-iou',
  'missed-other-class',
  'missed-taken',
  'missed-score',
  'ignored-ground-truth',
]

const KEYS: Record<InstanceColumn, Key> = {
  outcome: (at, place) => OUTCOME_ORDER.indexOf(nameOf(outcomeOf(at, place))),
  category: (at, place) => instancesOf(at, place).categories[place.row],
  image: (at, place) => instancesOf(at, place).images[place.row],
  score: ({ scene }, { kind, row }) => (kind === 'dt' ? scene.dt.scores[row] : Number.NaN),
  iou: iouOf,
  bestIou: (at, place) => bestOf(at, place)[1],
  partnerId: (at, place) => idOfOther(at.scene, place, partnerOf(at, place)),
  area: areaOf,
  size: (at, place) => {
    const size = sizeOf(at, place)
    return size < 0 ? Number.NaN : size
  },
  reason: (at, place) => REASON_ORDER.indexOf(codeOf(at, place)),
}

const nameOf = (outcome: number): InstanceRow['outcome'] =>
  OUTCOME_NAMES[outcome as keyof typeof OUTCOME_NAMES]

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

function describe(at: Circumstances, place: Place, range: AreaRange): InstanceRow {
  const { scene, index, view, matches } = at
  const { kind, row } = place
  const instances = instancesOf(at, place)
  const partner = partnerOf(at, place)
  const [best, bestIou] = bestOf(at, place)
  const size = sizeOf(at, place)
  return {
    kind,
    row,
    id: kind === 'dt' ? scene.dt.records[row] : scene.gt.ids[row],
    outcome: nameOf(outcomeOf(at, place)),
    category: instances.categories[row],
    image: instances.images[row],
    score: orNull(KEYS.score(at, place)),
    iou: orNull(iouOf(at, place)),
    partner,
    partnerId: orNull(idOfOther(scene, place, partner)),
    bestIou,
    best,
    bestId: orNull(idOfOther(scene, place, best)),
    area: areaOf(at, place),
    size: size < 0 ? null : view.sizes[size].name,
    reason: reasonOf(scene, index, view, matches, kind, row, range),
  }
}
