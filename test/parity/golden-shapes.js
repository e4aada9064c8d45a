// @ts-check
/** Polygons whose raster is kept with what the reference makes of them. */
import { drawPolygons } from './polygons.js'
import { Random } from './random.js'

/** @typedef {import('./columns.js').Polygons} Polygons */

/** @param {number} height @param {number} width @param {number[]} part @returns {Polygons} */
const shape = (height, width, part) => ({ height, width, parts: [part] })

/** Long edges with points half-way between two rows or columns, where exact integers would go the other way. */
const TIES = [
  shape(194, 159, [22, 156, 114, 172, 112, 2, 72, 0]),
  shape(192, 90, [-1.4, 152, 94.2, -6.9, 2, 87.1]),
  shape(173, 149, [72, 58, 112, 124, 56, 136, 2, 182]),
  shape(232, 83, [70, 102, 20, 178, 82, 126, 64, 128, 70, 136]),
  shape(251, 62, [14, 110, -6, 250, 64, 14]),
  shape(69, 187, [36, 78, 124, 28, 92, 20, -2, 8, 160, -8]),
  shape(214, 186, [176, 173, 31, 10, 163, 100, 48, 218]),
  shape(145, 65, [16, 82, 24, 144, 32, 72, -4, 50, 66, 6]),
  shape(288, 228, [18, 264, 88, 16, 68, 0, 72, 124]),
  shape(62, 79, [31, 8, 32, 8, 7, 52, 34, 54, 44, 0]),
  shape(159, 62, [60, 24, 10, 120, -6, 22, 24, 126, 22, 162]),
  shape(91, 229, [78, 79, 192, 4, 115, 54, 163, 59]),
]

/** The ties, and a seeded sample of what the parity run draws. */
export function goldenShapes() {
  const random = new Random(7)
  return [...TIES, ...random.times(300, () => drawPolygons(random))]
}
