import { normalOf, randomOf, round } from './random.js'
import { jitter } from './shapes.js'

const SHELF = [1536, 2048]
const CELLS = [2048, 2048]

/**
 * Pictures full of one class: every other one a shelf of rows with products that overlap their neighbours a little,
 * the others cells under a microscope. Each object has about one detection, some two and some none.
 */
export function denseShape({ images, objectsPerImage, detectionsPerImage, seed }) {
  let random = randomOf(seed)
  const uniform = () => random()
  const normal = normalOf(uniform)
  const frames = Array.from({ length: images }, (_, i) => ({ id: i + 1, size: i % 2 ? CELLS : SHELF }))
  const radiiOf = least =>
    Array.from({ length: 10 + Math.floor(uniform() * 10) }, () => least + (1 - least) * uniform())

  /** Rows of products side by side, widths log-normal. */
  const shelf = count => {
    const rows = Math.round(Math.sqrt(count * 0.75))
    const objects = []
    for (let row = 0; row < rows; row++) {
      const inRow = Math.round((count * (row + 1)) / rows) - Math.round((count * row) / rows)
      const widths = Array.from({ length: inRow }, () => Math.exp(normal() * 0.3))
      const unit = 1 / widths.reduce((sum, w) => sum + w, 0)
      let x = 0
      for (const width of widths) {
        const [w, h] = [width * unit * (1 + 0.2 * uniform()), (0.7 + 0.4 * uniform()) / rows]
        const y = Math.max(0, (row + 1) / rows - h - (0.05 * uniform()) / rows)
        objects.push({ category: 1, x: Math.min(x, 1 - w), y, w, h, radii: radiiOf(0.85) })
        x += width * unit
      }
    }
    return objects
  }
  /** Blobs on a grid that is shaken, sizes log-normal, so that most touch a neighbour or two. */
  const cells = count => {
    const columns = Math.ceil(Math.sqrt(count))
    return Array.from({ length: count }, (_, k) => {
      const side = Math.min(0.9, (1.05 / columns) * Math.exp(normal() * 0.25))
      const [w, h] = [side * Math.exp(normal() * 0.1), side]
      const middle = at => (at + 0.5 + normal() * 0.25) / columns
      const inside = (at, size) => Math.min(1 - size, Math.max(0, at - size / 2))
      const [x, y] = [inside(middle(k % columns), w), inside(middle(Math.floor(k / columns)), h)]
      return { category: 1, x, y, w, h, radii: radiiOf(0.75) }
    })
  }
  const objectsOf = i => {
    random = randomOf(Math.imul(seed, 0x9e3779b1) + 2 * i)
    return i % 2 ? cells(objectsPerImage) : shelf(objectsPerImage)
  }
  const detectionIn = (objects, d) => {
    const stray = uniform() < 0.1
    const base = objects[stray ? Math.floor(uniform() * objects.length) : d % objects.length]
    const object = jitter(base, 0.02 + 0.2 * uniform() ** 2, normal)
    return [object, round(stray ? 0.05 + 0.5 * uniform() ** 2 : 0.2 + 0.79 * uniform(), 3)]
  }
  return {
    frames,
    classes: 1,
    objects: objectsOf,
    isCrowd: () => false,
    *detections(i) {
      const objects = objectsOf(i)
      for (let d = 0; d < detectionsPerImage; d++) yield detectionIn(objects, d)
    },
  }
}
