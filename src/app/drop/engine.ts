import { InputError } from '../../errors.js'
import type { ProgressReport } from '../../evaluate.js'
import type { CocoMetrics } from '../../metrics/coco-summary.js'
import type { CallName, Calls, FromEngine, PictureFiles, ToEngine } from './protocol.js'

interface Waiting {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** The worker that holds one evaluation, with the threads that help it; the page only asks it. */
export class Engine {
  onProgress: (progress: ProgressReport, numbers?: CocoMetrics) => void = () => {}
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #ids = 0
  #isClosed = false
  #threads: Worker[] = []
  #pictures: PictureFiles | null = null

  constructor() {
    this.#worker = new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromEngine>) => this.#take(data)
    this.#worker.onerror = event => {
      event.preventDefault()
      this.close(new Error(event.message || 'the worker’s script cannot be loaded'))
    }
  }

  /** Fails with InputError where the user can mend it. */
  call<N extends CallName>(name: N, argument: Calls[N]['argument']): Promise<Calls[N]['result']> {
    const id = this.#ids++
    const message: ToEngine = { id, name, argument }
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage(message)
    }) as Promise<Calls[N]['result']>
  }

  /** Closed, or failed. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Gives it pictures, in place of those before. */
  async take(pictures: PictureFiles): Promise<void> {
    if (pictures === this.#pictures) return
    await this.call('pictures', pictures)
    this.#pictures = pictures
  }

  /** Stops whatever is at work, and frees the evaluation. */
  close(reason: unknown = new Error('the evaluation was closed')): void {
    this.#isClosed = true
    this.#worker.terminate()
    this.#endThreads()
    this.#fail(reason)
  }

  #startThread(port: MessagePort): void {
    const thread = new Worker(new URL('../../browser/worker.js', import.meta.url), { type: 'module' })
    thread.onerror = event => {
      event.preventDefault()
      this.close(new Error(`a thread failed: ${event.message || 'its script cannot be loaded'}`))
    }
    thread.postMessage(null, [port])
    this.#threads.push(thread)
  }

  #endThreads(): void {
    for (const thread of this.#threads) thread.terminate()
    this.#threads = []
  }

  #take(message: FromEngine): void {
    if ('progress' in message) {
      this.onProgress(message.progress, message.numbers)
      return
    }
    if ('thread' in message) {
      if (message.thread) this.#startThread(message.thread)
      else this.#endThreads()
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('result' in message) waiting?.resolve(message.result)
    else waiting?.reject(message.input ? new InputError(message.error) : new Error(message.error))
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
