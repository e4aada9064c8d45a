// Evaluates two files in a process of its own and prints, as JSON, a hash of the result and the peak of resident memory.
// node peak.js GT DT OPTIONS

import { createHash } from 'node:crypto'
import { evaluateFiles } from '../../dist/node.js'

const [gt, dt, options] = process.argv.slice(2)
const answer = {}
try {
  const { coco, overlaps } = await evaluateFiles(gt, dt, JSON.parse(options))
  const hash = createHash('sha256')
  const columns = [
    coco.precision,
    coco.recall,
    coco.scores,
    overlaps.offsets,
    overlaps.gts,
    overlaps.similarities,
  ]
  for (const { buffer, byteOffset, byteLength } of columns)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  answer.hash = hash.digest('hex')
} catch (error) {
  answer.error = `${error.name}: ${error.message}`
}
answer.peakBytes = 1024 * process.resourceUsage().maxRSS
console.log(JSON.stringify(answer))
