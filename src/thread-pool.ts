import { share } from './data/shared.js'
import { InputError } from './errors.js'
import type {
  Pool,
  Session,
  SessionOptions,
  TaskContext,
  TaskItem,
  TaskResult,
  Tasks,
  TaskTable,
} from './pool.js'
import type { FromThread, ToThread } from './thread-work.js'

/** One item in work and one waiting: a thread never idles while the one that hands out is busy. */
const MOST_ITEMS = 2

/** A thread as its platform has it: a worker thread of Node or a web worker. */
export interface Port {
  post(message: ToThread): void
  /** Whether it is the thread at hand. */
  readonly isHere?: boolean
  /** Items that it has at most, in work and waiting. */
  readonly mostItems?: number
  /** Whether items are at work on it. */
  setBusy?(busy: boolean): void
  /** Ends it: an idle one may be asked, one at work is stopped. Resolves when it is gone. */
  end(idle: boolean): Promise<void>
}

/** What a thread tells. */
export interface PortEvents {
  message(message: FromThread): void
  /** The thread itself failed. */
  error(error: unknown): void
}

/** Starts thread `index` of a pool. */
export type StartThread = (events: PortEvents, index: number) => Port

interface Waiting {
  session: number
  item: unknown
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Threads that take items one after another. */
export class ThreadPool<T extends TaskTable<T> = Tasks> implements Pool<T> {
  readonly size: number
  readonly #threads: Thread[]
  readonly #waiting: Waiting[] = []
  #sessions = 0

  constructor(size: number, start: StartThread) {
    this.size = size
    const onFree = (): void => this.#dispatch()
    this.#threads = Array.from({ length: size }, (_, i) => new Thread(events => start(events, i), onFree))
  }

  session<N extends keyof T>(
    task: N,
    context: TaskContext<T[N]>,
    { elsewhere = false }: SessionOptions = {},
  ): Session<T[N]> {
    const session = this.#sessions++
    const others = elsewhere ? this.#threads.filter(({ port }) => !port.isHere) : []
    const threads = others.length > 0 ? others : this.#threads
    const shared = share(context)
    for (const { port } of threads) port.post({ session, task: String(task), context: shared })
    return {
      run: (item: TaskItem<T[N]>) =>
        new Promise<unknown>((resolve, reject) => {
          const waiting = { session, item, resolve, reject }
          // At once: this thread may be too busy to hand it out later.
          if (others.length > 0) leastLoaded(others).start(waiting)
          else {
            this.#waiting.push(waiting)
            this.#dispatch()
          }
        }) as Promise<TaskResult<T[N]>>,
      close: () => {
        for (const { port } of threads) port.post({ session, close: true })
      },
    }
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const open = this.#threads.filter(thread => thread.load < (thread.port.mostItems ?? MOST_ITEMS))
      if (open.length === 0) return
      leastLoaded(open).start(this.#waiting.shift() as Waiting)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()))
  }
}

const leastLoaded = (threads: Thread[]): Thread => threads.reduce((a, b) => (b.load < a.load ? b : a))

class Thread {
  readonly port: Port
  readonly #items = new Map<number, Waiting>()
  readonly #onFree: () => void
  #ids = 0

  constructor(start: (events: PortEvents) => Port, onFree: () => void) {
    this.#onFree = onFree
    this.port = start({
      message: message => this.#finish(message),
      error: error => this.#fail(error),
    })
  }

  get load(): number {
    return this.#items.size
  }

  start(waiting: Waiting): void {
    const id = this.#ids++
    this.#items.set(id, waiting)
    this.port.setBusy?.(true)
    this.port.post({ session: waiting.session, id, item: waiting.item })
  }

  #finish(message: FromThread): void {
    const item = this.#items.get(message.id)
    this.#items.delete(message.id)
    if (this.load === 0) this.port.setBusy?.(false)
    if ('result' in message) item?.resolve(message.result)
    else item?.reject(message.input ? new InputError(message.error) : new Error(message.error))
    this.#onFree()
  }

  #fail(error: unknown): void {
    for (const item of this.#items.values()) item.reject(error)
    this.#items.clear()
  }

  async close(): Promise<void> {
    const idle = this.load === 0
    if (!idle) this.#fail(new Error('the threads were closed'))
    await this.port.end(idle)
  }
}
