// Data sets by their parameters, made when first asked for and kept in bench/data/.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { denseShape } from './generate/dense.js'
import { plainShape } from './generate/plain.js'
import { wideShape } from './generate/wide.js'
import { writeDataSet } from './generate/write.js'

/** To be raised when a generator gives other bytes for the same parameters. */
const VERSION = 1

const SHAPES = { plain: plainShape, wide: wideShape, dense: denseShape }

/**
 * @param parameters { shape, masks, seed, images, ... }: see the shapes
 * @returns { gt, bbox, segm, both }: paths of the files, the last two only with masks, and `bytes`, their sizes
 */
export function dataSet(root, parameters, say = () => {}) {
  const folder = join(root, nameOf(parameters))
  const stamp = join(folder, 'parameters.json')
  const wanted = JSON.stringify({ version: VERSION, ...parameters })
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    say(`making ${nameOf(parameters)}`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const { shape, masks, ...rest } = parameters
    writeDataSet(folder, SHAPES[shape](rest), { masks, spaced: shape === 'wide' })
    // Last, so that a run that was stopped here makes the data again.
    writeFileSync(stamp, wanted)
  }
  const files = { gt: join(folder, 'gt.json'), bbox: join(folder, 'dt_bbox.json') }
  if (parameters.masks) {
    files.segm = join(folder, 'dt_segm.json')
    files.both = join(folder, 'dt_both.json')
  }
  const bytes = Object.fromEntries(Object.entries(files).map(([key, path]) => [key, statSync(path).size]))
  return { ...files, bytes }
}

/** A folder's name that tells the data: plain-5000-images-80-classes-... */
function nameOf({ shape, masks, ...counts }) {
  const parts = Object.entries(counts).map(([key, value]) => `${key}${value}`)
  return [shape, masks ? 'masks' : 'boxes', ...parts].join('-')
}
