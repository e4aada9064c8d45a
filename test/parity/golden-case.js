// @ts-check
/**
 * A golden case is a folder: gt.json and dt.json as a user would have them, config.json with what the case
 * shows and the run's options, expected.json with what the reference tool computed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

/**
 * @typedef {import('./options.js').Options} Options
 * @typedef {import('./compare.js').Arrays} Arrays
 * @typedef {Record<string, string>} Tool name, versions and platform of the reference
 * @typedef {{ title: string, options: Options }} CaseConfig
 */

const ARRAYS = /** @type {const} */ (['precision', 'recall', 'scores'])

/** The files of a case. @param {string} folder @returns {{ gt: Uint8Array, dt: Uint8Array } & CaseConfig} */
export function readCase(folder) {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
  return { ...config, gt: readFileSync(join(folder, 'gt.json')), dt: readFileSync(join(folder, 'dt.json')) }
}

/** What the reference computed: float64 arrays, as base64 of brotli of little-endian bytes. @param {string} file @returns {Arrays & { tool: Tool }} */
export function readExpected(file) {
  const { tool, shape, stats, ...packed } = JSON.parse(readFileSync(file, 'utf8'))
  const [precision, recall, scores] = ARRAYS.map(name => unpack(packed[name]))
  return { tool, shape, stats, precision, recall, scores }
}

/** @param {string} folder @param {{ gtText: string, dtText: string } & CaseConfig} inputs @param {Arrays} expected @param {Tool} tool */
export function writeCase(folder, { gtText, dtText, title, options }, expected, tool) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'gt.json'), gtText)
  writeFileSync(join(folder, 'dt.json'), dtText)
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify({ title, options }, null, 2)}\n`)
  writeExpected(join(folder, 'expected.json'), expected, tool)
}

/** @param {string} file @param {Arrays} expected @param {Tool} tool */
export function writeExpected(file, expected, tool) {
  const packed = Object.fromEntries(ARRAYS.map(name => [name, pack(expected[name])]))
  const { shape, stats } = expected
  writeFileSync(
    file,
    `${JSON.stringify({ tool, shape, stats: [...Array.from(stats)], ...packed }, null, 2)}\n`,
  )
}

/** Brotli with a window over the whole array: a tenth of what gzip needs. @param {Float64Array} values */
function pack(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return brotliCompressSync(bytes, { params }).toString('base64')
}

/** @param {string} text */
const unpack = text =>
  new Float64Array(new Uint8Array(brotliDecompressSync(Buffer.from(text, 'base64'))).buffer)
