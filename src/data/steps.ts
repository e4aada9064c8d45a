/** Work that gives way now and then, as for a page that must not stand still. */
export type Steps<T> = Generator<void, T>

/** Rows that a step takes where each costs little: some 10 ms of work. */
const STEP_ROWS = 1 << 16

/** `work` on rows 0 .. count, one range after another, with a rest after each. */
export function* inRanges(count: number, work: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += STEP_ROWS) {
    work(from, Math.min(count, from + STEP_ROWS))
    yield
  }
}

/** The result, without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
