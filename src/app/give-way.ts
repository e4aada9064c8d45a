/** Work at a stretch while a page opens. */
const SLICE_MS = 16

/** To be awaited now and then in long work: gives way to the browser where the work has gone on for a while. */
export function givesWay(): () => Promise<void> {
  let fromMs = performance.now()
  return async () => {
    if (performance.now() - fromMs < SLICE_MS) return
    await nextTask()
    fromMs = performance.now()
  }
}

/** The browser has its turn first. */
export const nextTask = (): Promise<void> => new Promise(resolve => setTimeout(resolve))
