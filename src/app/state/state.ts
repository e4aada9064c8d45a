import type { InstanceFilter, Objective, Protocol, View } from '../../data/analysis.js'
import type { CrowdRule } from '../../matching/scene-rules.js'
import type { ModelName } from '../../metrics/models.js'

/** What is asked of instances beyond the view's IoU threshold, size and class. */
export type Narrowing = Omit<InstanceFilter, 'size' | 'iou' | 'category' | 'model'>

/** An instance: a row of the scene's detections or ground truths. */
export interface InstanceRef {
  kind: 'dt' | 'gt'
  row: number
}

export interface Sort {
  column: string
  descending: boolean
}

/** Name of the set of size ranges that a reader has written, `State.areas`. */
export const WRITTEN = 'written'

/** Everything that a reader has chosen; the page is a function of it and of the data. Its hash holds it whole. */
export interface State {
  protocol: Protocol
  /** Whose instances are listed and open, where two models are compared. */
  model: ModelName
  iou: number
  /** null: the best threshold by F1. */
  score: number | null
  scoreStrict: boolean
  /** Name of a set of size ranges. */
  sizes: string
  /** Size ranges of a reader's own, as `--area` takes them. */
  areas: string
  /** Name of a range of the set; '' for the whole. */
  size: string
  /** Row in Categories; -1 for all. */
  category: number
  classAgnostic: boolean
  /** What crowd regions do. */
  crowds: CrowdRule
  /** Most detections of an image and class that protocol `coco` counts; null for the run's own. */
  maxDet: number | null
  filter: Narrowing
  objective: Objective
  /** Text that rows of the instance table must contain. */
  find: string
  /** By table. */
  sorts: Record<string, Sort>
  /** Whether the histogram of scores begins at the score threshold. */
  scores: 'kept' | 'all'
  /** How section 6 shows instances. */
  layout: 'table' | 'gallery'
  /** Whether the list of instances lies beside the page. */
  list: boolean
  /** The instance whose picture is open. */
  open: InstanceRef | null
}

/** Where a report starts, as its command asked. */
export const startState = (view: Partial<View>, changes: Partial<State> = {}): State => ({
  protocol: view.protocol ?? 'coco',
  model: 'A',
  iou: view.iou ?? 0.5,
  score: view.score ?? null,
  scoreStrict: view.scoreStrict ?? false,
  sizes: 'coco',
  areas: 'coco',
  size: '',
  category: -1,
  classAgnostic: view.classAgnostic ?? false,
  crowds: 'ignored',
  maxDet: null,
  filter: {},
  objective: { kind: 'f-beta', beta: 1 },
  find: '',
  sorts: {},
  scores: 'kept',
  layout: 'table',
  list: false,
  open: null,
  ...changes,
})

/** What a click on something countable asks for; parts left out stay as they are. */
export interface Pick {
  protocol?: Protocol
  iou?: number
  score?: number
  sizes?: string
  size?: string
  category?: number
  filter: Narrowing
  /** Images are counted, not instances: the table of images shows them. */
  images?: boolean
}

/** The state after a click on something countable: its instances, and no others, are listed. */
export const pickInstances = (state: State, { filter, images, ...view }: Pick): State => ({
  ...state,
  ...view,
  scoreStrict: view.score === undefined ? state.scoreStrict : false,
  filter,
  find: '',
  list: !images,
  open: null,
})

/** What is listed unless a filter asks for other outcomes. */
const LISTED: NonNullable<InstanceFilter['outcomes']> = ['TP', 'FP', 'FN']

/** The instances that a state lists. */
export const filterOf = ({ size, category, filter }: State): InstanceFilter => ({
  outcomes: LISTED,
  ...filter,
  ...(size === '' ? {} : { size }),
  ...(category < 0 ? {} : { category }),
})
