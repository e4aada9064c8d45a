/** Reports to look at and to test: from files to one HTML document. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type EvaluateOptions, evaluate } from '../../src/evaluate.js'
import { fileSource } from '../../src/node/files.js'
import { htmlChunks, type PageExtras } from '../../src/report/html.js'

const page = join(import.meta.dirname, '../../dist/page.html')

export async function reportOf(
  gt: string,
  dt: string,
  options: EvaluateOptions = {},
  extras: Partial<PageExtras> = {},
): Promise<string> {
  const evaluation = await evaluate(fileSource(gt), fileSource(dt), { ...options, scene: true })
  const chunks = await htmlChunks(evaluation, readFileSync(page, 'utf8'), {
    version: '0.0.0',
    groundTruthName: basename(gt),
    detectionsName: basename(dt),
    ...extras,
  })
  return new Blob(chunks).text()
}
