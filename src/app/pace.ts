import { afterDrawing, stir } from './schedule.js'

/** Time from a change to a screen that shows it: in ms, of the last change. */
export class Pace {
  /** null before anything has changed. */
  drawnMs: number | null = null
  #fromMs: number | null = null
  readonly #listeners = new Set<() => void>()
  readonly #starters = new Set<() => void>()

  onBegin(listener: () => void): () => void {
    this.#starters.add(listener)
    return () => this.#starters.delete(listener)
  }

  onDrawn(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Something is about to change. Of changes that overtake one another the first counts. */
  begin(): void {
    if (this.#fromMs !== null) return
    const fromMs = performance.now()
    this.#fromMs = fromMs
    stir()
    for (const listener of this.#starters) listener()
    afterDrawing(() => {
      this.drawnMs = performance.now() - fromMs
      this.#fromMs = null
      for (const listener of this.#listeners) listener()
    })
  }
}
