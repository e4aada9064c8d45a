// Makes a data set of COCO val2017's shape in a folder: gt.json, dt_bbox.json, dt_segm.json. Seeded: the same
// options give the same bytes. Long-tailed classes, log-normal sizes, polygons, loose masks, duplicates,
// confusions, background hits, tied scores.
//
//   node bench/generate.js FOLDER [--images 5000] [--classes 80] [--ground-truths 37000] [--detections 500000] [--seed 1]

import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rasterizePart } from '../dist/geometry/polygons.js'
import { encodeSpans } from '../dist/geometry/rle.js'

/** mulberry32: 32 bits of state, enough for test data. */
function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const round = (value, digits) => Number(value.toFixed(digits))

export async function generate(folder, { images, classes, groundTruths, detections, seed }) {
  mkdirSync(folder, { recursive: true })
  const random = randomOf(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const sizes = [
    [480, 640],
    [640, 480],
    [427, 640],
    [640, 427],
    [500, 375],
  ]
  const frames = Array.from({ length: images }, (_, i) => ({
    id: 139 + 116 * i,
    size: sizes[Math.floor(random() * sizes.length)],
  }))
  const weights = Array.from({ length: classes }, (_, k) => 1 / (k + 1) ** 0.9)
  const total = weights.reduce((sum, w) => sum + w, 0)
  const classOf = () => {
    let left = random() * total
    for (let k = 0; k < classes; k++) {
      left -= weights[k]
      if (left <= 0) return k + 1
    }
    return classes
  }
  const objects = frames.map(() => [])
  const frameOf = () => Math.floor(random() ** 1.6 * images)
  for (let i = 0; i < groundTruths; i++) objects[frameOf()].push(objectIn(classOf()))

  function objectIn(category) {
    const side = Math.min(0.95, Math.exp(normal() * 0.9 - 2.3))
    const ratio = Math.exp(normal() * 0.35)
    const [w, h] = [Math.min(0.98, side * ratio), Math.min(0.98, side / ratio)]
    const radii = Array.from({ length: 10 + Math.floor(random() * 20) }, () => 0.75 + 0.25 * random())
    return { category, x: random() * (1 - w), y: random() * (1 - h), w, h, radii }
  }
  const outline = ({ x, y, w, h, radii }, [height, width]) =>
    radii.flatMap((r, i) => {
      const angle = (2 * Math.PI * i) / radii.length
      return [
        round((x + w / 2 + (w / 2) * r * Math.cos(angle)) * width, 2),
        round((y + h / 2 + (h / 2) * r * Math.sin(angle)) * height, 2),
      ]
    })
  const boxOf = points => {
    const xs = points.filter((_, i) => i % 2 === 0)
    const ys = points.filter((_, i) => i % 2)
    const [x, y] = [Math.min(...xs), Math.min(...ys)]
    return [x, y, round(Math.max(...xs) - x, 2), round(Math.max(...ys) - y, 2)]
  }
  const spansOf = (points, [h, w]) => rasterizePart(Float64Array.from(points), 0, points.length / 2, h, w)
  const areaOf = spans => spans.reduce((sum, v, i) => sum + (i % 2 ? v : -v), 0)

  const gt = writer(join(folder, 'gt.json'))
  gt.push('{"info":{"description":"synthetic"},"images":[')
  gt.push(
    frames
      .map(({ id, size: [height, width] }) => JSON.stringify({ file_name: `${id}.jpg`, height, width, id }))
      .join(','),
  )
  gt.push('],"annotations":[')
  let id = 1
  for (let i = 0; i < images; i++) {
    for (const object of objects[i]) {
      const points = outline(object, frames[i].size)
      const crowd = random() < 0.01
      const spans = spansOf(points, frames[i].size)
      const counts = []
      let at = 0
      for (const v of spans) {
        counts.push(v - at)
        at = v
      }
      counts.push(frames[i].size[0] * frames[i].size[1] - at)
      const segmentation = crowd ? { counts, size: frames[i].size } : [points]
      const record = {
        segmentation,
        area: areaOf(spans),
        iscrowd: crowd ? 1 : 0,
        image_id: frames[i].id,
        bbox: boxOf(points),
        category_id: object.category,
        id,
      }
      await gt.push((id > 1 ? ',' : '') + JSON.stringify(record))
      id++
    }
  }
  gt.push('],"categories":[')
  gt.push(
    Array.from({ length: classes }, (_, k) =>
      JSON.stringify({ supercategory: 's', id: k + 1, name: `class ${k + 1}` }),
    ).join(','),
  )
  gt.push(']}')
  await gt.end()

  const boxFile = writer(join(folder, 'dt_bbox.json'))
  const maskFile = writer(join(folder, 'dt_segm.json'))
  boxFile.push('[')
  maskFile.push('[')
  const jitter = (object, amount) => ({
    ...object,
    x: object.x + normal() * amount * object.w,
    y: object.y + normal() * amount * object.h,
    w: object.w * Math.exp(normal() * amount),
    h: object.h * Math.exp(normal() * amount),
  })
  const perImage = detections / images
  let made = 0
  for (let i = 0; i < images; i++) {
    const n = Math.round(perImage * (i + 1)) - Math.round(perImage * i)
    for (let d = 0; d < n; d++) {
      const known = objects[i].length && random() < 0.6
      const base = known ? objects[i][Math.floor(random() * objects[i].length)] : objectIn(classOf())
      const object = known ? jitter(base, 0.02 + 0.2 * random() ** 2) : base
      if (known && random() < 0.15) object.category = classOf()
      const score = round(known ? 0.05 + 0.94 * random() ** 1.5 : 0.05 + 0.6 * random() ** 4, 3)
      const points = outline(object, frames[i].size)
      const spans = spansOf(points, frames[i].size)
      const [height, width] = frames[i].size
      const counts = new TextDecoder().decode(encodeSpans(spans, height * width))
      const head = { image_id: frames[i].id, category_id: object.category }
      const comma = made++ ? ',' : ''
      boxFile.push(comma + JSON.stringify({ ...head, bbox: boxOf(points), score }))
      await maskFile.push(
        comma + JSON.stringify({ ...head, segmentation: { size: [height, width], counts }, score }),
      )
    }
  }
  boxFile.push(']')
  maskFile.push(']')
  await Promise.all([boxFile.end(), maskFile.end()])
}

/** A file written in large pieces. */
function writer(path) {
  const stream = createWriteStream(path)
  let parts = []
  let size = 0
  const flush = async () => {
    const text = parts.join('')
    parts = []
    size = 0
    if (!stream.write(text)) await once(stream, 'drain')
  }
  return {
    push: async text => {
      parts.push(text)
      size += text.length
      if (size > 1 << 20) await flush()
    },
    end: async () => {
      await flush()
      stream.end()
      await once(stream, 'close')
    },
  }
}

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
  const number = key => Number(values[key])
  await generate(positionals[0], {
    images: number('images'),
    classes: number('classes'),
    groundTruths: number('ground-truths'),
    detections: number('detections'),
    seed: number('seed'),
  })
}
