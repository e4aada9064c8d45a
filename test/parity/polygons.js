// @ts-check
/**
 * @typedef {import('./random.js').Random} Random
 * @typedef {import('./columns.js').Polygons} Polygons
 */

/**
 * How coordinates are drawn. Vertices are rounded on a grid of a fifth of a pixel, so tenths are ties there,
 * and half pixels decide which pixel centre an edge passes.
 */
const COORDINATES = { whole: 3, half: 3, fifth: 2, tenth: 3, cents: 1, full: 1 }

/** How far vertices reach over the image. */
const REACH = { inside: 6, over: 3, far: 0.5, onlyOutside: 0.3 }

/** @param {Random} random @param {string} kind @param {number} lo @param {number} hi */
function coordinate(random, kind, lo, hi) {
  if (kind === 'full') return lo + random.next() * (hi - lo)
  if (kind === 'cents') return Math.round((lo + random.next() * (hi - lo)) * 100) / 100
  const whole = random.int(Math.ceil(lo), Math.floor(hi))
  if (kind === 'half') return whole + 0.5 * random.int(0, 1)
  if (kind === 'fifth') return whole + random.int(0, 4) / 5
  if (kind === 'tenth') return whole + random.int(0, 9) / 10
  return whole
}

/** One part: x0 y0 x1 y1 ... in px. @param {Random} random @param {number} height @param {number} width */
export function randomPart(random, height, width) {
  const kind = random.weighted(COORDINATES)
  const reach = random.weighted(REACH)
  const margin = { inside: 0, over: 3, far: 40, onlyOutside: 0 }[reach] ?? 0
  const offset = reach === 'onlyOutside' ? random.pick([-1, 1]) * (Math.max(height, width) + 2) : 0
  const x = () => coordinate(random, kind, offset - margin, offset + width + margin)
  const y = () => coordinate(random, kind, -margin, height + margin)
  if (random.chance(0.25)) return rectangle(x(), y(), x(), y())
  const part = random.times(random.int(3, 8), () => [x(), y()]).flat()
  return random.chance(0.2) ? withRepeats(random, part) : part
}

/** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
export const rectangle = (x0, y0, x1, y1) => [x0, y0, x0, y1, x1, y1, x1, y0]

/** Vertices stated twice, and sometimes the first again at the end. @param {Random} random @param {number[]} part */
function withRepeats(random, part) {
  const out = []
  for (let i = 0; i < part.length; i += 2) {
    out.push(part[i], part[i + 1])
    if (random.chance(0.3)) out.push(part[i], part[i + 1])
  }
  if (random.chance(0.5)) out.push(part[0], part[1])
  return out
}

/**
 * Parts of one object. The first has at least five numbers, as the reference wants it; later ones may be
 * two points, which cover nothing, and any may end in an odd number, which is dropped.
 * @param {Random} random @param {number} height @param {number} width
 */
export function randomPolygons(random, height, width) {
  const parts = random.times(Number(random.weighted({ 1: 6, 2: 3, 3: 1 })), () =>
    randomPart(random, height, width),
  )
  if (random.chance(0.03)) parts.push(randomPart(random, height, width).slice(0, 4))
  if (random.chance(0.03)) random.pick(parts).push(random.int(0, width))
  return parts
}

/**
 * Long edges whose points fall half-way between two rows again and again: there the reference's float64
 * arithmetic decides, and exact integers would differ.
 * @param {Random} random @param {number} height @param {number} width
 */
export function longEdges(random, height, width) {
  const point = () => [random.int(-10, width + 10), random.int(-10, height + 10)]
  const even = () => point().map(value => value - (value % 2))
  const tenths = () => point().map(value => value + random.int(0, 9) / 10)
  const make = random.pick([point, even, tenths])
  return [random.times(random.int(3, 5), make).flat()]
}

/** A mask of polygons in an image of its own. @param {Random} random @returns {Polygons} */
export function drawPolygons(random) {
  if (random.chance(0.05)) return drawLongEdges(random)
  const most = Number(random.weighted({ 1: 0.3, 6: 3, 16: 3, 40: 2 }))
  const [height, width] = [random.int(1, most), random.int(1, most)]
  return { height, width, parts: randomPolygons(random, height, width) }
}

/** @param {Random} random @returns {Polygons} */
export function drawLongEdges(random) {
  const [height, width] = [random.int(60, 300), random.int(60, 300)]
  return { height, width, parts: longEdges(random, height, width) }
}
