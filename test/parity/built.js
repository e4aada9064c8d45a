// @ts-check
/** The library as `npm run build` leaves it, since Node 20 does not load TypeScript. Types come from the source. */

/** @param {string} path */
export const load = path => import(new URL(`../../dist/${path}`, import.meta.url).href)

/** @type {typeof import('../../src/index.js')} */
export const { cocoStats, evaluate, iouMatrix } = await load('index.js')
/** @type {typeof import('../../src/backends/cpu.js')} */
export const { createCpuBackend } = await load('backends/cpu.js')
/** @type {typeof import('../../src/geometry/polygons.js')} */
export const { rasterizeParts } = await load('geometry/polygons.js')
/** @type {typeof import('../../src/geometry/rle.js')} */
export const { decodeCounts, encodeCounts, encodeSpans } = await load('geometry/rle.js')
/** @type {typeof import('../../src/node.js')} */
export const { evaluateFiles } = await load('node.js')
