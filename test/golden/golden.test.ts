import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cocoStats } from '../../src/index.js'
import { evaluate } from '../../src/evaluate.js'
import { differences } from '../parity/compare.js'
import { readCase, readExpected } from '../parity/golden-case.js'

const here = import.meta.dirname
const cases = readdirSync(here, { withFileTypes: true }).filter(entry => entry.isDirectory())

describe('golden cases', () => {
  test('all are there', () => expect(cases.length).toBeGreaterThanOrEqual(65))

  for (const { name } of cases) {
    const { title, gt, dt, options } = readCase(join(here, name))
    const expected = readExpected(join(here, name, 'expected.json'))
    test(`${name}: ${title}`, async () => {
      const evaluation = await evaluate(gt, dt, options)
      const actual = { ...evaluation.coco, stats: cocoStats(evaluation) }
      expect(differences(expected, actual)).toEqual([])
    })
  }
})
