import type { Finding, Protocol, SizeRange, View } from '../data/analysis.js'
import type { BackendUse, Warning } from '../data/evaluation.js'
import type { AreaMetrics, ClassMetrics, CocoMetrics } from '../metrics/coco-summary.js'
import type { CorrectedMetrics } from '../metrics/corrected.js'
import type { StrictVersusCorrected } from '../metrics/corrections.js'
import type { MetricDifferences } from '../metrics/metric-differences.js'
import type { SizeSetName } from '../metrics/size-sets.js'

/** Metrics of protocol `coco`, in the size ranges of the run; undefined ones null. */
export interface CocoTables {
  overall: CocoMetrics
  /** Over all IoU thresholds. */
  areas: AreaMetrics[]
  /** At each IoU threshold. */
  thresholds: { iou: number; areas: AreaMetrics[] }[]
  /** In the order of the evaluated categories; empty when class-agnostic. `bySize` is as `areas`. */
  classes: (ClassMetrics & { bySize: Omit<AreaMetrics, 'name'>[] })[]
}

/** What a page says besides its scene. Plain data; names come from files and must be inserted as text. */
export interface PageContent {
  /** Of detscope. */
  version: string
  groundTruthName: string
  detectionsName: string
  backend: BackendUse
  warnings: Warning[]
  coco: CocoTables
  /** By the name of the set of size ranges. */
  corrected: Record<SizeSetName, CorrectedMetrics | null>
  /** Both protocols side by side, and what each correction changes alone. */
  compared: StrictVersusCorrected
  /** Those that are known: the page looks for the others when it shows them. Null for none at all. */
  findings: Partial<Record<Protocol, Finding[]>> | null
  /** Size ranges of the run's own; null where it has none. */
  ownSizes: SizeRange[] | null
  /** The set in which the page opens. */
  firstSizes: SizeSetName
  /** What the command asked the page to start with. */
  view: Partial<View>
  /** Further parts by name, each understood by who draws it. */
  parts: Record<string, unknown>
}

/** Name of the part that a page of two models has in the content of the first. */
export const COMPARISON = 'comparison'

/** Differences that are known: the page computes the others itself. */
export type ComparisonPart = Partial<Record<Protocol, MetricDifferences>>
