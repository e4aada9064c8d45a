// Times what a report computes again when a control of its page moves, on a scene of val2017's shape: matching at a
// new IoU threshold, counts by size, curves. Prints CPU time in ms, first and best; checks that sizes add up.
//
//   npm run build && node bench/scene.js [--images 5000] [--ground-truths 37000] [--detections 185000] [--classes 80]

import { parseArgs } from 'node:util'
import { resolveConfig } from '../dist/data/resolve-config.js'
import { groupCells } from '../dist/matching/cells.js'
import { groupByImage } from '../dist/matching/image-cells.js'
import { findBoxOverlaps } from '../dist/matching/overlaps.js'
import { indexScene } from '../dist/matching/scene-index.js'
import { matchesOf, matchScene } from '../dist/matching/scene-match.js'
import { correctedMetrics } from '../dist/metrics/corrected.js'
import { countsBySize, countsTable } from '../dist/metrics/counts.js'
import { distributionsOf, distributionValues } from '../dist/metrics/distributions.js'
import { thresholdsJson } from '../dist/metrics/operating-point.js'
import { countsByImage } from '../dist/metrics/per-image.js'
import { curveOf } from '../dist/metrics/pr-curves.js'
import { selectInstances } from '../dist/metrics/select.js'
import { percentileSizes } from '../dist/metrics/sizes.js'
import { createScene } from '../dist/scene.js'

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '5000' },
    'ground-truths': { type: 'string', default: '37000' },
    detections: { type: 'string', default: '185000' },
    classes: { type: 'string', default: '80' },
  },
})
const imageCount = Number(values.images)
const classCount = Number(values.classes)

let state = 7
/** mulberry32 */
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function makeScene() {
  const classOf = () => Math.floor(classCount * random() ** 2.5)
  const imageOf = () => Math.floor(imageCount * random() ** 1.6)
  const boxOf = () => {
    const side = 600 * Math.min(0.95, Math.exp(0.9 * normal() - 2.3))
    const ratio = Math.exp(0.35 * normal())
    const [w, h] = [side * ratio, side / ratio]
    return [random() * Math.max(0, 640 - w), random() * Math.max(0, 480 - h), w, h]
  }
  const truths = Array.from({ length: Number(values['ground-truths']) }, () => ({
    image: imageOf(),
    category: classOf(),
    box: boxOf(),
    crowd: random() < 0.01 ? 1 : 0,
  }))
  const guesses = Array.from({ length: Number(values.detections) }, () => {
    const score = Math.round(1000 * random() ** 2) / 1000
    if (random() < 0.5) return { image: imageOf(), category: classOf(), box: boxOf(), score }
    const { image, category, box } = truths[Math.floor(random() * truths.length)]
    const shift = side => box[side] + 0.15 * random() * normal() * box[2 + (side % 2)]
    const grow = side => box[side] * Math.exp(0.15 * random() * normal())
    return {
      image,
      category: random() < 0.85 ? category : classOf(),
      box: [shift(0), shift(1), grow(2), grow(3)],
      score,
    }
  })
  const columns = rows => ({
    count: rows.length,
    images: Int32Array.from(rows, row => row.image),
    categories: Int32Array.from(rows, row => row.category),
    boxes: Float64Array.from(rows.flatMap(row => row.box)),
    areas: Float64Array.from(rows, row => 0.6 * row.box[2] * row.box[3]),
    masks: null,
  })
  const numbers = count => Float64Array.from({ length: count }, (_, i) => i + 1)
  const dataset = {
    images: { count: imageCount, ids: numbers(imageCount), heights: [], widths: [], fileNames: [] },
    categories: { count: classCount, ids: numbers(classCount), names: Array(classCount).fill('') },
    groundTruths: {
      ...columns(truths),
      ids: numbers(truths.length),
      crowds: Uint8Array.from(truths, truth => truth.crowd),
      ignores: Uint8Array.from(truths, truth => truth.crowd),
    },
    detections: {
      ...columns(guesses),
      scores: Float64Array.from(guesses, guess => guess.score),
      records: Uint32Array.from(guesses.keys()),
    },
  }
  const config = resolveConfig('bbox', {})
  const cells = groupByImage(dataset, config)
  return createScene(dataset, config, cells, groupCells(dataset, config).evaluatedCategories, {
    overlaps: findBoxOverlaps(dataset, cells),
    gtMaskAreas: null,
    dtMaskAreas: null,
    gtMaskBoxes: null,
    dtMaskBoxes: null,
    gtAreas: dataset.groundTruths.areas,
    dtAreas: dataset.detections.areas,
  })
}

function time(name, work, runs = 7) {
  const times = []
  let result
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage()
    result = work(run)
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  console.log(
    `  ${name.padEnd(44)} ${times[0].toFixed(1).padStart(8)} ${Math.min(...times)
      .toFixed(1)
      .padStart(8)}`,
  )
  return result
}

const scene = makeScene()
const sizes = percentileSizes(scene)
for (const protocol of ['coco', 'corrected']) {
  console.log(`${protocol.padEnd(46)}    first     best`)
  const index = time('index the scene', () => indexScene(scene, protocol, false), 5)
  const view = { protocol, iou: 0.5, score: 0.3, scoreStrict: false, sizes, classAgnostic: false }
  const fresh = run => {
    index.matches.clear()
    return { ...view, iou: 0.5 + run / 100 }
  }
  time('match at another IoU', run => matchScene(scene, index, { iou: 0.5 + run / 100, range: sizes[1] }))
  time('counts of 6 sizes at another IoU', run => countsBySize(scene, index, fresh(run)))
  time('counts of 6 sizes at another score', run => countsBySize(scene, index, { ...view, score: run / 10 }))
  const table = time(
    'counts of 6 sizes at 10 IoUs',
    run => {
      fresh(run)
      return countsTable(scene, index, view, scene.config.iouThresholds)
    },
    3,
  )
  const [all, small, medium, large] = table[0]
  if (protocol === 'corrected' && small.tp + medium.tp + large.tp !== all.tp)
    throw new Error('sizes do not add up')
  time('counts of every image', () => countsByImage(scene, index, view))
  time('select every instance', () => selectInstances(scene, index, { ...view, score: 0 }, {}))
  const matches = matchesOf(scene, index, 0.5, protocol === 'coco' ? sizes[0] : null)
  time('curve of all classes', () => curveOf(scene, index, matches, { range: null, category: null }))
  time('best threshold of every class', () => thresholdsJson(scene, index, view))
  time('distributions', () => distributionsOf(distributionValues(scene, index, view), view))
  if (protocol === 'corrected')
    time('averages of 10 IoUs and 6 sizes', () => correctedMetrics(scene, index, sizes), 3)
}
