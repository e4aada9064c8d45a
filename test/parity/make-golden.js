// @ts-check
/** Writes the golden folders from golden-cases.js, with what the reference tool says to each. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeCase, writeExpected } from './golden-case.js'
import { CASES } from './golden-cases.js'
import { Reference } from './reference.js'

const golden = join(import.meta.dirname, '../golden')
const sample = process.env.DETSCOPE_COCO100 ?? join(import.meta.dirname, '../../../shared/data/coco100')

const reference = new Reference()
const tool = await reference.versions()
for (const { name, title, gt, dt, options } of CASES) {
  const lines = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 1)}\n`
  const [gtText, dtText] = [lines(gt), lines(dt)]
  const expected = await reference.evaluate(gtText, dtText, options)
  writeCase(join(golden, name), { gtText, dtText, title, options }, expected, tool)
}
console.log(`${CASES.length} cases written`)
if (existsSync(sample)) {
  for (const iouType of ['bbox', 'segm']) {
    const read = (/** @type {string} */ name) => readFileSync(join(sample, name), 'utf8')
    const expected = await reference.evaluate(read('gt.json'), read(`dt_${iouType}.json`), { iouType })
    writeExpected(join(golden, `coco100-${iouType}.json`), expected, tool)
  }
  console.log('expected arrays of the COCO sample written')
} else console.log(`the COCO sample is not at ${sample}: its expected arrays stay as they are`)
reference.close()
