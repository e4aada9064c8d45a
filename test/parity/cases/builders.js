// @ts-check
/** The parts that golden cases are built from. */

/**
 * @typedef {import('../scene.js').Entry} Entry
 * @typedef {import('../generate.js').Case} Case
 * @typedef {number[]} Box x, y, width, height in px
 */

/** @param {number} count @param {number} [height] @param {number} [width] @returns {Entry[]} */
export const images = (count, height = 1000, width = 1000) =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, height, width }))

/** @param {number} count */
export const categories = count =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` }))

/** A ground truth; its id comes from its place unless given. @param {Box} bbox @param {Entry} [more] @returns {Entry} */
export const truth = (bbox, more) => ({
  image_id: 1,
  category_id: 1,
  iscrowd: 0,
  area: bbox[2] * bbox[3],
  bbox,
  ...more,
})

/** A detection. @param {Box} bbox @param {number} score @param {Entry} [more] @returns {Entry} */
export const result = (bbox, score, more) => ({ image_id: 1, category_id: 1, bbox, score, ...more })

/**
 * @param {string} name @param {string} title @param {Entry[]} truths @param {Entry[]} dt
 * @param {{ images?: Entry[], categories?: Entry[], options?: Partial<import('../options.js').Options> }} [more]
 */
export function golden(name, title, truths, dt, more = {}) {
  const annotations = truths.map((entry, i) => ({ id: i + 1, ...entry }))
  const gt = { images: more.images ?? images(1), annotations, categories: more.categories ?? categories(1) }
  /** @type {Case & { name: string, title: string }} */
  const built = { name, title, gt, dt, options: { iouType: 'bbox', ...more.options } }
  return built
}

export const square = [0, 0, 50, 50]
export const far = [500, 500, 50, 50]
/** @param {number} count @param {(i: number) => Entry} make */
export const several = (count, make) => Array.from({ length: count }, (_, i) => make(i))
export const tenTruths = several(10, i => truth([60 * i, 0, 50, 50]))
export const sevenFound = several(7, i => result([60 * i, 0, 50, 50], 0.9 - 0.01 * i))
