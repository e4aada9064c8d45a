/** One evaluated prediction file: the worker that holds it, and its report. */

import type { ProgressReport } from '../../evaluate.js'
import type { CocoMetrics } from '../../metrics/coco-summary.js'
import type { ModelName } from '../../metrics/models.js'
import { MODELS, Pair } from '../pair.js'
import type { LocalPictures } from '../pictures/source.js'
import { Report } from '../report.js'
import { type Job, schedule } from '../schedule.js'
import { Store } from '../state/store.js'
import { Engine } from './engine.js'
import { type Evaluated, type Evaluations, takeResult } from './evaluations.js'
import { type Intake, pictureCount } from './intake.js'
import type { PictureFiles, PictureSurvey, RunInput, RunOptions } from './protocol.js'

export interface Model extends Evaluated {
  report: Report
  survey: PictureSurvey
}

export interface ModelProgress extends ProgressReport {
  /** Of the file at work. */
  name: string
  /** By protocol `coco`, when they are found: long before the report. */
  numbers?: CocoMetrics
}

type OnProgress = (progress: ModelProgress) => void

/**
 * Evaluates each prediction file in a worker of its own, one after another, but those that are `known`; what is found
 * becomes known, also where a later file fails. An abort stops the worker at work at once. Fails with InputError where a
 * file cannot be evaluated.
 */
export async function evaluateModels(
  { gt, dts, pictures }: Intake,
  options: RunOptions,
  known: Evaluations,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Model[]> {
  if (!gt) throw new TypeError('no ground truth')
  const models: Model[] = []
  for (const dt of dts) {
    // Both by the same kind of shapes.
    const iouType = options.iouType ?? models[0]?.report.scene.config.iouType
    const input = { gt, dt, options: { ...options, iouType } }
    let evaluated = known.take(input)
    if (!evaluated) {
      evaluated = await evaluate(input, pictures, onProgress, signal)
      known.add(evaluated)
    }
    onProgress({ stage: 'indexing', done: 0, total: null, name: dt.name })
    models.push(await modelOf(evaluated, pictures, MODELS[models.length], signal))
  }
  return models
}

async function evaluate(
  input: RunInput,
  pictures: PictureFiles,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Evaluated> {
  signal.throwIfAborted()
  const engine = new Engine()
  const stop = (): void => engine.close(signal.reason)
  signal.addEventListener('abort', stop)
  engine.onProgress = (progress, numbers) => onProgress({ ...progress, numbers, name: input.dt.name })
  try {
    // A zip that cannot be read is told before any long work.
    await engine.take(pictures)
    return takeResult(input, engine, await engine.call('evaluate', input))
  } catch (error) {
    engine.close()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function modelOf(
  evaluated: Evaluated,
  pictures: PictureFiles,
  name: ModelName,
  signal?: AbortSignal,
): Promise<Model> {
  const { engine, data } = evaluated
  await engine.take(pictures)
  const survey = await engine.call('survey', null)
  const report = new Report(data, localPictures(engine, pictures, survey), name)
  await prepare(report, signal)
  return { ...evaluated, report, survey }
}

/** The same with other pictures. */
export const withPictures = (model: Model, pictures: PictureFiles): Promise<Model> =>
  modelOf(model, pictures, model.report.model)

function localPictures(engine: Engine, pictures: PictureFiles, survey: PictureSurvey): LocalPictures {
  return {
    note: pictureNote(pictures, survey),
    picture: image => engine.call('picture', image),
    masks: image => engine.call('masks', image),
  }
}

function pictureNote(pictures: PictureFiles, { found, count, missing, isRepeated }: PictureSurvey): string {
  if (pictureCount(pictures) === 0) return 'No pictures: drop a folder or a zip of them to see them here.'
  if (missing === null) return ''
  const lacking = `${count - found} of ${count} images have no picture, such as "${missing}"`
  return isRepeated
    ? `${lacking}: several files have that name. Drop the folder that is meant.`
    : `${lacking}.`
}

/** Indexes the report's data in slices, so that nothing holds the page up when it is drawn. */
function prepare(report: Report, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    function* job(): Job {
      try {
        for (const _ of report.prepare(openStore(report, true).state)) {
          signal?.throwIfAborted()
          yield
        }
        // The drawing that follows is a task of its own, for it is long enough.
        setTimeout(resolve)
      } catch (error) {
        reject(error)
      }
    }
    schedule({ visible: true }, job())
  })
}

/** Both of two models over the same ground truth; null for one. */
export function pairOf(models: Model[]): Pair | null {
  const [first, second] = models
  return second ? new Pair(first.report, second.report) : null
}

/** The state of a report as the address says; `once` where nobody follows it. */
export function openStore(report: Report | Pair, once = false): Store {
  const store = new Store(report.start, state => report.checked(state))
  if (once) store.close()
  return store
}
