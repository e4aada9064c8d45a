import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import type { SceneKernel } from './scene-kernel.js'
import { type LivePairs, moveUp, tieOrder } from './scene-pairs.js'
import { reorderInKernel } from './tie-kernel.js'

/**
 * The live pairs `known` of one order of detections in another, which differs from it in `stretches` alone (from and
 * to, positions in `dtRows`, ascending): they list the same detections in the order of `dtRows`. Equal similarities as
 * protocol `corrected` has them. Kernel null leaves all to its twin.
 */
export function* reorderSteps(
  scene: Scene,
  known: LivePairs,
  dtRows: Int32Array,
  stretches: Int32Array,
  kernel: SceneKernel | null,
): Steps<LivePairs> {
  const inKernel = kernel && (yield* reorderInKernel(kernel, scene, known, dtRows, stretches))
  if (inKernel) return inKernel
  const { count, rows, offsets, gts, similarities } = known
  const found = {
    count,
    rows: rows.slice(),
    offsets: offsets.slice(),
    gts: gts.slice(),
    similarities: similarities.slice(),
  }
  yield
  moveDetections(known, dtRows, stretches, scene.dt.count, found)
  yield
  const order = tieOrder(scene, 'corrected')
  for (let i = 0; i < count; i++) {
    const first = found.offsets[i]
    const end = found.offsets[i + 1]
    for (let pair = first + 1; pair < end; pair++) {
      if (found.similarities[pair] === found.similarities[pair - 1]) moveUp(found, first, pair, order)
    }
  }
  return found
}

/** Puts the detections of each stretch, with their pairs, in the order of `dtRows`. */
function moveDetections(
  known: LivePairs,
  dtRows: Int32Array,
  stretches: Int32Array,
  dtCount: number,
  found: LivePairs,
): void {
  // Of the detections in stretches: -1 without pairs, else its place among the live ones, from 1.
  const places = new Int32Array(dtCount)
  let live = 0
  let position = 0
  for (let stretch = 0; stretch < stretches.length; stretch += 2) {
    const from = stretches[stretch]
    const to = stretches[stretch + 1]
    for (; position < from; position++) if (known.rows[live] === dtRows[position]) live++
    for (; position < to; position++) places[dtRows[position]] = -1
    const first = live
    while (live < known.count && places[known.rows[live]] === -1) places[known.rows[live]] = ++live
    if (live - first > 1) move(known, dtRows.subarray(from, to), places, first, found)
  }
}

function move(
  { offsets, gts, similarities }: LivePairs,
  dtRows: Int32Array,
  places: Int32Array,
  first: number,
  found: LivePairs,
): void {
  let live = first
  let end = offsets[first]
  for (let i = 0; i < dtRows.length; i++) {
    const place = places[dtRows[i]] - 1
    if (place < 0) continue
    for (let pair = offsets[place]; pair < offsets[place + 1]; pair++) {
      found.gts[end] = gts[pair]
      found.similarities[end++] = similarities[pair]
    }
    found.rows[live++] = dtRows[i]
    found.offsets[live] = end
  }
}
