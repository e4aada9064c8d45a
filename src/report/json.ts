import type { Analysis } from '../analyse.js'
import type { Config } from '../data/config.js'
import type { BackendUse, Evaluation, Warning } from '../data/evaluation.js'
import { type Summary, summarize } from '../summary.js'
import { type AnalysisJson, analysisJson } from './analysis-json.js'
import type { ComparisonJson } from './comparison-json.js'
import { type Counts, countsOf } from './counts.js'

/** Where a result comes from. */
export interface Provenance {
  tool: 'detscope'
  version: string
  protocol: 'coco'
  /** What the protocol is equal to. */
  reference: 'pycocotools 2.0.11'
  /** Version and platform of what ran it: "node 22.4.1 linux-x64". */
  runtime: string
  /** ISO 8601, UTC. */
  createdAt: string
}

export interface InputFile {
  role: 'groundTruth' | 'detections' | 'compared'
  name: string
  /** Size on disk, before any decompression. */
  bytes: number
  /** Of the bytes on disk, lower-case hexadecimal. */
  sha256: string
}

/** The file that `--json` writes; docs/result-schema.json is its schema. */
export interface ResultFile {
  schemaVersion: 1
  config: Config
  provenance: Provenance
  backend: BackendUse
  inputs: InputFile[]
  counts: Counts
  coco: Summary
  analysis: AnalysisJson
  /** With a second model; everything else is of the first. */
  comparison?: ComparisonJson
  warnings: Warning[]
  timingsMs: Record<string, number>
}

export interface ResultContext {
  version: string
  runtime: string
  createdAt: Date
  inputs: InputFile[]
  comparison?: ComparisonJson
}

/** Everything that a machine may want to know of an evaluation, at full precision. */
export function resultFile(evaluation: Evaluation, analysis: Analysis, context: ResultContext): ResultFile {
  const { config, backend, warnings, timingsMs } = evaluation
  return {
    schemaVersion: 1,
    config,
    provenance: {
      tool: 'detscope',
      version: context.version,
      protocol: config.protocol,
      reference: 'pycocotools 2.0.11',
      runtime: context.runtime,
      createdAt: context.createdAt.toISOString(),
    },
    backend,
    inputs: context.inputs,
    counts: countsOf(evaluation),
    coco: summarize(evaluation),
    analysis: analysisJson(analysis),
    ...(context.comparison ? { comparison: context.comparison } : {}),
    warnings,
    timingsMs,
  }
}
