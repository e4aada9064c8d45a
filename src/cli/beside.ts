import type { Analysis } from '../analyse.js'
import type { Comparison } from '../compare.js'
import type { Protocol } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { share } from '../data/shared.js'
import {
  columnsOf,
  type IndexColumns,
  indexFrom,
  indexScene,
  type SceneIndex,
} from '../matching/scene-index.js'
import type { ReportThreads } from '../node/report-threads.js'
import type { GalleryOptions } from '../report/gallery.js'
import type { PackedScene } from '../report/page-data.js'

/** Parts of one report that another thread computes while this one does the rest. */
export interface Beside {
  indices: Record<Protocol, SceneIndex>
  /** Null until it has come. */
  comparison: () => Comparison | null
  /** Null where no page is written. */
  packed: Promise<PackedScene> | null
  packMasks: GalleryOptions['packMasks']
  /** Does here what all outputs need besides the comparison of the protocols, and waits for that. */
  settle(analysis: Analysis): Promise<void>
}

export function workBeside(threads: ReportThreads, scene: Scene, withPage: boolean): Beside {
  // Sent before the indices are made, which takes as long.
  const packed = withPage ? threads.pack(scene) : null
  const index = (protocol: Protocol): IndexColumns =>
    share(columnsOf(indexScene(scene, protocol, scene.config.classAgnostic)))
  // Both here: the other thread has the longer work to do.
  const indices = { coco: index('coco'), corrected: index('corrected') }
  let arrived: Comparison | null = null
  const coming = threads.compare({ scene, indices }).then(comparison => {
    arrived = comparison
  })
  // Told where they are waited for.
  for (const promise of [packed, coming]) promise?.catch(() => {})
  return {
    indices: { coco: indexFrom(indices.coco), corrected: indexFrom(indices.corrected) },
    comparison: () => arrived,
    packed,
    packMasks: source => threads.packMasks(source),
    async settle({ findings, view, thresholds }) {
      void [findings[view.protocol], thresholds]
      await coming
    },
  }
}
