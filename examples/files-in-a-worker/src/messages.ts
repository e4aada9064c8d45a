import type { ProgressReport } from 'detscope'

export interface Request {
  groundTruth: File
  detections: File
}

export interface Result {
  metrics: [name: string, value: number | null][]
  warnings: string[]
  seconds: number
}

export type Answer = { progress: ProgressReport } | { result: Result } | { error: string }
