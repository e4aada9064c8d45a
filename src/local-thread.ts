import type { TaskTable } from './pool.js'
import type { TaskEnvironment } from './tasks.js'
import type { Port, PortEvents } from './thread-pool.js'
import { serveTasks } from './thread-work.js'

/** As Node has it. */
const immediate = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/**
 * The thread at hand as one of a pool, which saves starting another: it does its items while it would wait for those of
 * the others, whose messages come through in between, while it waits for its `turn`.
 */
export function startHere<T extends TaskTable<T>>(
  known: T,
  environment: TaskEnvironment,
  events: PortEvents,
  turn = immediate,
): Port {
  let ended = false
  let last: Promise<void> = Promise.resolve()
  const nextTurn = (): Promise<boolean> => turn().then(() => !ended)
  const take = serveTasks(known, environment, message => events.message(message), nextTurn)
  return {
    isHere: true,
    // What waits here would be missing elsewhere.
    mostItems: 1,
    post: message => {
      last = take(message)
    },
    end: () => {
      ended = true
      return last
    },
  }
}
