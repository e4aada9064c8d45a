/** Exit code of a program ended by Ctrl-C: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130

/** How long interrupted work may clean up. */
const GRACE_MS = 1000

/** Thrown where work stops because the user asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  /** Whether the work did not stop in time, as when it reads from a pipe that stays silent. */
  readonly stuck: boolean

  constructor(stuck: boolean) {
    super('interrupted')
    this.stuck = stuck
  }
}

/**
 * Runs `work` with a signal that the first Ctrl-C (or SIGTERM) aborts, and then gives it a moment to clean up; a second
 * one ends the process at once. Fails with Interrupted, whatever broke on the way out.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let giveUp: (reason: Interrupted) => void = () => {}
  const graceOver = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED)
    controller.abort(new Interrupted(false))
    setTimeout(() => giveUp(new Interrupted(true)), GRACE_MS).unref()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await Promise.race([work(controller.signal), graceOver])
  } catch (error) {
    if (!controller.signal.aborted || error instanceof Interrupted) throw error
    throw controller.signal.reason
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
