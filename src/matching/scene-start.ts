import type { Dataset } from '../data/columns.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import { firstRows } from './buffers.js'
import { CellKernel } from './cell-kernel.js'
import { type Grouping, groupSteps } from './cells.js'
import { scoreOrderSteps } from './order.js'
import { SceneKernel } from './scene-kernel.js'

/** What both protocols start from, before they order ties. */
export interface SceneStart extends Grouping {
  /** Positions in `cells.dtRows` by descending score, and the scores. */
  order: Int32Array
  scores: Float64Array
}

/** By the columns that the rows of all scenes of one run share, whatever their rules. */
const starts = new WeakMap<Scene['dt'], Map<boolean, SceneStart>>()
const groupings = new WeakMap<Scene['dt'], { classAgnostic: boolean; grouping: Grouping }>()

/** Takes the grouping of a run that grouped every row of its scene, none of them cut. */
export function rememberGrouping({ dt }: Scene, classAgnostic: boolean, grouping: Grouping): void {
  groupings.set(dt, { classAgnostic, grouping })
}

/** Takes what another thread has found for the same scene. */
export function rememberStart(scene: Scene, classAgnostic: boolean, start: SceneStart): void {
  const known = starts.get(scene.dt) ?? new Map<boolean, SceneStart>()
  starts.set(scene.dt, known.set(classAgnostic, start))
}

export const startOf = (scene: Scene, classAgnostic: boolean): SceneStart =>
  finish(startSteps(scene, classAgnostic))

/** Computed once. */
export function* startSteps(
  scene: Scene,
  classAgnostic: boolean,
  kernel: SceneKernel | null = SceneKernel.create(),
): Steps<SceneStart> {
  const start = starts.get(scene.dt)?.get(classAgnostic) ?? (yield* makeStart(scene, classAgnostic, kernel))
  rememberStart(scene, classAgnostic, start)
  return start
}

function* makeStart(scene: Scene, classAgnostic: boolean, kernel: SceneKernel | null): Steps<SceneStart> {
  const known = groupings.get(scene.dt)
  const grouping =
    known?.classAgnostic === classAgnostic ? known.grouping : yield* groupAll(scene, classAgnostic)
  yield
  const ordered = (kernel && (yield* kernel.order(grouping.dtScores))) ?? (yield* orderAll(grouping.dtScores))
  return { ...grouping, ...ordered }
}

/** Twin of `SceneKernel.order`. */
function* orderAll(dtScores: Float64Array): Steps<Pick<SceneStart, 'order' | 'scores'>> {
  const scores = dtScores.slice()
  const order = firstRows(scores.length)
  yield
  yield* scoreOrderSteps(scores, order)
  return { order, scores }
}

function groupAll(scene: Scene, classAgnostic: boolean): Steps<Grouping> {
  const everything = { imageIds: null, categoryIds: null, maxDets: [Number.POSITIVE_INFINITY] }
  return groupSteps(datasetOf(scene), { ...scene.config, ...everything, classAgnostic }, CellKernel.create())
}

const datasetOf = ({ images, categories, gt, dt }: Scene): Dataset => ({
  images,
  categories,
  groundTruths: { ...gt, masks: null },
  detections: { ...dt, masks: null },
})
