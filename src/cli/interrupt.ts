/** Exit code of a program ended by Ctrl-C: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130

/** How long interrupted work may clean up. A read of a silent pipe never ends by itself. */
const GRACE_MS = 1000

/** Thrown where work stops because the user asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/**
 * Runs `work` with a signal that the first Ctrl-C (or SIGTERM) aborts, and then gives it a moment to clean up; a second
 * one ends the process at once. Fails with Interrupted, whatever broke on the way out.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { promise: graceOver, reject } = deferred()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED)
    controller.abort(new Interrupted('interrupted'))
    setTimeout(() => reject(controller.signal.reason), GRACE_MS).unref()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await Promise.race([work(controller.signal), graceOver])
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function deferred(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<never>((_, no) => {
    reject = no
  })
  return { promise, reject }
}
