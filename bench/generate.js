// Makes a data set of COCO val2017's shape in a folder: gt.json, dt_bbox.json, dt_segm.json, dt_both.json. Seeded: the same
// options give the same bytes. Long-tailed classes, log-normal sizes, polygons, loose masks, duplicates,
// confusions, background hits, tied scores.
//
//   node bench/generate.js FOLDER [--images 5000] [--classes 80] [--ground-truths 37000] [--detections 500000] [--seed 1]

import { parseArgs } from 'node:util'
import { plainShape } from './generate/plain.js'
import { writeDataSet } from './generate/write.js'

/** @param options { images, classes, groundTruths, detections, seed } */
export const generate = (folder, options) => writeDataSet(folder, plainShape(options), { masks: true })

if (import.meta.filename === process.argv[1]) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      images: { type: 'string', default: '5000' },
      classes: { type: 'string', default: '80' },
      'ground-truths': { type: 'string', default: '37000' },
      detections: { type: 'string', default: '500000' },
      seed: { type: 'string', default: '1' },
    },
  })
  const { 'ground-truths': groundTruths, ...others } = values
  const numbers = Object.entries({ ...others, groundTruths }).map(([key, text]) => [key, Number(text)])
  generate(positionals[0], Object.fromEntries(numbers))
}
