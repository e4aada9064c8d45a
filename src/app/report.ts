import type { Finding, Protocol, SizeRange, View } from '../data/analysis.js'
import { type AreaOption, areasText, parseAreas } from '../data/area-text.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import { indexSteps, type SceneIndex } from '../matching/scene-index.js'
import { CROWD_RULES, type CrowdRule, crowdSteps, withCap } from '../matching/scene-rules.js'
import { findingSteps } from '../metrics/findings.js'
import type { ModelName, ModelView } from '../metrics/models.js'
import { defaultScoreSteps } from '../metrics/operating-point.js'
import type { SizeSetName } from '../metrics/size-sets.js'
import { cocoSizes, percentileSizes, sizesOf } from '../metrics/sizes.js'
import type { PageContent } from '../report/page-content.js'
import type { PageData } from '../report/page-data.js'
import type { LocalPictures } from './pictures/source.js'
import { type State, startState, WRITTEN } from './state/state.js'

/** Name of a set of size ranges: of those that a run knows, or those that a reader has written. */
export type SizeSetChoice = SizeSetName | typeof WRITTEN

/** A set of size ranges to choose. */
export interface SizeSet {
  name: SizeSetChoice
  title: string
  ranges: SizeRange[]
}

/** Indices of so many ways to match are kept, the latest. */
const INDICES_KEPT = 6
const SIZES_KEPT = 16

export interface ReportData extends Pick<PageData<PageContent>, 'scene' | 'content'> {
  /** Of the scene as it is, where they are at hand. */
  indices?: SceneIndex[]
}

/** The data of the page with what is worth keeping of it: indices, default thresholds. */
export class Report {
  readonly scene: Scene
  readonly content: PageContent
  /** Names and titles of the sets of size ranges. */
  readonly sizeSets: Omit<SizeSet, 'ranges'>[]
  /** What the page shows before anyone has chosen. */
  readonly start: State
  readonly data: ReportData
  /** Where pictures and masks come from other than from the page's file or server. */
  readonly local: LocalPictures | null
  /** Which of two models it is. */
  readonly model: ModelName
  /** The score slider's ends: 0 to 1 and further where scores lie beyond. */
  readonly scoreBounds: [number, number]
  readonly #scenes = new Map<CrowdRule, Scene>()
  readonly #indices = new Map<string, SceneIndex>()
  readonly #sizes = new Map<string, SizeRange[]>()
  readonly #scores = new Map<string, number>()
  readonly #findings = new Map<Protocol, Finding[]>()

  constructor(data: ReportData, local: LocalPictures | null = null, model: ModelName = 'A') {
    this.model = model
    this.data = data
    this.local = local
    this.scene = data.scene
    this.content = data.content
    this.scoreBounds = boundsOf(this.scene.dt.scores)
    for (const index of data.indices ?? []) this.#indices.set(keyOf({ ...index, crowds: 'ignored' }), index)
    const { ownSizes, firstSizes, view } = this.content
    this.sizeSets = [
      { name: 'coco', title: 'COCO' },
      { name: 'percentile', title: 'Percentiles' },
      ...(ownSizes ? [{ name: 'own' as const, title: 'This run' }] : []),
      { name: WRITTEN, title: 'Own' },
    ]
    this.start = startState(view, {
      sizes: firstSizes,
      areas: areasText(ownSizes?.map(asWritten) ?? cocoSizes().map(asWritten)),
      classAgnostic: this.scene.config.classAgnostic,
    })
  }

  /** The scene as the state has it: what crowd regions do, and how many detections count. The same rows always. */
  sceneOf({ crowds, maxDet }: Pick<State, 'crowds' | 'maxDet'>): Scene {
    const scene = finish(this.#sceneSteps(crowds))
    return maxDet === null ? scene : withCap(scene, maxDet)
  }

  *#sceneSteps(crowds: CrowdRule): Steps<Scene> {
    const scene = this.#scenes.get(crowds) ?? (yield* crowdSteps(this.scene, crowds))
    this.#scenes.set(crowds, scene)
    return scene
  }

  get hasCrowds(): boolean {
    return this.scene.gt.crowds.includes(1)
  }

  /** Most detections of an image and class that protocol `coco` counts. */
  capOf({ maxDet }: Pick<State, 'maxDet'>): number {
    return maxDet ?? this.scene.config.maxDets[this.scene.config.maxDets.length - 1]
  }

