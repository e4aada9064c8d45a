import { dirname, join } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Evaluation } from '../data/evaluation.js'
import { checkImageFolder } from '../node/images.js'
import { checkOutputFile, makeOutputFolder, writeWhole } from '../node/output.js'
import { REPORT_NOTE, REPORT_PAGE } from '../node/report-folder.js'
import { bothThresholds } from '../report/both-thresholds.js'
import { jsonChunks } from '../report/json-text.js'
import { npyChunks } from '../report/npy.js'
import type { Beside } from './beside.js'
import { type Compared, modelNames } from './compare.js'
import type { EvalOptions, Sources } from './eval.js'
import { missingPictures } from './image-folder.js'
import { packageVersion } from './version.js'

export interface Results {
  evaluation: Evaluation
  /** Null where no output needs it. */
  analysis: Analysis | null
  /** What another thread does of it; null where none helps. */
  beside: Beside | null
  compared: Compared | null
  sources: Sources
}

/** Makes the folders of the outputs and checks the files, so that a long run does not end in a bad path. */
export function prepareOutputs(options: EvalOptions): void {
  const { gt, dt, compare, json, csv, npy, markdown, thresholds, report, overlays, images } = options
  const inputs = compare === undefined ? [gt, dt] : [gt, dt, compare]
  const files: [string, string | undefined][] = [
    ['--json', json],
    ['--markdown', markdown],
    ['--thresholds', thresholds],
  ]
  for (const [option, path] of files) if (path !== undefined) checkOutputFile(option, path, inputs)
  const folders: [string, string | undefined][] = [
    ['--report', report],
    ['--csv', csv],
    ['--overlays', overlays],
    ['--npy', npy],
  ]
  if (images !== undefined) checkImageFolder('--images', images)
  for (const [option, path] of folders) if (path !== undefined) makeOutputFolder(option, path)
  if (report !== undefined)
    for (const name of REPORT_FILES) checkOutputFile('--report', join(report, name), inputs)
}

const REPORT_FILES = [REPORT_PAGE, REPORT_NOTE, 'thresholds.json']

/** Where results are, and what their reader should know. */
export interface Written {
  paths: string[]
  notes: string[]
}

/** Writes what was asked for. */
export async function writeOutputs(
  options: EvalOptions,
  results: Results,
  signal: AbortSignal,
): Promise<Written> {
  const { evaluation, analysis, beside, compared } = results
  const written: Written = { paths: [], notes: [] }
  const write = async (path: string | undefined, writeTo: (path: string) => Promise<void>): Promise<void> => {
    if (path === undefined) return
    await writeTo(path)
    written.paths.push(path)
  }
  await write(options.npy, path => writeArrays(path, evaluation, signal))
  if (!analysis) return written
  // A report has other work before it needs what comes from elsewhere.
  if ([options.json, options.csv, options.markdown].some(path => path !== undefined)) {
    await beside?.settle(analysis)
    await compared?.beside?.settle(compared.analysis)
  }
  await write(options.json, path => writeJson(path, options, results, analysis, signal))
  await write(options.thresholds, path => writeThresholds(path, options, analysis, compared, signal))
  await write(options.csv, async path => {
    const { writeCsvFolder } = await import('../node/csv-folder.js')
    const { csvTables } = await import('../report/csv-tables.js')
    const { comparisonTables } = await import('../report/comparison-tables.js')
    const tables = [csvTables(analysis), compared ? comparisonTables(compared.comparison) : []]
    await writeCsvFolder(path, joined(tables), signal)
  })
  await write(options.markdown, async path => {
    const { markdownText } = await import('./markdown.js')
    await writeWhole(path, [markdownText(options, evaluation, analysis, compared)], signal)
  })
  await write(options.report && join(options.report, REPORT_PAGE), async path => {
    const { writeReport } = await import('./write-report.js')
    await writeReport(dirname(path), options, results, analysis, signal)
    written.notes.push(...missingPictures(options, analysis))
    await writeThresholds(join(dirname(path), 'thresholds.json'), options, analysis, compared, signal)
  })
  await write(options.overlays, async path => {
    const { writeErrorPictures } = await import('./write-pictures.js')
    await writeErrorPictures(path, options, results, analysis, signal)
  })
  return written
}

function* joined<T>(parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part
}

/** Writes the result file; the sources were opened with `digest`. */
async function writeJson(
  path: string,
  options: EvalOptions,
  { evaluation, compared, sources }: Results,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const { resultFile } = await import('../report/json.js')
  const { comparisonJson } = await import('../report/comparison-json.js')
  const result = resultFile(evaluation, analysis, {
    ...(compared && {
      comparison: comparisonJson(
        compared.comparison,
        { A: analysis, B: compared.analysis },
        modelNames(options),
      ),
    }),
    version: packageVersion(),
    runtime: `node ${process.versions.node} ${process.platform}-${process.arch}`,
    createdAt: new Date(),
    inputs: [
      { role: 'groundTruth', ...(await sources.gt.digest()) },
      { role: 'detections', ...(await sources.dt.digest()) },
      ...(sources.compare ? [{ role: 'compared' as const, ...(await sources.compare.digest()) }] : []),
    ],
  })
  await writeWhole(path, jsonChunks(result), signal)
}

/** Of two models an object of both. */
function writeThresholds(
  path: string,
  options: EvalOptions,
  { thresholds }: Analysis,
  compared: Compared | null,
  signal: AbortSignal,
): Promise<void> {
  const value = compared
    ? bothThresholds(modelNames(options), { A: thresholds, B: compared.analysis.thresholds })
    : thresholds
  return writeWhole(path, jsonChunks(value), signal)
}

/** precision.npy and scores.npy are [T, R, K, A, M], recall.npy is [T, K, A, M]. */
async function writeArrays(folder: string, { coco }: Evaluation, signal: AbortSignal): Promise<void> {
  const { T, R, K, A, M } = coco.shape
  await writeWhole(join(folder, 'precision.npy'), npyChunks([T, R, K, A, M], coco.precision), signal)
  await writeWhole(join(folder, 'recall.npy'), npyChunks([T, K, A, M], coco.recall), signal)
  await writeWhole(join(folder, 'scores.npy'), npyChunks([T, R, K, A, M], coco.scores), signal)
}
