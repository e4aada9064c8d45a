/** What the app shows, and what moves it on. */

import { useMemo, useRef, useState } from 'preact/hooks'
import { Engine } from './engine.js'
import { Evaluations } from './evaluations.js'
import { inTheApp } from './hints.js'
import { type Intake, NOTHING, pictureCount, takeFiles } from './intake.js'
import { evaluateModels, type Model, type ModelProgress, withPictures } from './model.js'
import type { PictureFile, RunOptions } from './protocol.js'
import { advance, type Running } from './stages.js'

export interface SessionState {
  intake: Intake
  options: RunOptions
  /** While files are evaluated. */
  running: Running | null
  /** Evaluated, in the order of the files; empty before. */
  models: Model[]
  /** What went wrong, in words for the user. */
  failure: string | null
}

const START: SessionState = {
  intake: NOTHING,
  options: { backend: 'auto', onUnknown: 'error' },
  running: null,
  models: [],
  failure: null,
}

export class Session {
  #state = START
  readonly #tell: (state: SessionState) => void
  #abort: AbortController | null = null
  /** Until what is at work has ended. */
  #working: Promise<unknown> = Promise.resolve()
  /** Of the files that are chosen, also while none is shown. */
  readonly #evaluations = new Evaluations()
  #taking: Promise<void> = Promise.resolve()

  constructor(tell: (state: SessionState) => void) {
    this.#tell = tell
  }

  get state(): SessionState {
    return this.#state
  }

  set(changes: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...changes }
    this.#tell(this.#state)
  }

  /** Takes files wherever the app stands: pictures go to a report that is shown, other files lead back to the choice. */
  take(files: PictureFile[]): Promise<void> {
    // Looking into files takes a moment, in which further ones may come.
    this.#taking = this.#taking.then(() => this.#take(files))
    return this.#taking
  }

  async #take(files: PictureFile[]): Promise<void> {
    await this.#working
    const before = this.#state.intake
    this.change(await takeFiles(before, files))
    const { models, intake } = this.#state
    if (models.length > 0 && pictureCount(intake.pictures) > pictureCount(before.pictures))
      await this.#showPictures()
  }

  /** Other files: what is shown of others, or had been evaluated of them, goes. */
  change(intake: Intake): void {
    this.#evaluations.keep(intake)
    const { gt, dts } = this.#state.intake
    const isSame = intake.gt === gt && sameFiles(intake.dts, dts)
    this.set({ intake, failure: null, ...(isSame ? {} : { models: [] }) })
  }

  /** Whether a prediction file needs no evaluation any more. */
  isEvaluated(dt: File): boolean {
    return this.#evaluations.has(dt)
  }

  async #showPictures(): Promise<void> {
    const { models, intake } = this.#state
    try {
      const next: Model[] = []
      for (const model of models) next.push(await withPictures(model, intake.pictures))
      // Meanwhile other files may have come.
      if (this.#state.models === models) this.set({ models: next })
    } catch (error) {
      this.set({ failure: textOf(error) })
    }
  }

  /** Evaluates what has been dropped. */
  evaluate = async (): Promise<boolean> => {
    await this.#taking // files that are still looked into belong to it
    return this.#work(async signal => {
      const { intake, options } = this.#state
      const models = await evaluateModels(intake, options, this.#evaluations, this.#follow, signal)
      this.set({ models })
    })
  }

  /** Makes the demo's files and evaluates them. */
  async demo(): Promise<void> {
    const isMade = await this.#work(async signal => {
      const engine = new Engine()
      const stop = (): void => engine.close(signal.reason)
      signal.addEventListener('abort', stop)
      engine.onProgress = progress => this.#follow({ ...progress, name: 'The demo' })
      try {
        const { gt, dt, pictures } = await engine.call('demo', null)
        this.change({ ...NOTHING, gt, dts: [dt], pictures })
      } finally {
        engine.close()
      }
    })
    if (isMade) await this.evaluate()
  }

  cancel = (): void => this.#abort?.abort(new Error('Cancelled.'))

  /** Back to the choice of files, which are kept, and what has been evaluated of them. */
  back = (): void => this.set({ models: [], failure: null })

  readonly #follow = (progress: ModelProgress): void =>
    this.set({ running: advance(this.#state.running, progress, performance.now()) })

  /** Whether it came to its end. */
  #work(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.#state.running) return Promise.resolve(false)
    const ended = this.#carry(work)
    this.#working = ended
    return ended
  }

  async #carry(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    this.#abort = new AbortController()
    this.set({ running: null, failure: null })
    this.#follow({ stage: 'starting', done: 0, total: null, name: '' })
    try {
      await work(this.#abort.signal)
      this.set({ running: null })
      return true
    } catch (error) {
      this.set({ running: null, failure: textOf(error) })
      return false
    }
  }
}

const sameFiles = (a: File[], b: File[]): boolean =>
  a.length === b.length && a.every((file, i) => file === b[i])

const textOf = (error: unknown): string => inTheApp(error instanceof Error ? error.message : String(error))

export function useSession(): { session: Session; state: SessionState } {
  const [state, set] = useState(START)
  const latest = useRef(set)
  latest.current = set
  const session = useMemo(() => new Session(next => latest.current(next)), [])
  return { session, state }
}
