import type { tasks } from './tasks.js'

type Tasks = typeof tasks
export type TaskName = keyof Tasks
export type TaskContext<N extends TaskName> = Parameters<Tasks[N]>[0]
export type TaskItem<N extends TaskName> = Parameters<Tasks[N]>[1]
export type TaskResult<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>

/** One task with its context, which reaches every thread once. */
export interface Session<N extends TaskName> {
  /** Does one item on whichever thread is free. */
  run(item: TaskItem<N>): Promise<TaskResult<N>>
  /** Frees the context. */
  close(): void
}

/** Threads that do tasks. The result of a task never depends on how many there are. */
export interface Pool {
  readonly size: number
  session<N extends TaskName>(task: N, context: TaskContext<N>): Session<N>
  /** Ends the threads, also in the midst of work; resolves when they are gone. */
  close(): Promise<void>
}
