import type { FoundBy, Reason, SizeRange } from '../data/analysis.js'
import { FOUND_BY, foundBy } from './flips.js'
import { instanceTable } from './instances.js'
import type { ModelName, ModelPair, ModelView } from './models.js'
import { matchesIn } from './outcomes.js'

/** A ground truth as one of two models sees it. */
export interface FlipSide {
  found: boolean
  /**
   * Row of the detection that found it, else of the most similar one of any class and at any score; -1 where nothing
   * overlaps it, and then the score is null.
   */
  dt: number
  score: number | null
  /** Similarity with that detection, 0 for none. */
  iou: number
  reason: Reason
}

/** A ground truth as both models see it. */
export interface FlipRow extends Record<ModelName, FlipSide> {
  /** Row of the ground truth. */
  gt: number
  foundBy: FoundBy
  /** px, as the protocol measures it. */
  area: number
  /** The first size range after the whole that it belongs to; null for none. */
  size: string | null
}

/** Describes regular ground truths of the size range `size`; the matches are found once. */
export function flipDescriber(pair: ModelPair, size = 0): (gt: number) => FlipRow {
  const found = foundBy(pair, size)
  const [A, B] = [sideOf(pair.A, size), sideOf(pair.B, size)]
  return gt => {
    const by = FOUND_BY[found[gt]]
    const own = A(gt, by === 'A' || by === 'both')
    return {
      gt,
      foundBy: by,
      area: own.area,
      size: own.size,
      A: own.side,
      B: B(gt, by === 'B' || by === 'both').side,
    }
  }
}

interface Seen {
  side: FlipSide
  area: number
  size: SizeRange['name'] | null
}

function sideOf({ scene, index, view }: ModelView, size: number): (gt: number, found: boolean) => Seen {
  const { matches } = matchesIn(scene, index, view, size)
  const none = new Int32Array(0)
  return (gt, found) => {
    const selection = { dts: none, gts: Int32Array.of(gt) }
    const row = instanceTable(scene, index, view, matches, selection, view.sizes[size]).row(0)
    const dt = found ? row.partner : row.best
    const side: FlipSide = {
      found,
      dt,
      score: dt < 0 ? null : scene.dt.scores[dt],
      iou: (found ? row.iou : row.bestIou) ?? 0,
      reason: row.reason,
    }
    return { side, area: row.area, size: row.size }
  }
}
