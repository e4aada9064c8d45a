import type { CategoriesContext, CategoriesItem, CategoriesResult } from './categories/evaluate.js'
import type { CocoArrays, Overlaps } from './data/evaluation.js'
import { categoryOffsets } from './matching/cells.js'
import { joinOverlaps } from './matching/overlaps.js'
import { tooManyPairs } from './matching/pairs.js'
import type { CocoInput } from './metrics/coco.js'
import { joinCategories } from './metrics/coco-arrays.js'
import type { Pool, Session, Tasks } from './pool.js'
import { tasks } from './tasks.js'

/** Below this many detections a thread is not worth its messages. */
const PARALLEL_DETECTIONS = 20_000
/** Pieces a thread, so that a large category does not keep the others waiting. */
const ITEMS_PER_THREAD = 3

export interface MatchOptions {
  pool?: Pool
  /** Leaves the thread at hand out, which has other work. */
  elsewhere?: boolean
  onProgress: (done: number, total: number) => void
}

export interface Matched {
  arrays: CocoArrays
  overlaps: Overlaps
}

export const worthThreads = ({ cells }: CocoInput, pool: Pool): boolean =>
  pool.size > 1 && cells.dtRows.length >= PARALLEL_DETECTIONS

/**
 * Matches and accumulates all categories, on the threads of a pool where that pays. `overlaps` null stands for
 * those of boxes, which are found on the way.
 */
export async function matchCategories(
  context: CategoriesContext,
  categoryCount: number,
  { pool, elsewhere = false, onProgress }: MatchOptions,
): Promise<Matched> {
  const parallel = pool !== undefined && worthThreads(context.input, pool)
  const threads = parallel ? pool.size - Number(elsewhere) : 1
  const items = cutCategories(context.input, categoryCount, threads > 1 ? ITEMS_PER_THREAD * threads : 1)
  const session: Session<Tasks['categories']> = parallel
    ? pool.session('categories', context, { elsewhere })
    : { run: item => tasks.categories(context, item), close: () => {} }
  try {
    let done = 0
    const results = await Promise.all(
      items.map(async item => {
        const result = await session.run(item)
        onProgress(++done, items.length)
        return result
      }),
    )
    const pairs = results.reduce((sum, { overlaps }) => sum + (overlaps?.gts.length ?? 0), 0)
    const { mostPairs = Number.POSITIVE_INFINITY } = context
    if (pairs > mostPairs) throw tooManyPairs(mostPairs)
    return joinResults(results, context.overlaps)
  } finally {
    session.close()
  }
}

function joinResults(results: CategoriesResult[], overlaps: Overlaps | null): Matched {
  const arrays = joinCategories(results.map(result => result.part.arrays))
  return { arrays, overlaps: overlaps ?? joinOverlaps(results.map(result => result.overlaps as Overlaps)) }
}

/** Neighbouring categories in up to `pieces` items of about as many detections. */
function cutCategories({ cells }: CocoInput, categoryCount: number, pieces: number): CategoriesItem[] {
  const offsets = categoryOffsets(cells, categoryCount)
  const target = cells.dtRows.length / pieces
  const items: CategoriesItem[] = []
  let kFrom = 0
  for (let k = 1; k <= categoryCount; k++) {
    const detections = cells.dtOffsets[offsets[k]] - cells.dtOffsets[offsets[kFrom]]
    if (k < categoryCount && detections < target) continue
    items.push({ kFrom, kTo: k, cells: { from: offsets[kFrom], to: offsets[k] } })
    kFrom = k
  }
  // Without categories there are still arrays, with an empty axis.
  return items.length > 0 ? items : [{ kFrom: 0, kTo: 0, cells: { from: 0, to: 0 } }]
}
