/** Wall time of each stage. */
export class Clock {
  readonly timingsMs: Record<string, number> = {}
  #last = performance.now()

  lap(stage: string): void {
    const now = performance.now()
    this.timingsMs[stage] = now - this.#last
    this.#last = now
  }
}
