import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CategoryKernel } from '../../src/categories/kernel.js'
import { evaluate } from '../../src/index.js'
import { resolveAreas } from '../../src/matching/areas.js'
import { readCase } from '../parity/golden-case.js'
import { allCategories, expectTwins } from './twins.js'

const folder = join(import.meta.dirname, '../golden')
const cases = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => ({ name, ...readCase(join(folder, name)) }))

test('the cases are there', () => {
  expect(cases.length).toBeGreaterThan(50)
})

test.each(cases)('kernel and twin agree on $name: $title', async ({ gt, dt, options }) => {
  const { dataset, config, overlaps, gtMaskAreas, dtMaskAreas } = await evaluate(gt, dt, options)
  const { context, item } = allCategories(dataset, config, config.iouType === 'segm' ? overlaps : null)
  context.input.gtAreas = resolveAreas(dataset.groundTruths.areas, gtMaskAreas)
  context.input.dtAreas = resolveAreas(dataset.detections.areas, dtMaskAreas)
  if (config.iouThresholds.length <= 32) expectTwins(context, item)
  else expect(CategoryKernel.create(config)).toBeNull()
})
