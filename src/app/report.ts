import type { Finding, Protocol, SizeRange, View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import { indexScene, indexSteps, type SceneIndex } from '../matching/scene-index.js'
import { findingSteps } from '../metrics/findings.js'
import { defaultScore } from '../metrics/operating-point.js'
import type { SizeSetName } from '../metrics/size-sets.js'
import { cocoSizes, percentileSizes } from '../metrics/sizes.js'
import type { PageContent } from '../report/page-content.js'
import type { PageData } from '../report/page-data.js'
import type { LocalPictures } from './pictures/source.js'
import { type State, startState } from './state/state.js'

/** A set of size ranges to choose. */
export interface SizeSet {
  name: SizeSetName
  title: string
  ranges: SizeRange[]
}

export type ReportData = Pick<PageData<PageContent>, 'scene' | 'content'>

/** The data of the page with what is worth keeping of it: indices, default thresholds. */
export class Report {
  readonly scene: Scene
  readonly content: PageContent
  readonly sizeSets: SizeSet[]
  /** What the page shows before anyone has chosen. */
  readonly start: State
  readonly data: ReportData
  /** Where pictures and masks come from other than from the page's file or server. */
  readonly local: LocalPictures | null
  /** The score slider's ends: 0 to 1 and further where scores lie beyond. */
  readonly scoreBounds: [number, number]
  readonly #indices = new Map<string, SceneIndex>()
  readonly #scores = new Map<string, number>()
  readonly #findings = new Map<Protocol, Finding[]>()

  constructor(data: ReportData, local: LocalPictures | null = null) {
    this.data = data
    this.local = local
    this.scene = data.scene
    this.content = data.content
    this.scoreBounds = boundsOf(this.scene.dt.scores)
    const percentiles = percentileSizes(this.scene)
    this.sizeSets = [
      { name: 'coco', title: 'COCO', ranges: cocoSizes() },
      { name: 'percentile', title: 'Percentiles', ranges: percentiles },
    ]
    const { ownSizes, firstSizes, view } = this.content
    if (ownSizes) this.sizeSets.push({ name: 'own', title: 'This run', ranges: ownSizes })
    this.start = startState(view, {
      sizes: firstSizes,
      classAgnostic: this.scene.config.classAgnostic,
    })
  }

  /** The set of size ranges that the state names; the first for a name that is none. */
  sizeSetOf({ sizes }: Pick<State, 'sizes'>): SizeSet {
    return this.sizeSets.find(({ name }) => name === sizes) ?? this.sizeSets[0]
  }

  sizesOf(state: State): SizeRange[] {
    return this.sizeSetOf(state).ranges
  }

  indexOf({ protocol, classAgnostic }: Pick<State, 'protocol' | 'classAgnostic'>): SceneIndex {
    const key = `${protocol} ${classAgnostic}`
    const index = this.#indices.get(key) ?? indexScene(this.scene, protocol, classAgnostic)
    this.#indices.set(key, index)
    return index
  }

  /** Whether the state can be drawn without first indexing the scene, which takes long. */
  isReady({ protocol, classAgnostic }: Pick<State, 'protocol' | 'classAgnostic'>): boolean {
    return this.#indices.has(`${protocol} ${classAgnostic}`)
  }

  /** Makes a state ready in steps. */
  *prepare(state: State): Steps<void> {
    const { protocol, classAgnostic } = state
    const key = `${protocol} ${classAgnostic}`
    if (!this.#indices.has(key))
      this.#indices.set(key, yield* indexSteps(this.scene, protocol, classAgnostic))
    yield
    this.defaultScore(state)
  }

  /** What stands out by a protocol, in the view in which the page opens; null where nothing was to be looked for. */
  *findings(protocol: Protocol): Steps<Finding[] | null> {
    const { findings } = this.content
    const known = findings?.[protocol] ?? this.#findings.get(protocol)
    if (findings === null || known) return known ?? null
    const state = { ...this.start, protocol }
    yield* this.prepare(state)
    const found = yield* findingSteps(this.scene, this.indexOf(state), this.viewOf(state))
    this.#findings.set(protocol, found)
    return found
  }

  /** The score threshold that keeps every detection: metrics know no other. */
  get leastScore(): number {
    return this.scoreBounds[0]
  }

  /** The score threshold of a state that has none of its own; 0 where no threshold is the best. */
  defaultScore(state: State): number {
    const key = `${state.protocol} ${state.classAgnostic} ${state.sizes}`
    const score =
      this.#scores.get(key) ??
      defaultScore(this.scene, this.indexOf(state), { sizes: this.sizesOf(state) }) ??
      this.scoreBounds[0]
    this.#scores.set(key, score)
    return score
  }

  /** A state with what makes no sense for this data put right: names and rows that do not exist. */
  checked(state: State): State {
    const { categories, images, gt, dt } = this.scene
    const { name: sizes, ranges } = this.sizeSetOf(state)
    const size = ranges.findIndex(({ name }) => name === state.size)
    const filter = { ...state.filter }
    if (filter.image !== undefined && filter.image >= images.count) delete filter.image
    if (filter.confusedWith !== undefined && filter.confusedWith >= categories.count)
      delete filter.confusedWith
    const { open } = state
    return {
      ...state,
      sizes,
      size: size > 0 ? state.size : '',
      category: state.category < categories.count ? state.category : -1,
      iou: this.snapIou(state.iou),
      filter,
      open: open && open.row < (open.kind === 'dt' ? dt : gt).count ? open : null,
    }
  }

  /** The run's own threshold where `iou` is one but for rounding: the reference's grid holds 0.8999999999999999. */
  snapIou(iou: number): number {
    return this.scene.config.iouThresholds.find(known => Math.abs(known - iou) < 1e-9) ?? iou
  }

  viewOf(state: State): View {
    return {
      protocol: state.protocol,
      iou: state.iou,
      score: state.score ?? this.defaultScore(state),
      scoreStrict: state.score !== null && state.scoreStrict,
      sizes: this.sizesOf(state),
      classAgnostic: state.classAgnostic,
    }
  }

  /** Index in the view's sizes of the size that a state looks at. */
  sizeIndexOf(state: State): number {
    return Math.max(
      0,
      this.sizesOf(state).findIndex(({ name }) => name === state.size),
    )
  }
}

function boundsOf(scores: Float64Array): [number, number] {
  let least = 0
  let most = 1
  for (const score of scores) {
    if (score < least) least = score
    if (score > most) most = score
  }
  return [least, most]
}
