/** Work done a few at a time, in the order asked for; what nobody wants any more is not begun. */
export class Queue {
  readonly #parallel: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(parallel: number) {
    this.#parallel = parallel
  }

  /** Fails with the signal's reason when it is aborted before the work has begun. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        this.#running++
        work()
          .then(resolve, reject)
          .finally(() => {
            this.#running--
            this.#next()
          })
      })
      this.#next()
    })
  }

  #next(): void {
    while (this.#running < this.#parallel) {
      const begin = this.#waiting.shift()
      if (!begin) return
      begin()
    }
  }
}
