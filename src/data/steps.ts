/** Work that gives way now and then, as for a page that must not stand still. */
export type Steps<T> = Generator<void, T>

/** The result, without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
