import type { Comparison } from '../compare.js'
import type { Protocol } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { IndexColumns } from '../matching/scene-index.js'
import type { MaskRows, MaskSource } from '../report/image-masks.js'
import type { PackedScene } from '../report/page-data.js'
import type { AsciiText } from '../report/payload.js'
import { tasks } from '../tasks.js'
import type { FileDigest } from './files.js'
import { fileRanges } from './ranges.js'

// What only some runs ask for is loaded when it is asked for, or when there is nothing else to do.

const comparing = () => Promise.all([import('../compare.js'), import('../matching/scene-index.js')])
const packing = () => Promise.all([import('../report/page-data.js'), import('./pack-column.js')])

/** Loads the modules of the other tasks. */
async function prepare({ withPage }: { withPage: boolean }): Promise<void> {
  await comparing()
  if (withPage) await packing()
}

export interface CompareContext {
  scene: Scene
  indices: Record<Protocol, IndexColumns>
}

/** Sets both protocols side by side. */
async function compare({ scene, indices }: CompareContext): Promise<Comparison> {
  const [{ compareProtocols }, { indexFrom }] = await comparing()
  return compareProtocols(scene, { coco: indexFrom(indices.coco), corrected: indexFrom(indices.corrected) })
}

/** Packs a scene for the page. */
async function pack(scene: Scene): Promise<PackedScene> {
  const [{ packScene }, { packColumn }] = await packing()
  return packScene(scene, packColumn)
}

/** Packs the masks of some images for the page. */
async function packMasks(source: MaskSource, images: MaskRows[]): Promise<AsciiText[]> {
  const { packImages } = await import('./pack-masks.js')
  return packImages(source, images)
}

/** Hashes the file at a path as it is on the disk, without a pause: a thread has nothing else to do meanwhile. */
async function digest(path: string): Promise<FileDigest> {
  const { digestOf } = await import('./files.js')
  return digestOf(path, fileRanges(path).read(0, Number.POSITIVE_INFINITY))
}

/** What threads of Node do: the work of the core, and parts of a report. The latter have one item, null, but for masks. */
export const nodeTasks = { ...tasks, prepare, compare, pack, packMasks, digest }

export type NodeTasks = typeof nodeTasks
