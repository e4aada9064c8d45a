/** A thread of `createPool`: a module worker. */
import { serveTasks, type ToThread } from '../thread-work.js'
import { blobRanges } from './files.js'

/** What of DedicatedWorkerGlobalScope is used; the types of pages and of workers exclude each other. */
const scope = globalThis as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<ToThread>) => void) | null
}

const take = serveTasks({ open: ref => blobRanges(ref) }, (message, transfer) =>
  scope.postMessage(message, transfer),
)

scope.onmessage = ({ data }) => take(data)
