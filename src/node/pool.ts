import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { startHere } from '../local-thread.js'
import type { Pool } from '../pool.js'
import { type Port, type PortEvents, ThreadPool } from '../thread-pool.js'
import type { FromThread } from '../thread-work.js'
import { startCompilingAlone } from './compile-alone.js'
import { fileRanges } from './ranges.js'
import { type NodeTasks, nodeTasks } from './tasks.js'

/** A worker thread. Without items it does not keep the process alive. */
function startThread(events: PortEvents): Port {
  const worker = startCompilingAlone(() => new Worker(new URL('./worker.js', import.meta.url)))
  worker.on('message', (message: FromThread) => events.message(message))
  worker.on('error', error => events.error(error))
  const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  worker.unref()
  let isEnding = false
  return {
    post: message => worker.postMessage(message),
    setBusy(busy) {
      if (busy) worker.ref()
      // A last answer may come while its end is waited for, without which the process would not go on.
      else if (!isEnding) worker.unref()
    },
    async end(idle) {
      isEnding = true
      worker.ref()
      if (idle) worker.postMessage({ exit: true })
      else await worker.terminate()
      await exited
    },
  }
}

export const poolSize = (threads = 0): number => threads || availableParallelism()

/** `threads` threads, of which this one is the first and the others are workers; 0 for one a core. */
export const createPool = (threads = 0): Pool<NodeTasks> =>
  new ThreadPool<NodeTasks>(poolSize(threads), (events, index) =>
    index === 0 ? startHere(nodeTasks, { open: fileRanges }, events) : startThread(events),
  )
