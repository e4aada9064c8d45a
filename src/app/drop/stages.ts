import type { ModelProgress } from './model.js'

/** A stage of the file at work. */
export interface Stage {
  stage: string
  fromMs: number
  /** Null while it goes on. */
  toMs: number | null
}

export interface Running {
  progress: ModelProgress
  /** In the order in which they began; the last one goes on. */
  stages: Stage[]
}

/** What is known after a further report. Another file begins anew. */
export function advance(running: Running | null, progress: ModelProgress, nowMs: number): Running {
  const stages = running?.progress.name === progress.name ? running.stages : []
  if (stages.at(-1)?.stage === progress.stage) return { progress, stages }
  const ended = stages.map(known => ({ ...known, toMs: known.toMs ?? nowMs }))
  return { progress, stages: [...ended, { stage: progress.stage, fromMs: nowMs, toMs: null }] }
}
