import type { CocoMetrics } from '../../metrics/coco-summary.js'
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
  /** Of the file at work; null before they are known. */
  numbers: CocoMetrics | null
}

/** What is known after a further report. Another file begins anew. */
export function advance(running: Running | null, progress: ModelProgress, nowMs: number): Running {
  const same = running?.progress.name === progress.name ? running : null
  const stages = same?.stages ?? []
  const numbers = progress.numbers ?? same?.numbers ?? null
  if (stages.at(-1)?.stage === progress.stage) return { progress, stages, numbers }
  const ended = stages.map(known => ({ ...known, toMs: known.toMs ?? nowMs }))
  return { progress, stages: [...ended, { stage: progress.stage, fromMs: nowMs, toMs: null }], numbers }
}
