/** What files of two models have that those of one lack, made from the reports of the page. */

import { finish } from '../../data/steps.js'
import { foundBy, selectFlips } from '../../metrics/flips.js'
import { operatingDifferences } from '../../metrics/model-differences.js'
import { bothThresholds } from '../../report/both-thresholds.js'
import { comparisonJson } from '../../report/comparison-json.js'
import { comparisonTables } from '../../report/comparison-tables.js'
import { GALLERY_BYTES, GALLERY_INSTANCES } from '../../report/gallery.js'
import { jsonChunks } from '../../report/json-text.js'
import { markdownComparison } from '../../report/markdown-comparison.js'
import { chooseImages, SECOND_SHARE } from '../../report/pair-gallery.js'
import type { Pair } from '../pair.js'
import type { Model } from './model.js'
import { BEST, type ComparedInput, type ModelTexts, type SaveKind } from './protocol.js'

const textsOf = (models: Model[]): Promise<ModelTexts[]> =>
  Promise.all(models.map(({ engine }) => engine.call('texts', null)))

/** As the command line compares: in the state in which the report opens. */
export async function comparedInput(kind: SaveKind, pair: Pair, models: Model[]): Promise<ComparedInput> {
  const [, second] = models
  const names = { A: pair.A.content.detectionsName, B: pair.B.content.detectionsName }
  if (kind === 'thresholds') {
    const [{ thresholds: A }, { thresholds: B }] = await textsOf(models)
    return { text: [...jsonChunks(bothThresholds(names, { A, B }))] }
  }
  const { start } = pair
  finish(pair.prepare(start))
  const views = pair.viewsOf(start)
  const metrics = finish(pair.metrics(start.protocol))
  if (kind === 'html') {
    const chosen = chooseImages(views, GALLERY_INSTANCES)
    const byteLength = Math.floor(SECOND_SHARE * GALLERY_BYTES)
    const blocks = await second.engine.call('blocks', { chosen, byteLength })
    return { metrics: { [start.protocol]: metrics }, chosen, blocks }
  }
  const operating = operatingDifferences(views)
  if (kind === 'markdown') {
    const [A, B] = await textsOf(models)
    const context = { groundTruthName: pair.A.content.groundTruthName, names, scoreReason: BEST }
    const summaries = { A: A.markdown, B: B.markdown }
    return { text: [markdownComparison({ pair: views, metrics, operating }, { ...context, summaries })] }
  }
  const comparison = {
    pair: views,
    metrics,
    operating,
    found: foundBy(views),
    flipped: selectFlips(views, { foundBy: ['A', 'B'] }, 'A'),
  }
  if (kind === 'csv')
    return {
      tables: Array.from(comparisonTables(comparison), ({ rows, ...table }) => ({
        ...table,
        rows: [...rows],
      })),
    }
  const scoreFrom = 'best-f1' as const
  const scores = { A: { view: views.A.view, scoreFrom }, B: { view: views.B.view, scoreFrom } }
  return { comparison: comparisonJson(comparison, scores, names) }
}
