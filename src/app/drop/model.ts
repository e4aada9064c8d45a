/** One evaluated prediction file: the worker that holds it, and its report. */

import type { ProgressReport } from '../../evaluate.js'
import { indexFrom } from '../../matching/scene-index.js'
import { rememberStart } from '../../matching/scene-start.js'
import { MODELS, Pair } from '../pair.js'
import type { LocalPictures } from '../pictures/source.js'
import { Report } from '../report.js'
import { type Job, schedule } from '../schedule.js'
import { Store } from '../state/store.js'
import { Engine } from './engine.js'
import { type Intake, pictureCount } from './intake.js'
import type { Hardware, PictureFiles, PictureSurvey, RunOptions } from './protocol.js'

export interface Model {
  name: string
  file: File
  engine: Engine
  report: Report
  hardware: Hardware
  survey: PictureSurvey
}

export interface ModelProgress extends ProgressReport {
  /** Of the file at work. */
  name: string
}

/**
 * Evaluates each prediction file in a worker of its own, one after another. An abort stops the workers at once; after an
 * error none is left. Fails with InputError where a file cannot be evaluated.
 */
export async function evaluateModels(
  { gt, dts, pictures }: Intake,
  options: RunOptions,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
): Promise<Model[]> {
  if (!gt) throw new TypeError('no ground truth')
  const models: Model[] = []
  const engines: Engine[] = []
  const stop = (): void => {
    for (const engine of engines) engine.close(signal.reason)
  }
  signal.addEventListener('abort', stop)
  try {
    for (const dt of dts) {
      signal.throwIfAborted()
      const engine = new Engine()
      engines.push(engine)
      engine.onProgress = progress => onProgress({ ...progress, name: dt.name })
      // A zip that cannot be read is told before any long work.
      await engine.call('pictures', pictures)
      // Both by the same kind of shapes.
      const iouType = options.iouType ?? models[0]?.report.scene.config.iouType
      const { hardware, start, indices, ...found } = await engine.call('evaluate', {
        gt,
        dt,
        options: { ...options, iouType },
      })
      rememberStart(found.scene, found.scene.config.classAgnostic, start)
      const data = { ...found, indices: indices.map(indexFrom) }
      const survey = await engine.call('survey', null)
      onProgress({ stage: 'indexing', done: 0, total: null, name: dt.name })
      const report = new Report(data, localPictures(engine, pictures, survey), MODELS[models.length])
      await prepare(report, signal)
      models.push({ name: dt.name, file: dt, engine, report, hardware, survey })
    }
    signal.throwIfAborted()
    return models
  } catch (error) {
    for (const engine of engines) engine.close()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The same with other pictures. */
export async function withPictures(model: Model, pictures: PictureFiles): Promise<Model> {
  await model.engine.call('pictures', pictures)
  const survey = await model.engine.call('survey', null)
  const { data, model: name } = model.report
  const report = new Report(data, localPictures(model.engine, pictures, survey), name)
  await prepare(report)
  return { ...model, report, survey }
}

function localPictures(engine: Engine, pictures: PictureFiles, survey: PictureSurvey): LocalPictures {
  return {
    note: pictureNote(pictures, survey),
    picture: image => engine.call('picture', image),
    masks: image => engine.call('masks', image),
  }
}

function pictureNote(pictures: PictureFiles, { found, count, missing }: PictureSurvey): string {
  if (pictureCount(pictures) === 0) return 'No pictures: drop a folder or a zip of them to see them here.'
  return missing === null ? '' : `${count - found} of ${count} images have no picture, such as "${missing}".`
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
