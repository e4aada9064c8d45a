/** Evaluations by the published library in a page, and their hashes here and there. */
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import type * as Detscope from '../../src/browser.js'
import type { Evaluation } from '../../src/data/evaluation.js'
import type { WebServer } from '../support/web.js'

/** Opens an empty page of the server and loads the library from its folder "dist". */
export async function openLibrary(page: Page, server: WebServer): Promise<void> {
  await page.goto(`${server.origin}/`)
  const content = 'import * as detscope from "/dist/browser.js"; Object.assign(globalThis, { detscope })'
  await page.addScriptTag({ type: 'module', content })
  await page.waitForFunction(() => 'detscope' in globalThis)
}

/** What a page does with two files; runs there. */
export async function evaluateThere(run: { gt: string; dt: string; options: object; abortAt?: string }) {
  const { evaluateFiles } = (globalThis as unknown as { detscope: typeof Detscope }).detscope
  const get = async (name: string): Promise<File> =>
    new File([await (await fetch(`/data/${name}`)).blob()], name)
  const abort = new AbortController()
  const stages = new Set<string>()
  const onProgress = ({ stage }: { stage: string }): void => {
    stages.add(stage)
    if (stage === run.abortAt) abort.abort(new Error('enough'))
  }
  try {
    const evaluation = await evaluateFiles(await get(run.gt), await get(run.dt), {
      ...run.options,
      onProgress,
      signal: abort.signal,
    })
    const hashes: Record<string, string> = {}
    for (const key of ['precision', 'recall', 'scores'] as const) {
      const bytes = await crypto.subtle.digest('SHA-256', evaluation.coco[key].slice())
      hashes[key] = [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('')
    }
    const { backend, warnings } = evaluation
    return { hashes, backend, warnings, stages: [...stages], isolated: crossOriginIsolated }
  } catch (error) {
    const { name, message } = error as Error
    return { error: `${name}: ${message}` }
  }
}

export const hashesOf = ({ coco }: Evaluation): Record<string, string> =>
  Object.fromEntries(
    (['precision', 'recall', 'scores'] as const).map(key => [
      key,
      createHash('sha256').update(new Uint8Array(coco[key].buffer)).digest('hex'),
    ]),
  )
