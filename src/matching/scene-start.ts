import type { Dataset } from '../data/columns.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import { firstRows } from './buffers.js'
import { CellKernel } from './cell-kernel.js'
import { type Grouping, groupSteps } from './cells.js'
import { scoreOrderSteps } from './order.js'

/** What both protocols start from, before they order ties. */
export interface SceneStart extends Grouping {
  /** Positions in `cells.dtRows` by descending score, and the scores. */
  order: Int32Array
  scores: Float64Array
}

/** By the columns that the rows of all scenes of one run share, whatever their rules. */
const starts = new WeakMap<Scene['dt'], Map<boolean, SceneStart>>()

/** Takes what another thread has found for the same scene. */
export function rememberStart(scene: Scene, classAgnostic: boolean, start: SceneStart): void {
  const known = starts.get(scene.dt) ?? new Map<boolean, SceneStart>()
  starts.set(scene.dt, known.set(classAgnostic, start))
}

export const startOf = (scene: Scene, classAgnostic: boolean): SceneStart =>
  finish(startSteps(scene, classAgnostic))

/** Computed once; each caller gets its own copy of `cells.dtRows`. */
export function* startSteps(scene: Scene, classAgnostic: boolean): Steps<SceneStart> {
  const start = starts.get(scene.dt)?.get(classAgnostic) ?? (yield* makeStart(scene, classAgnostic))
  rememberStart(scene, classAgnostic, start)
  return { ...start, cells: { ...start.cells, dtRows: start.cells.dtRows.slice() } }
}

function* makeStart(scene: Scene, classAgnostic: boolean): Steps<SceneStart> {
  const everything = { imageIds: null, categoryIds: null, maxDets: [Number.POSITIVE_INFINITY] }
  const config = { ...scene.config, ...everything, classAgnostic }
  const grouping = yield* groupSteps(datasetOf(scene), config, CellKernel.create())
  const scores = grouping.dtScores.slice()
  const order = firstRows(scores.length)
  yield
  yield* scoreOrderSteps(scores, order)
  return { ...grouping, order, scores }
}

const datasetOf = ({ images, categories, gt, dt }: Scene): Dataset => ({
  images,
  categories,
  groundTruths: { ...gt, masks: null },
  detections: { ...dt, masks: null },
})
