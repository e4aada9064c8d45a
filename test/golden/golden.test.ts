import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cocoStats, evaluate, type MaskBackend } from '../../src/index.js'
import { differences } from '../parity/compare.js'
import { readCase, readExpected } from '../parity/golden-case.js'
import { availableBackends } from './backends.js'

const here = import.meta.dirname
const cases = readdirSync(here, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => ({ name, ...readCase(join(here, name)) }))

test('the cases are there', () => {
  expect(cases.filter(({ options }) => options.iouType === 'bbox').length).toBeGreaterThan(40)
  expect(cases.filter(({ options }) => options.iouType === 'segm').length).toBeGreaterThan(10)
})

describe.each(availableBackends)('on $name', ({ name: backendName, open }) => {
  let backend: MaskBackend
  beforeAll(async () => {
    backend = await open()
  })
  afterAll(() => backend.close())

  // Boxes meet no backend.
  const own = cases.filter(({ options }) => options.iouType === 'segm' || backendName === 'cpu')
  test.each(own)('$name: $title', async ({ name, gt, dt, options }) => {
    const evaluation = await evaluate(gt, dt, { ...options, backend })
    const expected = readExpected(join(here, name, 'expected.json'))
    expect(differences(expected, { ...evaluation.coco, stats: cocoStats(evaluation) })).toEqual([])
  })
})
