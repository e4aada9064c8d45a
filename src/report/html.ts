import type { Finding, Protocol, SizeRange, View } from '../data/analysis.js'
import { COCO_AREAS } from '../data/config.js'
import { type CocoArrays, type Evaluation, precisionAt, recallAt } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import { indexScene } from '../matching/scene-index.js'
import { perArea } from '../metrics/coco-summary.js'
import { correctedMetrics } from '../metrics/corrected.js'
import { cocoSizes, percentileSizes } from '../metrics/sizes.js'
import { summarize } from '../summary.js'
import type { CocoTables, PageContent } from './page-content.js'
import { type Blocks, encodePage } from './page-data.js'
import type { Columns } from './scene-data.js'

/** Where the built page wants its data. */
const DATA_MARK = '<!--detscope-data-->'

export interface PageExtras {
  /** Of detscope. */
  version: string
  groundTruthName: string
  detectionsName: string
  findings?: Record<Protocol, Finding[]> | null
  /** What the page starts with. */
  view?: Partial<View>
  /** Further data by name: JSON, and columns, which are compressed. */
  parts?: Record<string, unknown>
  columns?: Columns
  /** Further blocks as they are, read one by one when they are asked for: masks and pictures. */
  blocks?: Blocks
}

/**
 * The report as one HTML document that needs no other file. `page` is the built interface (dist/page.html). Needs an
 * evaluation with its scene. No text of a file stands in the markup: all of it is compressed and written in base64.
 */
export async function writeHtml(evaluation: Evaluation, page: string, extras: PageExtras): Promise<string> {
  const { scene } = evaluation
  if (!scene)
    throw new TypeError('a report needs an evaluation with its scene: evaluate(.., { scene: true })')
  const [before, after, ...rest] = page.split(DATA_MARK)
  if (after === undefined || rest.length > 0) throw new TypeError('the page has no single place for its data')
  const blocks = await encodePage(scene, pageContent(scene, evaluation, extras), extras.columns)
  return before + markup(blocks) + (extras.blocks ? markup(extras.blocks) : '') + after
}

/** Names and texts without a character that markup knows. */
const SAFE = /^[\w.+/=-]*$/

function checked([name, text]: [string, string]): [string, string] {
  if (!SAFE.test(name) || !SAFE.test(text)) throw new TypeError(`a block of a page must be base64: "${name}"`)
  return [name, text]
}

const markup = (blocks: Blocks): string =>
  Array.from(blocks, checked)
    .map(([name, text]) => `<script type="text/plain" data-block="${name}">${text}</script>\n`)
    .join('')

function pageContent(scene: Scene, evaluation: Evaluation, extras: PageExtras): PageContent {
  const { config, backend, warnings } = evaluation
  const own = config.areas.some(range => !COCO_AREAS.some(known => sameRange(known, range)))
  const ownSizes = own
    ? config.areas.map(range => ({ ...range, percentiles: range.percentiles ?? null }))
    : null
  return {
    version: extras.version,
    groundTruthName: extras.groundTruthName,
    detectionsName: extras.detectionsName,
    backend,
    warnings,
    coco: cocoTables(evaluation),
    corrected: correctedTables(scene, ownSizes),
    findings: extras.findings ?? null,
    ownSizes,
    view: extras.view ?? {},
    parts: extras.parts ?? {},
  }
}

const sameRange = (one: { name: string; lo: number; hi: number }, other: typeof one): boolean =>
  one.name === other.name && one.lo === other.lo && one.hi === other.hi

function cocoTables(evaluation: Evaluation): CocoTables {
  const { coco, config } = evaluation
  const { metrics, perClass } = summarize(evaluation)
  return {
    overall: metrics,
    areas: perArea(coco, config),
    thresholds: config.iouThresholds.map((iou, t) => ({
      iou,
      areas: perArea(atThreshold(coco, t), { ...config, iouThresholds: [iou] }),
    })),
    classes: perClass,
  }
}

function correctedTables(scene: Scene, ownSizes: SizeRange[] | null): PageContent['corrected'] {
  const index = indexScene(scene, 'corrected', scene.config.classAgnostic)
  return {
    coco: correctedMetrics(scene, index, cocoSizes()),
    percentile: correctedMetrics(scene, index, percentileSizes(scene)),
    own: ownSizes && correctedMetrics(scene, index, ownSizes),
  }
}

/** The arrays of one IoU threshold, the first axis. */
function atThreshold({ shape, precision, recall, scores }: CocoArrays, t: number): CocoArrays {
  const from = precisionAt(shape, t, 0, 0, 0, 0)
  const to = precisionAt(shape, t + 1, 0, 0, 0, 0)
  return {
    shape: { ...shape, T: 1 },
    precision: precision.subarray(from, to),
    recall: recall.subarray(recallAt(shape, t, 0, 0, 0), recallAt(shape, t + 1, 0, 0, 0)),
    scores: scores.subarray(from, to),
  }
}
