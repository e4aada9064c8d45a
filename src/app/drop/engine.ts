import { InputError } from '../../errors.js'
import type { ProgressReport } from '../../evaluate.js'
import type { CallName, Calls, FromEngine, ToEngine } from './protocol.js'

interface Waiting {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** The worker that holds one evaluation; the page only asks it. */
export class Engine {
  onProgress: (progress: ProgressReport) => void = () => {}
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #ids = 0

  constructor() {
    this.#worker = new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromEngine>) => this.#take(data)
    this.#worker.onerror = event => {
      event.preventDefault()
      this.#fail(new Error(event.message || 'the worker’s script cannot be loaded'))
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

  /** Stops whatever is at work, and frees the evaluation. */
  close(reason: unknown = new Error('the evaluation was closed')): void {
    this.#worker.terminate()
    this.#fail(reason)
  }

  #take(message: FromEngine): void {
    if ('progress' in message) {
      this.onProgress(message.progress)
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
