import { InputError } from './errors.js'
import type { TaskTable } from './pool.js'
import type { TaskEnvironment } from './tasks.js'

/** Sent to a thread: a session's context, one of its items, or the session's end. */
export type ToThread =
  | { session: number; task: string; context: unknown }
  | { session: number; id: number; item: unknown }
  | { session: number; close: true }

/** Sent back for an item. */
export type FromThread = { id: number; result: unknown } | { id: number; error: string; input: boolean }

type AnyTask = (context: unknown, item: unknown, environment: TaskEnvironment) => Promise<unknown>

/**
 * The work of a thread that knows `tasks`: takes messages and answers items in their order, by `send` with the buffers
 * that move. The promise is that of the items so far. `mayWork` is asked before each item; false leaves it undone.
 */
export function serveTasks<T extends TaskTable<T>>(
  tasks: T,
  environment: TaskEnvironment,
  send: (message: FromThread, transfer: ArrayBuffer[]) => void,
  mayWork: () => Promise<boolean> = async () => true,
): (message: ToThread) => Promise<void> {
  const known = tasks as unknown as Record<string, AnyTask>
  const sessions = new Map<number, { task: AnyTask; context: unknown }>()
  let last: Promise<void> = Promise.resolve()

  async function work(session: number, id: number, item: unknown): Promise<void> {
    const open = (await mayWork()) ? sessions.get(session) : undefined
    if (!open) return
    try {
      const result = await open.task(open.context, item, environment)
      send({ id, result }, buffersOf(result))
    } catch (error) {
      send({ id, error: textOf(error), input: error instanceof InputError }, [])
    }
  }

  return message => {
    if ('task' in message) {
      sessions.set(message.session, { task: known[message.task], context: message.context })
    } else if ('close' in message) sessions.delete(message.session)
    else last = last.then(() => work(message.session, message.id, message.item))
    return last
  }
}

function textOf(error: unknown): string {
  if (error instanceof InputError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Buffers that can move to another thread instead of being copied. */
export const buffersOf = (value: unknown): ArrayBuffer[] => [...collectBuffers(value, new Set())]

function collectBuffers(value: unknown, found: Set<ArrayBuffer>): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collectBuffers(part, found)
  }
  return found
}
