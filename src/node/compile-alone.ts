import { setFlagsFromString } from 'node:v8'
import type { Worker } from 'node:worker_threads'

/** Threads that are starting. */
let starting = 0

/**
 * Starts a worker thread that optimises its JavaScript by itself.
 *
 * Elsewise V8 does so on a helper thread, which may ask the worker for a garbage collection and wait. A worker that has
 * left its event loop never answers, Node waits for the helper before the worker ends, and the process hangs
 * (nodejs/node#54918). V8 reads the flag when a thread's heap is made, so it is off only until the worker is online.
 */
export function startCompilingAlone(start: () => Worker): Worker {
  if (starting++ === 0) setFlagsFromString('--no-concurrent-recompilation')
  const worker = start()
  let isStarting = true
  const started = (): void => {
    if (!isStarting) return
    isStarting = false
    if (--starting === 0) setFlagsFromString('--concurrent-recompilation')
  }
  worker.once('online', started)
  worker.once('exit', started)
  return worker
}
