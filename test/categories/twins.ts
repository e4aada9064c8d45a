import { expect } from 'vitest'
import {
  type CategoriesContext,
  type CategoriesItem,
  type CategoriesResult,
  evaluateInKernel,
  evaluatePlainly,
} from '../../src/categories/evaluate.js'
import { CategoryKernel } from '../../src/categories/kernel.js'
import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import type { Overlaps } from '../../src/data/evaluation.js'
import { groupCells } from '../../src/matching/cells.js'
import { differences } from '../parity/compare.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'

/** What the categories of `dataset` are evaluated from, and all of them. */
export function allCategories(
  dataset: Dataset,
  config: Config,
  overlaps: Overlaps | null = null,
): { context: CategoriesContext; item: CategoriesItem } {
  const { cells, dtScores, evaluatedCategories } = groupCells(dataset, config)
  const { groundTruths, detections } = dataset
  const input = {
    cells,
    dtScores,
    gtAreas: groundTruths.areas,
    dtAreas: detections.areas,
    gtIds: groundTruths.ids,
    gtCrowds: groundTruths.crowds,
  }
  const item = { kFrom: 0, kTo: evaluatedCategories.length, cells: { from: 0, to: cells.count } }
  return { context: { input, overlaps, shapes: dataset, config }, item }
}

export function createKernel(config: Config): CategoryKernel {
  lendDirtyMemory()
  const kernel = CategoryKernel.create(config)
  if (!kernel) throw new Error('this platform has no WebAssembly, or the configuration is left to the twin')
  return kernel
}

/** Fails where the kernel and its twin differ in a bit; returns the twin's result. */
export function expectTwins(
  context: CategoriesContext,
  item: CategoriesItem,
  kernel: CategoryKernel = createKernel(context.config),
): CategoriesResult {
  const plain = evaluatePlainly(context, item)
  const actual = evaluateInKernel(kernel, context, item)
  const [expected, got] = [plain, actual].map(({ part }) => ({ ...part.arrays, stats: [] }))
  expect(differences(expected, got)).toEqual([])
  expect(actual.part.zeroIdDetections).toBe(plain.part.zeroIdDetections)
  expect(actual.overlaps).toEqual(plain.overlaps)
  return plain
}
