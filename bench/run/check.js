// This project's side of the comparison: node check.js GT DT IOU_TYPE FOLDER [MAX_DETS]. Writes the arrays as plain
// float64 and prints the twelve numbers as JSON.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { summarize } from '../../dist/index.js'
import { evaluateFiles } from '../../dist/node.js'
import { ARRAYS } from './equality.js'

const [gt, dt, iouType, folder, maxDets] = process.argv.slice(2)
const options = maxDets ? { maxDets: maxDets.split(',').map(Number) } : {}
const evaluation = await evaluateFiles(gt, dt, { iouType, ...options })
for (const name of ARRAYS) {
  const { buffer, byteOffset, byteLength } = evaluation.coco[name]
  writeFileSync(join(folder, `${name}.f64`), new Uint8Array(buffer, byteOffset, byteLength))
}
const { stats } = summarize(evaluation)
console.log(JSON.stringify({ stats: Array.from(stats) }))
