// @ts-check
/**
 * Objects of an image before they become records: a box, and in data sets with masks also pixels and,
 * where the mask was drawn as polygons, their parts.
 */
import { nearMask, randomMask, roughRaster } from './masks.js'
import { longEdges, randomPolygons, rectangle } from './polygons.js'

/**
 * @typedef {import('./random.js').Random} Random
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {import('./masks.js').BitMap} BitMap
 * @typedef {{ height: number, width: number }} Size
 * @typedef {{ box: number[], mask?: BitMap, parts?: number[][] }} Shape
 */

/** Sides whose squares and products lie on or next to the borders of COCO's size ranges, 32^2 and 96^2. */
const BORDER_SIDES = [
  [32, 32],
  [16, 64],
  [96, 96],
  [48, 192],
  [31, 33],
  [33, 31],
  [31, 31],
  [32.5, 32],
  [95, 97],
  [97, 95],
  [1, 1024],
]

/** @param {Random} random @param {Traits} traits @param {Size} size @param {boolean} withMasks @returns {Shape} */
export function randomShape(random, traits, size, withMasks) {
  return withMasks ? maskShape(random, traits, size) : { box: randomBox(random, traits) }
}

/** A detection of `shape`: the same, or near it. @param {Random} random @param {Traits} traits @param {Shape} shape @returns {Shape} */
export function nearShape(random, traits, shape) {
  if (random.chance(traits.duplicates ? 0.6 : 0.3)) return shape
  if (!shape.mask) return { box: nearBox(random, traits, shape.box) }
  const mask = nearMask(random, shape.mask)
  return { box: nearBox(random, traits, boundsOf(mask)), mask }
}

/** @param {Random} random @param {Traits} traits */
function randomBox(random, traits) {
  if (traits.borderAreas && random.chance(0.5)) {
    return [10 * random.int(0, 3), 10 * random.int(0, 3), ...random.pick(BORDER_SIDES)]
  }
  const shift = traits.negativeCoordinates ? -40 : 0
  if (traits.gridBoxes) {
    const side = () => (traits.emptyBoxes && random.chance(0.2) ? 0 : 10 * random.int(1, 5))
    return [shift + 10 * random.int(0, 6), shift + 10 * random.int(0, 6), side(), side()]
  }
  const side = () => (traits.emptyBoxes && random.chance(0.2) ? 0 : decimal(random, traits, 1, 120))
  return [shift + decimal(random, traits, 0, 80), shift + decimal(random, traits, 0, 80), side(), side()]
}

/** @param {Random} random @param {Traits} traits @param {number} lo @param {number} hi */
function decimal(random, traits, lo, hi) {
  const value = lo + random.next() * (hi - lo)
  if (!traits.decimalBoxes) return Math.round(value * 100) / 100
  // 32 random bits fill no float64; a quotient does.
  return random.chance(0.5) ? value / 3 : Number(value.toFixed(random.int(1, 12)))
}

/** @param {Random} random @param {Traits} traits @param {number[]} box */
function nearBox(random, traits, [x, y, width, height]) {
  const step = traits.gridBoxes ? random.pick([1, 2, 5, 10]) : decimal(random, traits, 0, 4)
  const sign = random.pick([-1, 1])
  return random.pick([
    [x + sign * step, y, width, height],
    [x, y + sign * step, width, height],
    [x, y, width + step, height],
    [x, y, Math.max(0, width - step), height],
    [x, y, width, Math.max(0, height - step)],
    [x - step, y - step, width + 2 * step, height + 2 * step],
    // IoU on a threshold, or beside it.
    [x, y, (width * random.int(10, 19)) / 20, height],
  ])
}

/** @param {Random} random @param {Traits} traits @param {Size} size @returns {Shape} */
function maskShape(random, traits, { height, width }) {
  if (random.chance(0.5)) {
    const parts =
      traits.largeImages && random.chance(0.7)
        ? longEdges(random, height, width)
        : randomPolygons(random, height, width)
    const mask = roughRaster(parts, height, width)
    return { box: boundsOf(mask), mask, parts }
  }
  const mask = randomMask(random, height, width)
  return { box: boundsOf(mask), mask }
}

/** x, y, width, height of the pixels; zeros for none. @param {BitMap} mask */
export function boundsOf({ height, bits }) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, 0, 0]
  bits.forEach((bit, i) => {
    if (!bit) return
    const x = Math.floor(i / height)
    const y = i % height
    x0 = Math.min(x0, x)
    y0 = Math.min(y0, y)
    x1 = Math.max(x1, x + 1)
    y1 = Math.max(y1, y + 1)
  })
  return x1 === 0 ? [0, 0, 0, 0] : [x0, y0, x1 - x0, y1 - y0]
}

/** @param {Shape} shape */
export const polygonsOf = ({ parts, box: [x, y, width, height] }) =>
  parts ?? [rectangle(x, y, x + width, y + height)]
