/** A scene as named columns and a small head, and back; what follows from other columns is left out. */

import type { Config } from '../data/config.js'
import type { Scene, SceneInstances, ScenePairs } from '../data/scene.js'
import { boxIou } from '../geometry/boxes.js'
import type { Column } from './column-codec.js'
import type { ColumnKernel } from './column-kernel.js'

/** What of a scene is not a column. */
export interface SceneHead {
  config: Config
  fileNames: string[]
  categoryNames: string[]
  /**
   * Where the entries of a column come from when it is left out: `boxes` width times height or the overlap of the
   * boxes, `areas` the column `areas`, `shared` the column of shared pixels.
   */
  derived: Record<string, 'boxes' | 'areas' | 'shared'>
}

/** Boxes, [row, 4], whose sides become columns: their name with `.0` to `.3` behind it. */
export interface Boxes {
  boxes: Float64Array
}

export type Columns = Record<string, Column | Boxes>

/** `kernel` compares faster, where there is one. */
export function encodeScene(
  scene: Scene,
  kernel: ColumnKernel | null = null,
): { head: SceneHead; columns: Columns } {
  const { config, images, categories, gt, dt, pairs } = scene
  const head: SceneHead = {
    config,
    fileNames: images.fileNames,
    categoryNames: categories.names,
    derived: {},
  }
  const columns: Columns = {
    'images.ids': images.ids,
    'images.heights': images.heights,
    'images.widths': images.widths,
    'images.evaluated': scene.evaluatedImages,
    'categories.ids': categories.ids,
    'categories.evaluated': scene.evaluatedCategories,
    ...instanceColumns('gt', gt, head, kernel),
    'gt.ids': gt.ids,
    'gt.crowds': gt.crowds,
    'gt.ignores': gt.ignores,
    ...instanceColumns('dt', dt, head, kernel),
    'dt.scores': dt.scores,
    'dt.records': dt.records,
    'pairs.offsets': pairs.offsets,
    'pairs.gts': withinImages(scene, -1),
  }
  if (scene.config.iouType === 'bbox' || areBoxOverlaps(scene)) {
    head.derived['pairs.similarities'] = 'boxes'
    return { head, columns }
  }
  const shared = sharedPixels(scene)
  if (shared) {
    head.derived['pairs.similarities'] = 'shared'
    columns['pairs.shared'] = shared
  } else columns['pairs.similarities'] = pairs.similarities
  return { head, columns }
}

/**
 * Asks for each column once, in any order; a column that was left out is not asked for. `pause` is awaited before what
 * takes long besides.
 */
export async function decodeScene(
  head: SceneHead,
  read: (name: string) => Promise<Column>,
  pause: () => Promise<void> = async () => {},
): Promise<Scene> {
  const f64 = async (name: string) => (await read(name)) as Float64Array
  const i32 = async (name: string) => (await read(name)) as Int32Array
  const u32 = async (name: string) => (await read(name)) as Uint32Array
  const u8 = async (name: string) => (await read(name)) as Uint8Array
  const ids = await f64('images.ids')
  const categoryIds = await f64('categories.ids')
  const scene: Scene = {
    config: head.config,
    images: {
      count: ids.length,
      ids,
      heights: await u32('images.heights'),
      widths: await u32('images.widths'),
      fileNames: head.fileNames,
    },
    evaluatedImages: await i32('images.evaluated'),
    categories: { count: categoryIds.length, ids: categoryIds, names: head.categoryNames },
    evaluatedCategories: await i32('categories.evaluated'),
    gt: {
      ...(await decodeInstances('gt', head, read)),
      ids: await f64('gt.ids'),
      crowds: await u8('gt.crowds'),
      ignores: await u8('gt.ignores'),
    },
    dt: {
      ...(await decodeInstances('dt', head, read)),
      scores: await f64('dt.scores'),
      records: await u32('dt.records'),
    },
    pairs: {
      offsets: await u32('pairs.offsets'),
      gts: await i32('pairs.gts'),
      similarities: new Float64Array(0),
    },
  }
  await pause()
  scene.pairs.gts = withinImages(scene, 1)
  await pause()
  const derived = head.derived['pairs.similarities']
  scene.pairs.similarities =
    derived === 'boxes'
      ? boxOverlaps(scene, scene.pairs)
      : derived === 'shared'
        ? overlapsOf(scene, scene.pairs, await u32('pairs.shared'))
        : await f64('pairs.similarities')
  return scene
}

function instanceColumns(
  side: 'gt' | 'dt',
  { images, categories, boxes, areas, ownAreas }: SceneInstances,
  head: SceneHead,
  kernel: ColumnKernel | null,
): Columns {
  const columns: Columns = {
    [`${side}.images`]: images,
    [`${side}.categories`]: categories,
    [`${side}.boxes`]: { boxes },
  }
  const isProduct = (column: Float64Array): boolean =>
    kernel ? kernel.areProducts(column, boxes) : areProducts(column, boxes)
  const areasFollow = isProduct(areas)
  if (areasFollow) head.derived[`${side}.areas`] = 'boxes'
  else columns[`${side}.areas`] = areas
  if (ownAreas === areas ? areasFollow : isProduct(ownAreas)) head.derived[`${side}.ownAreas`] = 'boxes'
  else if (sameAs(ownAreas, areas)) head.derived[`${side}.ownAreas`] = 'areas'
  else columns[`${side}.ownAreas`] = ownAreas
  return columns
}

