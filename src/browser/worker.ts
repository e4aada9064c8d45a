/** A thread of `createPool`: a module worker. */
import { tasks } from '../tasks.js'
import { serveTasks, type ToThread } from '../thread-work.js'
import { blobRanges } from './files.js'

/** What of DedicatedWorkerGlobalScope is used; the types of pages and of workers exclude each other. */
const scope = globalThis as unknown as {
  postMessage: MessagePort['postMessage']
  onmessage: ((event: MessageEvent<ToThread>) => void) | null
}

const serve = (owner: Pick<MessagePort, 'postMessage'>) =>
  serveTasks(tasks, { open: ref => blobRanges(ref) }, (message, transfer) =>
    owner.postMessage(message, transfer),
  )

const take = serve(scope)

scope.onmessage = ({ data, ports: [port] }) => {
  if (!port) take(data)
  else {
    // Whoever has the other end of the port is served, too.
    const takeOther = serve(port)
    port.onmessage = event => takeOther(event.data)
  }
}
