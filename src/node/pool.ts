import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { share } from '../data/shared.js'
import { InputError } from '../errors.js'
import type { Pool, Session, TaskContext, TaskItem, TaskName, TaskResult } from '../pool.js'
import type { FromWorker } from './worker.js'

/** One item in work and one waiting: a thread never idles while this one is busy. */
const ITEMS_PER_WORKER = 2

interface Waiting {
  session: number
  item: unknown
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Worker threads that take items one after another. Without items they do not keep the process alive. */
class NodePool implements Pool {
  readonly size: number
  readonly #threads: Thread[]
  readonly #waiting: Waiting[] = []
  #sessions = 0

  constructor(size: number) {
    this.size = size
    this.#threads = Array.from({ length: size }, () => new Thread(() => this.#dispatch()))
  }

  session<N extends TaskName>(task: N, context: TaskContext<N>): Session<N> {
    const session = this.#sessions++
    const shared = share(context)
    for (const thread of this.#threads) thread.worker.postMessage({ session, task, context: shared })
    return {
      run: (item: TaskItem<N>) =>
        new Promise<unknown>((resolve, reject) => {
          this.#waiting.push({ session, item, resolve, reject })
          this.#dispatch()
        }) as Promise<TaskResult<N>>,
      close: () => {
        for (const thread of this.#threads) thread.worker.postMessage({ session, close: true })
      },
    }
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const free = this.#threads.reduce((a, b) => (b.load < a.load ? b : a))
      if (free.load >= ITEMS_PER_WORKER) return
      free.start(this.#waiting.shift() as Waiting)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()))
  }
}

class Thread {
  readonly worker: Worker
  readonly #items = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #ids = 0
  #onFree: () => void

  constructor(onFree: () => void) {
    this.#onFree = onFree
    this.worker = new Worker(new URL('./worker.js', import.meta.url))
    this.worker.on('message', (message: FromWorker) => this.#finish(message))
    this.worker.on('error', error => this.#fail(error))
    this.#exited = new Promise(resolve => this.worker.once('exit', () => resolve()))
    this.worker.unref()
  }

  get load(): number {
    return this.#items.size
  }

  start(waiting: Waiting): void {
    const id = this.#ids++
    this.#items.set(id, waiting)
    this.worker.ref()
    this.worker.postMessage({ session: waiting.session, id, item: waiting.item })
  }

  #finish(message: FromWorker): void {
    const item = this.#items.get(message.id)
    this.#items.delete(message.id)
    if (this.load === 0) this.worker.unref()
    if ('result' in message) item?.resolve(message.result)
    else item?.reject(message.input ? new InputError(message.error) : new Error(message.error))
    this.#onFree()
  }

  #fail(error: unknown): void {
    for (const item of this.#items.values()) item.reject(error)
    this.#items.clear()
  }

  /** An idle thread ends by itself; one at work is stopped. */
  async close(): Promise<void> {
    this.worker.ref()
    if (this.load === 0) this.worker.postMessage({ exit: true })
    else {
      this.#fail(new Error('the threads were closed'))
      await this.worker.terminate()
    }
    await this.#exited
  }
}

/** `threads` workers; 0 for one a core. */
export function createPool(threads = 0): Pool {
  return new NodePool(threads || availableParallelism())
}
