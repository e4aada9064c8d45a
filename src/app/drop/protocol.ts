/** What the page asks of the worker that evaluates. */

import type { BackendChoice } from '../../browser/evaluate-files.js'
import type { IouType } from '../../data/config.js'
import type { BackendUse } from '../../data/evaluation.js'
import type { Scene } from '../../data/scene.js'
import type { ProgressReport } from '../../evaluate.js'
import type { OnUnknown } from '../../ingest/link.js'
import type { IndexColumns } from '../../matching/scene-index.js'
import type { SceneStart } from '../../matching/scene-start.js'
import type { CocoMetrics } from '../../metrics/coco-summary.js'
import type { Thresholds } from '../../metrics/operating-point.js'
import type { ComparisonJson } from '../../report/comparison-json.js'
import type { CsvCell, NamedTable } from '../../report/csv.js'
import type { GalleryOptions } from '../../report/gallery.js'
import type { ImageMasks } from '../../report/image-masks.js'
import type { ComparisonPart, PageContent } from '../../report/page-content.js'
import type { Blocks } from '../../report/page-data.js'

/** A picture as it was dropped: its path says which image it is. */
export interface PictureFile {
  path: string
  file: File
}

/** Where pictures come from. */
export interface PictureFiles {
  files: PictureFile[]
  zips: File[]
}

export interface RunOptions {
  iouType?: IouType
  backend: BackendChoice
  /** What to do with records of images or classes that the ground truth does not list. */
  onUnknown: OnUnknown
}

export interface RunInput {
  gt: File
  dt: File
  options: RunOptions
}

/** What the evaluation ran on. */
export interface Hardware {
  threads: number
  /** Whether threads share memory. */
  isShared: boolean
  backend: BackendUse
  elapsedMs: number
}

export interface RunResult {
  scene: Scene
  content: PageContent
  /** What indexing the scene starts from, which the page need not find again. */
  start: SceneStart
  /** By both protocols, with classes as the run has them. */
  indices: IndexColumns[]
  hardware: Hardware
}

export interface DemoFiles {
  gt: File
  dt: File
  pictures: PictureFiles
}

/** How many images have a picture, and the name of the first that has none; `isRepeated` where several files have it. */
export interface PictureSurvey {
  found: number
  count: number
  missing: string | null
  isRepeated: boolean
}

/** Why the score threshold is what it is: the page's own evaluation has no other. */
export const BEST = 'the best F1 at IoU .50'

export const SAVE_KINDS = ['html', 'json', 'csv', 'markdown', 'thresholds'] as const
export type SaveKind = (typeof SAVE_KINDS)[number]

export interface SaveInput {
  kind: SaveKind
  /** Version and platform of the browser. */
  runtime: string
  /** The text of dist/page.html, for kind "html". */
  page: string
  /** Of a second model, which the file compares with this one. */
  second?: File
  compared?: ComparedInput
}

/** What a file of one model says of it, and one of two says of each. */
export interface ModelTexts {
  /** As `markdownBody`. */
  markdown: string
  thresholds: Thresholds
}

/**
 * What a file of two models has besides: of kind "html" metrics, images and blocks, of "json" and "csv" a comparison and
 * tables, of the others all that it says.
 */
export interface ComparedInput {
  metrics?: ComparisonPart
  chosen?: GalleryOptions['chosen']
  /** Of the second model. */
  blocks?: Blocks
  comparison?: ComparisonJson
  text?: string[]
  tables?: (Omit<NamedTable, 'rows'> & { rows: CsvCell[][] })[]
}

export interface Calls {
  demo: { argument: null; result: DemoFiles }
  evaluate: { argument: RunInput; result: RunResult }
  /** Takes pictures, in place of those before. */
  pictures: { argument: PictureFiles; result: null }
  survey: { argument: null; result: PictureSurvey }
  masks: { argument: number; result: ImageMasks }
  picture: { argument: number; result: Blob | null }
  save: { argument: SaveInput; result: Blob }
  texts: { argument: null; result: ModelTexts }
  /** What a page carries of this model where it is the second, with the masks of these images. */
  blocks: { argument: Required<Pick<GalleryOptions, 'chosen' | 'byteLength'>>; result: Blocks }
}

export type CallName = keyof Calls

export interface ToEngine {
  id: number
  name: CallName
  argument: unknown
}

/** `input` where the user can mend it. */
export type FromEngine =
  | { id: number; result: unknown }
  | { id: number; error: string; input: boolean }
  /** `numbers` as soon as they are known. */
  | { progress: ProgressReport; numbers?: CocoMetrics }
  /** A thread that is to be started, which serves this port; null when all of them have done their work. */
  | { thread: MessagePort | null }
