import { type Comparison, compareProtocols, indexBoth } from '../compare.js'
import type { Finding, Protocol, View } from '../data/analysis.js'
import type { Evaluation } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { ownSizesOf } from '../metrics/size-sets.js'
import type { CocoTables, PageContent } from './page-content.js'
import { type Blocks, besides, encodePage, type PageOptions } from './page-data.js'
import { cocoTables, firstFindings } from './page-tables.js'
import type { AsciiText } from './payload.js'

/** Blocks of a page are bytes already. */
export type HtmlChunk = string | AsciiText

/** Where the built page wants its data. */
const DATA_MARK = '<!--detscope-data-->'

export interface PageExtras extends PageOptions {
  /** Of detscope. */
  version: string
  groundTruthName: string
  detectionsName: string
  /** Default: those of the protocol that the page opens with; null for none. It looks for the others itself. */
  findings?: Partial<Record<Protocol, Finding[]>> | null
  /** Default: made here. */
  coco?: CocoTables
  comparison?: Comparison
  /** Of the scene, where they are at hand. */
  indices?: Record<Protocol, SceneIndex>
  /** What the page starts with. */
  view?: Partial<View>
  /** Further data by name, as JSON. */
  parts?: Record<string, unknown>
  /** Further blocks as they are, read one by one when they are asked for: masks and pictures. */
  blocks?: Blocks
  /** `pageBlocks` of a second model, which the page compares with this one. */
  second?: Blocks
}

/**
 * The report as one HTML document that needs no other file, in pieces. `page` is the built interface (dist/page.html).
 * Needs an evaluation with its scene. No text of a file stands in the markup: all of it is compressed and written in
 * base64.
 */
export async function htmlChunks(
  evaluation: Evaluation,
  page: string,
  extras: PageExtras,
): Promise<HtmlChunk[]> {
  const [before, after, ...rest] = page.split(DATA_MARK)
  if (after === undefined || rest.length > 0) throw new TypeError('the page has no single place for its data')
  const blocks = await pageBlocks(evaluation, extras)
  const second = extras.second ? markup(besides(blocks, extras.second)) : []
  return [before, ...markup(blocks), ...second, after]
}

/** All that a page carries of one model. Needs an evaluation with its scene. */
export async function pageBlocks(evaluation: Evaluation, extras: PageExtras): Promise<Blocks> {
  const { scene } = evaluation
  if (!scene)
    throw new TypeError('a report needs an evaluation with its scene: evaluate(.., { scene: true })')
  const blocks = await encodePage(scene, pageContent(scene, evaluation, extras), extras)
  for (const [name, text] of extras.blocks ?? []) blocks.set(name, text)
  return blocks
}

/** A name without a character that markup knows. */
const SAFE = /^[\w.-]*$/
/** Without it nothing ends a script. */
const LESS_THAN = '<'.charCodeAt(0)

function* markup(blocks: Blocks): Generator<HtmlChunk> {
  for (const [name, text] of blocks) {
    if (!SAFE.test(name) || text.includes(LESS_THAN))
      throw new TypeError(`a block of a page must be base64: "${name}"`)
    yield `<script type="text/plain" data-block="${name}">`
    yield text
    yield '</script>\n'
  }
}

/** What a page says besides its scene. */
export function pageContent(scene: Scene, evaluation: Evaluation, extras: PageExtras): PageContent {
  const sizes = ownSizesOf(scene)
  const indices = extras.indices ?? indexBoth(scene)
  const view = extras.view ?? {}
  const { findings = firstFindings(scene, indices, view) } = extras
  const { bySizes, compared } = extras.comparison ?? compareProtocols(scene, indices)
  return {
    version: extras.version,
    groundTruthName: extras.groundTruthName,
    detectionsName: extras.detectionsName,
    backend: evaluation.backend,
    warnings: evaluation.warnings,
    coco: extras.coco ?? cocoTables(evaluation),
    corrected: bySizes,
    compared,
    findings,
    ownSizes: sizes.own,
    firstSizes: sizes.first,
    view,
    parts: extras.parts ?? {},
  }
}