  /** The set of size ranges that the state names; the first for a name that is none. */
  sizeSetOf(state: Pick<State, 'sizes' | 'areas' | 'crowds'>): SizeSet {
    const set = this.sizeSets.find(({ name }) => name === state.sizes) ?? this.sizeSets[0]
    const key = [set.name, state.crowds, set.name === WRITTEN ? state.areas : ''].join(' ')
    const ranges = this.#sizes.get(key) ?? this.#rangesOf(set.name, state)
    keepLatest(this.#sizes, key, ranges, SIZES_KEPT)
    return { ...set, ranges }
  }

  #rangesOf(name: SizeSetChoice, { areas, crowds }: Pick<State, 'areas' | 'crowds'>): SizeRange[] {
    const scene = this.sceneOf({ crowds, maxDet: null })
    if (name === 'percentile') return percentileSizes(scene)
    if (name === 'own') return sizesOf(scene, (this.content.ownSizes ?? []).map(asWritten))
    return name === WRITTEN ? sizesOf(scene, parseAreas(areas)) : cocoSizes()
  }

  sizesOf(state: Pick<State, 'sizes' | 'areas' | 'crowds'>): SizeRange[] {
    return this.sizeSetOf(state).ranges
  }

  indexOf(rules: MatchRules): SceneIndex {
    const index = this.#indices.get(keyOf(rules)) ?? finish(this.#indexSteps(rules))
    keepLatest(this.#indices, keyOf(rules), index, INDICES_KEPT)
    return index
  }

  *#indexSteps({ protocol, classAgnostic, crowds }: MatchRules): Steps<SceneIndex> {
    return yield* indexSteps(yield* this.#sceneSteps(crowds), protocol, classAgnostic)
  }

  /** Time that matching has taken so far, by the indices at hand. */
  get matchingMs(): number {
    return [...this.#indices.values()].reduce((sum, index) => sum + index.matchingMs, 0)
  }

  /** What a switch of the state leads to, made ready while nothing else is to be done. */
  *prepareOthers(state: State): Steps<void> {
    yield
    const others: Partial<State>[] = [
      { protocol: state.protocol === 'coco' ? 'corrected' : 'coco' },
      { classAgnostic: !state.classAgnostic },
      ...(this.hasCrowds ? CROWD_RULES.map(crowds => ({ crowds })) : []),
    ]
    for (const other of others) yield* this.prepare({ ...state, ...other })
    this.indexOf(state) // the last one that goes
  }

  /** Whether the state can be drawn without first indexing the scene, which takes long. */
  isReady(rules: MatchRules): boolean {
    return this.#indices.has(keyOf(rules))
  }

  /** Makes a state ready in steps. */
  *prepare(state: State): Steps<void> {
    if (!this.isReady(state))
      keepLatest(this.#indices, keyOf(state), yield* this.#indexSteps(state), INDICES_KEPT)
    yield
    yield* this.#scoreSteps(state)
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
    return finish(this.#scoreSteps(state))
  }

  *#scoreSteps(state: State): Steps<number> {
    const sizes = this.sizesOf(state)
    const { lo, hi } = sizes[0]
    const key = [keyOf(state), state.maxDet, lo, hi].join(' ')
    const score =
      this.#scores.get(key) ??
      (yield* defaultScoreSteps(this.sceneOf(state), this.indexOf(state), { sizes })) ??
      this.scoreBounds[0]
    this.#scores.set(key, score)
    return score
  }

  /** A state with what makes no sense for this data put right: names and rows that do not exist. */
  checked(given: State): State {
    const { categories, images, gt, dt } = this.scene
    const state = isAreas(given.areas) ? given : { ...given, areas: this.start.areas }
    const { name: sizes, ranges } = this.sizeSetOf(state)
    const size = ranges.findIndex(({ name }) => name === state.size)
    const filter = { ...state.filter }
    // Of one model there is nothing to compare.
    delete filter.foundBy
    if (filter.image !== undefined && filter.image >= images.count) delete filter.image
    if (filter.confusedWith !== undefined && filter.confusedWith >= categories.count)
      delete filter.confusedWith
    const { open } = state
    return {
      ...state,
      model: 'A',
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

  /** The model as a state looks at it. */
  modelView(state: State): ModelView {
    return { scene: this.sceneOf(state), index: this.indexOf(state), view: this.viewOf(state) }
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

/** The name of the page in the browser. */
export function titleOf({ content }: Report, second: Report | null): string {
  const models = second
    ? `${content.detectionsName} and ${second.content.detectionsName}`
    : content.detectionsName
  return `${models} on ${content.groundTruthName} – detscope`
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

/** What decides how a scene is matched, but for what it is asked at. */
type MatchRules = Pick<State, 'protocol' | 'classAgnostic' | 'crowds'>

const keyOf = ({ protocol, classAgnostic, crowds }: MatchRules): string =>
  `${protocol} ${classAgnostic} ${crowds}`

/** A range as its option names it: percentiles without the px that they gave. */
const asWritten = ({ name, lo, hi, percentiles }: SizeRange): AreaOption =>
  percentiles ? { name, percentiles } : { name, lo, hi }

/** Whether a text says size ranges. */
function isAreas(text: string): boolean {
  try {
    parseAreas(text)
    return true
  } catch {
    return false
  }
}

/** Puts an entry last and forgets the first ones beyond `most`. */
function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}
