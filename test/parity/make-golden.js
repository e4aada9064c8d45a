// @ts-check
/** Writes the golden folders from golden-cases.js, with what the reference tool says to each. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flatPolygons } from './columns.js'
import { writeCase, writeExpected } from './golden-case.js'
import { CASES } from './golden-cases.js'
import { goldenShapes } from './golden-shapes.js'
import { Reference, splitStrings } from './reference.js'
import { outputDigest, STREAM_SEED, streamCase, streamPlan } from './stream.js'

const golden = join(import.meta.dirname, '../golden')
const sample = process.env.DETSCOPE_COCO100 ?? join(import.meta.dirname, '../../../shared/data/coco100')

const reference = new Reference()
const tool = await reference.versions()
for (const { name, title, gt, dt, options } of CASES) {
  const [gtText, dtText] = [gt, dt].map(value => `${JSON.stringify(value, null, 1)}\n`)
  const expected = await reference.evaluate(gtText, dtText, options)
  writeCase(join(golden, name), { gtText, dtText, title, options }, expected, tool)
}
console.log(`${CASES.length} cases written`)

const shapes = goldenShapes()
const { blobs } = await reference.ask({ verb: 'rasterise' }, flatPolygons(shapes))
const strings = splitStrings(blobs)
const lines = shapes.map((shape, i) => JSON.stringify({ ...shape, rle: strings[i].toString() }))
writeFileSync(
  join(golden, 'shapes.json'),
  `{"tool": ${JSON.stringify(tool)}, "shapes": [\n${lines.join(',\n')}\n]}\n`,
)
console.log(`${shapes.length} polygons written`)

const entries = []
for (const planned of streamPlan()) {
  const { gtText, dtText, options, input } = streamCase(planned)
  const expected = await reference.evaluate(gtText, dtText, options)
  const withStats = expected.stats.length > 0
  entries.push(JSON.stringify({ ...planned, input, withStats, output: outputDigest(expected, withStats) }))
}
writeFileSync(
  join(golden, 'stream.json'),
  `{"tool": ${JSON.stringify(tool)}, "seed": ${STREAM_SEED}, "sets": [\n${entries.join(',\n')}\n]}\n`,
)
console.log(`${entries.length} data sets of the stream written`)

if (existsSync(sample)) {
  for (const iouType of ['bbox', 'segm']) {
    const read = (/** @type {string} */ name) => readFileSync(join(sample, name), 'utf8')
    const expected = await reference.evaluate(read('gt.json'), read(`dt_${iouType}.json`), { iouType })
    writeExpected(join(golden, `coco100-${iouType}.json`), expected, tool)
  }
  console.log('expected arrays of the COCO sample written')
} else console.log(`the COCO sample is not at ${sample}: its expected arrays stay as they are`)
reference.close()
