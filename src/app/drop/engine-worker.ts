/** Holds one evaluation, so that the page answers while it is made and while files are written. */

import { type Analysis, analyse } from '../../analyse.js'
import { BROWSER } from '../../browser/evaluate-files.js'
import { blobSource } from '../../browser/files.js'
import type { Evaluation } from '../../data/evaluation.js'
import type { Scene } from '../../data/scene.js'
import { share } from '../../data/shared.js'
import { DeviceError, InputError } from '../../errors.js'
import type { ProgressReport } from '../../evaluate.js'
import { evaluateSources, type Platform } from '../../evaluate-sources.js'
import { columnsOf, type IndexColumns, indexFrom, indexScene } from '../../matching/scene-index.js'
import { startOf } from '../../matching/scene-start.js'
import { cocoMetrics } from '../../metrics/coco-summary.js'
import { pageContent } from '../../report/html.js'
import { type ImageMasks, imageMasks, type SceneRows, sceneRows } from '../../report/image-masks.js'
import { rowsOfImage } from '../../report/picture.js'
import { buffersOf } from '../../thread-work.js'
import { demoFiles } from './demo-files.js'
import { extrasOf, modelTexts, pageBlocksOf, writeOutput } from './outputs.js'
import { PictureStore } from './picture-store.js'
import type { CallName, Calls, FromEngine, RunInput, RunResult, ToEngine } from './protocol.js'
import { rest } from './rest.js'
import { createPool } from './threads.js'

/** What of DedicatedWorkerGlobalScope is used; the types of pages and of workers exclude each other. */
const scope = globalThis as unknown as {
  postMessage(message: FromEngine, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null
}

interface Run {
  evaluation: Evaluation
  scene: Scene
  analysis: Analysis
  gt: File
  dt: File
  /** Of the dataset, by row of the scene. */
  rows: SceneRows
}

let run: Run | null = null
let store = new PictureStore()

const toPage = (message: FromEngine, transfer: Transferable[] = []): void =>
  scope.postMessage(message, transfer)

const report = (progress: ProgressReport): void => toPage({ progress })

function theRun(): Run {
  if (!run) throw new Error('nothing has been evaluated')
  return run
}

async function evaluateRun({ gt, dt, options }: RunInput): Promise<RunResult> {
  const fromMs = performance.now()
  const [gtSource, dtSource] = await Promise.all([blobSource(gt), blobSource(dt)])
  let threads = 1
  const platform: Platform = {
    ...BROWSER,
    createPool: count => {
      threads = count
      return createPool(count, toPage)
    },
  }
  const given = { ...options, scene: true, onProgress: report }
  const found = await evaluateSources(gtSource, dtSource, given, platform)
  const numbers = cocoMetrics(found.coco, found.config)
  toPage({ progress: { stage: 'analysing', done: 0, total: null }, numbers })
  // Where memory can be shared, the page and this worker have one scene between them.
  const evaluation = { ...found, scene: share(found.scene) }
  const { scene, backend } = evaluation
  if (!scene) throw new Error('an evaluation without its scene')
  const analysisFromMs = performance.now()
  const indices = await indexBoth(scene)
  const [coco, corrected] = indices.map(indexFrom)
  const analysis = analyse(evaluation, { indices: { coco, corrected } })
  void analysis.comparison // a part is computed when it is first looked at
  await rest()
  void analysis.findings[analysis.view.protocol]
  await rest()
  evaluation.timingsMs.analyse = performance.now() - analysisFromMs
  const content = pageContent(scene, evaluation, extrasOf({ analysis, gt, dt }))
  const rows = sceneRows(evaluation.dataset, evaluation.config)
  run = { evaluation, scene, analysis, gt, dt, rows }
  const hardware = {
    threads,
    isShared: crossOriginIsolated,
    backend,
    elapsedMs: performance.now() - fromMs,
  }
  // What is sent moves to the page, and this worker still needs its own; shared columns are not copied.
  const start = share(startOf(scene, scene.config.classAgnostic))
  return structuredClone({ scene, content, start, indices, hardware })
}

/** By both protocols, in memory that the page sees as well where it can be shared. */
async function indexBoth(scene: Scene): Promise<IndexColumns[]> {
  const indices: IndexColumns[] = []
  for (const protocol of ['coco', 'corrected'] as const) {
    await rest()
    indices.push(share(columnsOf(indexScene(scene, protocol, scene.config.classAgnostic))))
  }
  await rest()
  return indices
}

function masksOf(image: number): ImageMasks {
  const { evaluation, scene, rows } = theRun()
  const { gts, dts } = rowsOfImage(scene, image)
  return imageMasks(evaluation.dataset, rows, gts, dts)
}

const picturesOfRun = () => store.for(theRun().scene.images.fileNames)

type Handlers = { [N in CallName]: (argument: Calls[N]['argument']) => Promise<Calls[N]['result']> }

const handlers: Handlers = {
  demo: () => demoFiles((done, total) => report({ stage: 'drawing', done, total })),
  evaluate: evaluateRun,
  pictures: async files => {
    store = await PictureStore.of(files)
    return null
  },
  survey: async () => picturesOfRun().survey(),
  masks: async image => masksOf(image),
  picture: image => picturesOfRun().read(image),
  blocks: gallery => pageBlocksOf(theRun(), gallery),
  texts: async () => modelTexts(theRun()),
  save: async ({ kind, runtime, page, second, compared }) =>
    writeOutput(kind, { ...theRun(), pictures: picturesOfRun(), runtime, page, second, compared }),
}

async function answer({ id, name, argument }: ToEngine): Promise<void> {
  try {
    const result = await (handlers[name] as (argument: unknown) => Promise<unknown>)(argument)
    toPage({ id, result }, buffersOf(result))
  } catch (error) {
    // A GPU that is missing is the user's choice, too.
    const input = error instanceof InputError || error instanceof DeviceError
    toPage({ id, error: error instanceof Error ? error.message : String(error), input })
  }
}

scope.onmessage = ({ data }) => void answer(data)
