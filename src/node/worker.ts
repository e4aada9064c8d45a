import { parentPort } from 'node:worker_threads'
import { InputError } from '../errors.js'
import { type TaskEnvironment, tasks } from '../tasks.js'
import { fileRanges } from './ranges.js'

/** Sent to a worker: a session's context, one of its items, the session's end, or the thread's. */
export type ToWorker =
  | { session: number; task: keyof typeof tasks; context: unknown }
  | { session: number; id: number; item: unknown }
  | { session: number; close: true }
  | { exit: true }

/** Sent back for an item. */
export type FromWorker = { id: number; result: unknown } | { id: number; error: string; input: boolean }

type AnyTask = (context: unknown, item: unknown, environment: TaskEnvironment) => Promise<unknown>

const environment: TaskEnvironment = { open: fileRanges }
const sessions = new Map<number, { task: AnyTask; context: unknown }>()

/** Buffers that can move to the other thread instead of being copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return found
}

async function work(session: number, id: number, item: unknown): Promise<void> {
  const known = sessions.get(session)
  if (!known) return
  try {
    const result = await known.task(known.context, item, environment)
    parentPort?.postMessage({ id, result }, [...buffersOf(result)])
  } catch (error) {
    const input = error instanceof InputError
    const text = input
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
    parentPort?.postMessage({ id, error: text, input })
  }
}

let last: Promise<void> = Promise.resolve()

parentPort?.on('message', (message: ToWorker) => {
  if ('exit' in message) parentPort?.close()
  else if ('task' in message) {
    sessions.set(message.session, { task: tasks[message.task] as AnyTask, context: message.context })
  } else if ('close' in message) sessions.delete(message.session)
  else last = last.then(() => work(message.session, message.id, message.item))
})
