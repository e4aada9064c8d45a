/**
 * The threads of an evaluation: its worker is the first, the others are workers of the page. Workers of the worker would
 * stay with all their memory where it is ended while one of them ends (Chromium 147).
 */

import { blobRanges } from '../../browser/files.js'
import { startHere } from '../../local-thread.js'
import { tasks } from '../../tasks.js'
import { type Port, type PortEvents, ThreadPool } from '../../thread-pool.js'
import type { FromThread } from '../../thread-work.js'
import type { FromEngine } from './protocol.js'
import { rest } from './rest.js'

type ToPage = (message: FromEngine, transfer: Transferable[]) => void

/** `threads` of them. The page gets the ports of those that it is to start, and hears when they are done with. */
export const createPool = (threads: number, toPage: ToPage): ThreadPool =>
  new ThreadPool(threads, (events, index) =>
    index === 0
      ? startHere(tasks, { open: ref => blobRanges(ref) }, events, rest)
      : askForThread(events, toPage),
  )

function askForThread(events: PortEvents, toPage: ToPage): Port {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }: MessageEvent<FromThread>) => events.message(data)
  port1.onmessageerror = () => events.error(new Error('a thread’s answer could not be read'))
  toPage({ thread: port2 }, [port2])
  return {
    post: message => port1.postMessage(message),
    end: async () => {
      port1.close()
      toPage({ thread: null }, [])
    },
  }
}
