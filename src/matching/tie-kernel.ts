import type { Cells } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import { sharedCopy } from '../data/shared.js'
import type { Steps } from '../data/steps.js'
import { blockSteps, type SceneKernel } from './scene-kernel.js'
import type { LivePairs } from './scene-pairs.js'

/** Of a detection what decides between equal scores: its best similarity, x, y, width, height. */
export const TIE_KEYS = 5

/** Writes the keys of the detections of `ties` (from and to, positions in matching order), one behind the other. */
type WriteKeys = (ties: Int32Array, keys: Float64Array) => void

/**
 * `dtRows` with those of equal `scores` in the order of their keys, and the stretches in which some have moved: from
 * and to. Null for no room.
 */
export const sortTies = (
  kernel: SceneKernel,
  { count, dtOffsets, dtRows }: Cells,
  scores: Float64Array,
  writeKeys: WriteKeys,
): Steps<{ dtRows: Int32Array; stretches: Int32Array } | null> =>
  kernel.run(scores.length, function* ({ put, take, arena, exports }) {
    const [offsets, values, found] = [put(dtOffsets), put(scores), take(4 * scores.length)]
    let tieCount = 0
    yield* blockSteps(count, (from, to) => {
      tieCount = exports.findTies(from, to, offsets, values, tieCount, found)
    })
    const ties = arena.i32(found, 2 * tieCount).slice()
    const { tied, longest } = measure(ties)
    const [rows, keys] = [put(dtRows), take(8 * TIE_KEYS * tied)]
    const scratch = take(3 * 4 * longest)
    writeKeys(ties, arena.f64(keys, TIE_KEYS * tied))
    yield
    exports.openTies()
    let moved = 0
    yield* blockSteps(tieCount, (from, to) => {
      // Stretches come over the ties that they were.
      moved = exports.sortTies(from, to, found, keys, rows, scratch, longest, found)
    })
    return {
      dtRows: sharedCopy(arena.i32(rows, dtRows.length)),
      stretches: arena.i32(found, 2 * moved).slice(),
    }
  })

function measure(ties: Int32Array): { tied: number; longest: number } {
  let [tied, longest] = [0, 0]
  for (let tie = 0; tie < ties.length; tie += 2) {
    const length = ties[tie + 1] - ties[tie]
    tied += length
    if (length > longest) longest = length
  }
  return { tied, longest }
}

/** `reorderSteps` by protocol `corrected`. Null for no room. */
export const reorderInKernel = (
  kernel: SceneKernel,
  { gt, dt }: Scene,
  known: LivePairs,
  dtRows: Int32Array,
  stretches: Int32Array,
): Steps<LivePairs | null> =>
  kernel.run(dt.count + known.gts.length, function* ({ put, arena, exports }) {
    const columns = [known.rows, known.offsets, known.gts, known.similarities]
    const [from, to] = [columns.map(put), columns.map(put)]
    const [stretchesAt, rows, boxes] = [put(stretches), put(dtRows), put(gt.boxes)]
    const places = arena.zeros(4 * dt.count)
    yield
    exports.openReorder()
    const all = [stretchesAt, rows, places, known.count, ...from, ...to]
    yield* blockSteps(stretches.length / 2, (first, end) => exports.reorder(first, end, ...all))
    const [rowsAt, offsets, gts, similarities] = to
    yield* blockSteps(known.count, (first, end) =>
      exports.orderEqual(first, end, offsets, gts, similarities, boxes),
    )
    return {
      count: known.count,
      rows: sharedCopy(arena.i32(rowsAt, known.rows.length)),
      offsets: sharedCopy(arena.u32(offsets, known.offsets.length)),
      gts: sharedCopy(arena.i32(gts, known.gts.length)),
      similarities: sharedCopy(arena.f64(similarities, known.similarities.length)),
    }
  })