async function decodeInstances(
  side: 'gt' | 'dt',
  head: SceneHead,
  read: (name: string) => Promise<Column>,
): Promise<SceneInstances> {
  const images = (await read(`${side}.images`)) as Int32Array
  const boxes = new Float64Array(4 * images.length)
  for (let i = 0; i < 4; i++) {
    const values = await read(`${side}.boxes.${i}`)
    for (let row = 0; row < values.length; row++) boxes[4 * row + i] = values[row]
  }
  const column = async (name: string, areas?: Float64Array): Promise<Float64Array> => {
    const derived = head.derived[`${side}.${name}`]
    if (derived === 'boxes') return boxAreas(boxes)
    return derived === 'areas' && areas ? areas : ((await read(`${side}.${name}`)) as Float64Array)
  }
  const areas = await column('areas')
  return {
    count: images.length,
    images,
    categories: (await read(`${side}.categories`)) as Int32Array,
    areas,
    ownAreas: await column('ownAreas', areas),
    boxes,
  }
}

/** Whether areas are width times height of the boxes, to the bit but for the bits of NaN. The twin of the kernel's. */
export function areProducts(areas: Float64Array, boxes: Float64Array): boolean {
  for (let row = 0; row < areas.length; row++)
    if (!isSame(areas[row], boxes[4 * row + 2] * boxes[4 * row + 3])) return false
  return true
}

function boxAreas(boxes: Float64Array): Float64Array {
  const areas = new Float64Array(boxes.length / 4)
  for (let row = 0; row < areas.length; row++) areas[row] = boxes[4 * row + 2] * boxes[4 * row + 3]
  return areas
}

/** Rows of ground truths counted from the first of their image (direction -1), or back from that (1). */
function withinImages({ images, gt, dt, pairs }: Scene, direction: 1 | -1): Int32Array {
  const first = new Int32Array(images.count).fill(-1)
  for (let row = gt.count - 1; row >= 0; row--) first[gt.images[row]] = row
  const gts = new Int32Array(pairs.gts.length)
  for (let row = 0, end = 0; row < dt.count; row = end) {
    const image = dt.images[row]
    for (end = row + 1; end < dt.count && dt.images[end] === image; ) end++
    const shift = direction * first[image]
    const lastPair = pairs.offsets[end]
    for (let pair = pairs.offsets[row]; pair < lastPair; pair++) gts[pair] = pairs.gts[pair] + shift
  }
  return gts
}

function boxOverlaps({ gt, dt }: Scene, { offsets, gts }: ScenePairs): Float64Array {
  const overlaps = new Float64Array(gts.length)
  for (let row = 0; row < dt.count; row++) {
    for (let pair = offsets[row]; pair < offsets[row + 1]; pair++)
      overlaps[pair] = boxIou(dt.boxes, row, gt.boxes, gts[pair], gt.crowds[gts[pair]] === 1)
  }
  return overlaps
}

/** Whether similarities are the overlaps of the boxes. */
function areBoxOverlaps({ gt, dt, pairs: { offsets, gts, similarities } }: Scene): boolean {
  for (let row = 0; row < dt.count; row++) {
    for (let pair = offsets[row]; pair < offsets[row + 1]; pair++) {
      const overlap = boxIou(dt.boxes, row, gt.boxes, gts[pair], gt.crowds[gts[pair]] === 1)
      if (!isSame(similarities[pair], overlap)) return false
    }
  }
  return true
}

/** Pixels that each pair shares, as its similarity says; null where they do not give all similarities back. */
function sharedPixels({ gt, dt, pairs: { offsets, gts, similarities } }: Scene): Uint32Array | null {
  const shared = new Uint32Array(gts.length)
  for (let row = 0; row < dt.count; row++) {
    const area = dt.ownAreas[row]
    for (let pair = offsets[row]; pair < offsets[row + 1]; pair++) {
      const similarity = similarities[pair]
      const isCrowd = gt.crowds[gts[pair]] === 1
      const both = isCrowd ? area : area + gt.ownAreas[gts[pair]]
      shared[pair] = Math.round(isCrowd ? similarity * area : (similarity * both) / (1 + similarity))
      if (!isSame(similarity, shared[pair] / (isCrowd ? area : both - shared[pair]))) return null
    }
  }
  return shared
}

/** The division by which masks were compared, so that the bits are the same. */
function overlapsOf({ gt, dt }: Scene, { offsets, gts }: ScenePairs, shared: Uint32Array): Float64Array {
  const overlaps = new Float64Array(gts.length)
  for (let row = 0; row < dt.count; row++) {
    for (let pair = offsets[row]; pair < offsets[row + 1]; pair++) {
      const area = dt.ownAreas[row]
      const union = gt.crowds[gts[pair]] === 1 ? area : area + gt.ownAreas[gts[pair]] - shared[pair]
      overlaps[pair] = shared[pair] / union
    }
  }
  return overlaps
}

/** To the bit, but for the bits of NaN. */
const isSame = (one: number, other: number): boolean => (one === other && one !== 0) || Object.is(one, other)

function sameAs(column: Float64Array, other: Float64Array): boolean {
  if (column === other) return true
  for (let i = 0; i < column.length; i++) if (!isSame(column[i], other[i])) return false
  return column.length === other.length
}
