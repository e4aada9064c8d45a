import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cocoStats, evaluate, type IouType, type MaskBackend } from '../../src/index.js'
import { differences } from '../parity/compare.js'
import { readExpected } from '../parity/golden-case.js'
import { availableBackends } from './backends.js'

const here = import.meta.dirname
const sample = process.env.DETSCOPE_COCO100 ?? join(here, '../../../shared/data/coco100')
const isThere = existsSync(join(sample, 'gt.json'))
if (!isThere) {
  const line = '!'.repeat(100)
  console.error(
    `${line}\nNOT TESTED: the 100-image sample of COCO val2014 is not at ${sample}.\n` +
      'Set DETSCOPE_COCO100 to a folder with gt.json, dt_bbox.json and dt_segm.json; ' +
      `docs/testing.md says where they come from.\n${line}`,
  )
}

/** AP as the COCO API publishes it for these results, to three decimals. */
const PUBLISHED: Record<IouType, number> = { bbox: 0.505, segm: 0.32 }

async function check(iouType: IouType, backend?: MaskBackend): Promise<void> {
  const read = (name: string): Uint8Array => readFileSync(join(sample, name))
  const evaluation = await evaluate(read('gt.json'), read(`dt_${iouType}.json`), { iouType, backend })
  const stats = cocoStats(evaluation)
  expect(Math.round(1000 * stats[0]) / 1000).toBe(PUBLISHED[iouType])
  const expected = readExpected(join(here, `coco100-${iouType}.json`))
  expect(differences(expected, { ...evaluation.coco, stats })).toEqual([])
}

describe.skipIf(!isThere)('100 images of COCO val2014', () => {
  test('boxes', () => check('bbox'))

  test.each(availableBackends)('masks on $name', async ({ open }) => {
    const backend = await open()
    await check('segm', backend)
    backend.close()
  })
})
