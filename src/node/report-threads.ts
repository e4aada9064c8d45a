import type { Comparison } from '../compare.js'
import type { Scene } from '../data/scene.js'
import type { Pool, TaskContext, TaskResult } from '../pool.js'
import type { MaskPacker } from '../report/gallery.js'
import type { MaskSource } from '../report/image-masks.js'
import type { PackedScene } from '../report/page-data.js'
import type { FileDigest } from './files.js'
import type { CompareContext, NodeTasks } from './tasks.js'

/** Parts of a report as tasks for threads other than the one at hand, which goes on meanwhile. */
export class ReportThreads {
  readonly pool: Pool<NodeTasks>

  constructor(pool: Pool<NodeTasks>) {
    this.pool = pool
  }

  /** Has what a report needs loaded while the other threads have nothing else to do. */
  prepare(withPage: boolean): Promise<void> {
    return this.#once('prepare', { withPage })
  }

  compare(context: CompareContext): Promise<Comparison> {
    return this.#once('compare', context)
  }

  pack(scene: Scene): Promise<PackedScene> {
    return this.#once('pack', scene)
  }

  /** Masks of images, which this thread packs, too, when it waits. */
  packMasks(source: MaskSource): MaskPacker {
    const session = this.pool.session('packMasks', source)
    return { pack: images => session.run(images), close: () => session.close() }
  }

  digest(path: string): Promise<FileDigest> {
    return this.#once('digest', path)
  }

  close(): Promise<void> {
    return this.pool.close()
  }

  async #once<N extends 'prepare' | 'compare' | 'pack' | 'digest'>(
    task: N,
    context: TaskContext<NodeTasks[N]>,
  ): Promise<TaskResult<NodeTasks[N]>> {
    const session = this.pool.session(task, context, { elsewhere: true })
    try {
      return await session.run(null as never)
    } finally {
      session.close()
    }
  }
}
