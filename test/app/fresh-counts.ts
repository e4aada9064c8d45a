import type { Page } from 'playwright-core'
import { recallAt } from '../../src/data/evaluation.js'
import { evaluate } from '../../src/evaluate.js'
import { cellsOf } from './browser.js'

/** Ground truths, true positives and misses, by the name of the class, in the order of the names. */
export type ClassCounts = [name: string, counts: number[]][]

const byName = (counts: ClassCounts): ClassCounts => counts.sort(([a], [b]) => (a < b ? -1 : 1))

/** From a fresh evaluation of the detections at or above a score, at one IoU threshold. */
export async function freshCounts(
  groundTruth: object,
  detections: { score: number }[],
  iou: number,
  score: number,
): Promise<ClassCounts> {
  const kept = detections.filter(record => record.score >= score)
  const evaluation = await evaluate(groundTruth, kept, { iouThresholds: [iou], maxDets: [100] })
  const { coco, dataset, evaluatedCategories, config } = evaluation
  const cap = config.maxDets.length - 1
  const { categories, crowds } = dataset.groundTruths
  return byName(
    Array.from(evaluatedCategories, (row, k) => {
      const truths = categories.filter((category, g) => category === row && crowds[g] === 0).length
      const tp = Math.round(coco.recall[recallAt(coco.shape, 0, k, 0, cap)] * truths)
      return [dataset.categories.names[row], [truths, tp, truths - tp]]
    }),
  )
}

/** What the page says of the same. */
export async function shownCounts(page: Page): Promise<ClassCounts> {
  const [header, ...rows] = await cellsOf(page, 'Counts by class')
  const at = ['GT', 'TP', 'FN'].map(name => header.indexOf(name))
  return byName(rows.map(row => [row[0], at.map(column => Number(row[column]))]))
}
