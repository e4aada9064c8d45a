// @ts-check
/** Data sets large enough for worker threads and for reading in parts, from files, against the reference. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cocoStats, evaluateFiles } from './built.js'
import { differences } from './compare.js'
import { generate } from './generate.js'

const THREADS = 3

/** True when nothing differs. @param {import('./reference.js').Reference} reference @param {number} count @param {number} seed */
export async function compareLarge(reference, count, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'detscope-parity-'))
  let wrong = 0
  try {
    for (let index = 0; index < count; index++) {
      const data = generate(seed, index, fixedTraits(index))
      const [gtFile, dtFile] = [join(folder, 'gt.json'), join(folder, 'dt.json')]
      writeFileSync(gtFile, data.gtText)
      writeFileSync(dtFile, data.dtText)
      const expected = await reference.evaluate(data.gtText, data.dtText, data.options)
      const evaluation = await evaluateFiles(gtFile, dtFile, {
        ...data.options,
        threads: THREADS,
        backend: 'cpu',
      })
      const found = differences(expected, { ...evaluation.coco, stats: cocoStats(evaluation) })
      const megabytes = ((data.gtText.length + data.dtText.length) / 1e6).toFixed(1)
      console.log(
        `large ${seed}:${index} (${data.options.iouType}, ${data.dt.length} detections, ${megabytes} MB): ${found.length ? found.join('; ') : 'equal'}`,
      )
      if (found.length) wrong++
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  console.log(`${count} large data sets: ${wrong} with differences`)
  return wrong === 0
}

/** Boxes and masks take turns; nothing that would make the data set small. @param {number} index */
const fixedTraits = index => ({
  huge: true,
  segm: index % 2 === 1,
  largeImages: false,
  noDetections: false,
  noGroundTruths: false,
  imageSubset: false,
})
