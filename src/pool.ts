import type { tasks } from './tasks.js'

/** A task: what all items of a session have in common, one item, and what its platform has. */
export type AnyTask = (context: never, item: never, environment: never) => Promise<unknown>
export type TaskTable<T> = { [N in keyof T]: AnyTask }
/** Those of the core; a platform may have more. */
export type Tasks = typeof tasks
export type TaskContext<T extends AnyTask> = Parameters<T>[0]
export type TaskItem<T extends AnyTask> = Parameters<T>[1]
export type TaskResult<T extends AnyTask> = Awaited<ReturnType<T>>

/** One task with its context, which reaches every thread once. */
export interface Session<T extends AnyTask> {
  /** Does one item on whichever thread is free. */
  run(item: TaskItem<T>): Promise<TaskResult<T>>
  /** Frees the context; what waits is not done. */
  close(): void
}

export interface SessionOptions {
  /** Leaves the thread at hand out, where there are others: it has other work meanwhile. */
  elsewhere?: boolean
}

/** Threads that do tasks. The result of a task never depends on how many there are. */
export interface Pool<T extends TaskTable<T> = Tasks> {
  readonly size: number
  session<N extends keyof T>(task: N, context: TaskContext<T[N]>, options?: SessionOptions): Session<T[N]>
  /** Ends the threads, also in the midst of work; resolves when they are gone. */
  close(): Promise<void>
}
