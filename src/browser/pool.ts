import type { Pool } from '../pool.js'
import { type Port, type PortEvents, ThreadPool } from '../thread-pool.js'

/** Without shared memory every thread gets its own copy of the data: more of them cost more than they gain. */
const MAX_COPIES = 4

function startThread(events: PortEvents): Port {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }) => events.message(data)
  worker.onmessageerror = () => events.error(new Error('a thread’s answer could not be read'))
  worker.onerror = event => {
    event.preventDefault()
    events.error(new Error(`a thread failed: ${event.message || 'its script cannot be loaded'}`))
  }
  return {
    post: message => worker.postMessage(message),
    end: async () => worker.terminate(),
  }
}

export function poolSize(threads = 0): number {
  const cores = navigator.hardwareConcurrency || 1
  return threads || (crossOriginIsolated ? cores : Math.min(cores, MAX_COPIES))
}

/** `threads` web workers; 0 for one a core, or at most four where the page is not cross-origin isolated. */
export const createPool = (threads = 0): Pool => new ThreadPool(poolSize(threads), startThread)
