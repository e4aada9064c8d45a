import type { Protocol } from '../data/analysis.js'
import type { Steps } from '../data/steps.js'
import { type MetricDifferences, metricDifferenceSteps } from '../metrics/metric-differences.js'
import { checkSameTruth, type ModelName, type ModelPair } from '../metrics/models.js'
import { COMPARISON, type ComparisonPart } from '../report/page-content.js'
import type { Report } from './report.js'
import type { Narrowing, State } from './state/state.js'

export const MODELS: ModelName[] = ['A', 'B']

/** Narrowings of ground truths by who finds them. */
const OF_FLIPS: (keyof Narrowing)[] = ['foundBy', 'image', 'gtArea', 'reasons', 'confusedWith']

/** Two reports over the same ground truth: one state shows both. */
export class Pair implements Record<ModelName, Report> {
  readonly A: Report
  readonly B: Report
  readonly #metrics = new Map<Protocol, MetricDifferences>()

  /** Fails with InputError where the ground truths are not the same. */
  constructor(A: Report, B: Report) {
    checkSameTruth(A.scene, B.scene)
    this.A = A
    this.B = B
    const known = (A.content.parts[COMPARISON] ?? {}) as ComparisonPart
    for (const [protocol, metrics] of Object.entries(known)) this.#metrics.set(protocol as Protocol, metrics)
  }

  get start(): State {
    return this.A.start
  }

  isReady(state: State): boolean {
    return MODELS.every(model => this[model].isReady(state))
  }

  *prepare(state: State): Steps<void> {
    for (const model of MODELS) yield* this[model].prepare(state)
  }

  /** As `Report.prepareOthers`, of both. */
  *prepareOthers(state: State): Steps<void> {
    for (const model of MODELS) yield* this[model].prepareOthers(state)
  }

  /** As `Report.checked` of the model that is listed; filters of flips have parts of their own. */
  checked(state: State): State {
    const { model, filter } = state
    const checked = { ...this[model].checked(state), model }
    if (!filter.foundBy) return checked
    const kept = Object.entries({ ...checked.filter, foundBy: filter.foundBy })
    return {
      ...checked,
      filter: Object.fromEntries(kept.filter(([name]) => OF_FLIPS.includes(name as keyof Narrowing))),
    }
  }

  viewsOf(state: State): ModelPair {
    return { A: this.A.modelView(state), B: this.B.modelView(state) }
  }

  /** AP and AR of both, in the run's own configuration. */
  *metrics(protocol: Protocol): Steps<MetricDifferences> {
    const known = this.#metrics.get(protocol)
    if (known) return known
    const state = { ...this.start, protocol }
    yield* this.prepare(state)
    const metrics = yield* metricDifferenceSteps(this.viewsOf(state))
    this.#metrics.set(protocol, metrics)
    return metrics
  }
}
