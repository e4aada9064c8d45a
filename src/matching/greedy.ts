import type { AreaRange } from '../data/config.js'
import type { Overlaps } from '../data/evaluation.js'
import { grown } from './buffers.js'
import type { MatchInput } from './match.js'
import type { ThresholdWord } from './thresholds.js'

/** The cell at work: its ground truths, its live detections and their pairs, and which of them match. */
export interface Greedy {
  /** Ground truths: position of the first in `cells.gtRows`, number, and their columns. */
  gtFrom: number
  gtCount: number
  areas: Float64Array
  crowds: Uint8Array
  /** The one with id 0, -1 for none. */
  zeroId: number
  /** 1 where ignored in the area range at work. */
  ignores: Uint8Array
  /** Thresholds at which it is used up. */
  taken: Uint32Array
  /** Live detections: their number, positions from the first of the range, and pairs, [live + 1]. */
  count: number
  dts: Int32Array
  pairOffsets: Uint32Array
  /** Pairs in order of preference: ground truth of the cell, and the thresholds that it reaches. */
  pairGts: Int32Array
  pairBits: Uint32Array
  /** Result, [live]: thresholds at which the detection takes a ground truth, an ignored one, the one with id 0. */
  won: Uint32Array
  wonIgnored: Uint32Array
  wonZeroId: Uint32Array
  /** Not 0 where the detection takes the ground truth with id 0 in the first area range. */
  lostToZeroId: Uint32Array
}

export const createGreedy = (): Greedy => ({
  gtFrom: 0,
  gtCount: 0,
  areas: new Float64Array(0),
  crowds: new Uint8Array(0),
  zeroId: -1,
  ignores: new Uint8Array(0),
  taken: new Uint32Array(0),
  count: 0,
  dts: new Int32Array(0),
  pairOffsets: new Uint32Array(0),
  pairGts: new Int32Array(0),
  pairBits: new Uint32Array(0),
  won: new Uint32Array(0),
  wonIgnored: new Uint32Array(0),
  wonZeroId: new Uint32Array(0),
  lostToZeroId: new Uint32Array(0),
})

/** Takes up the ground truths of `cell`. */
export function loadCell(
  greedy: Greedy,
  { cells, gtAreas, gtCrowds, gtIds }: MatchInput,
  cell: number,
): void {
  const from = cells.gtOffsets[cell]
  const count = cells.gtOffsets[cell + 1] - from
  greedy.gtFrom = from
  greedy.gtCount = count
  greedy.zeroId = -1
  if (greedy.areas.length < count) {
    greedy.areas = grown(greedy.areas, count)
    greedy.crowds = grown(greedy.crowds, count)
    greedy.ignores = grown(greedy.ignores, count)
    greedy.taken = grown(greedy.taken, count)
  }
  for (let gt = 0; gt < count; gt++) {
    const row = cells.gtRows[from + gt]
    greedy.areas[gt] = gtAreas[row]
    greedy.crowds[gt] = gtCrowds[row]
    if (gtIds[row] === 0) greedy.zeroId = gt
  }
}

/** Takes up the pairs of the live detections that reach a threshold of `word`. */
export function loadPairs(
  greedy: Greedy,
  { offsets, gts, similarities }: Overlaps,
  word: ThresholdWord,
): void {
  const { ascending, reached } = word
  const { count, dts, gtFrom } = greedy
  const last = dts[count - 1]
  const most = offsets[last + 1] - offsets[dts[0]]
  if (greedy.pairGts.length < most) {
    greedy.pairGts = grown(greedy.pairGts, most)
    greedy.pairBits = grown(greedy.pairBits, most)
  }
  // By itself: one entry longer, it is full before the others are.
  greedy.pairOffsets = grown(greedy.pairOffsets, count + 1)
  if (greedy.won.length < count) {
    greedy.won = grown(greedy.won, count)
    greedy.wonIgnored = grown(greedy.wonIgnored, count)
    greedy.wonZeroId = grown(greedy.wonZeroId, count)
    greedy.lostToZeroId = grown(greedy.lostToZeroId, count)
  }
  let pairs = 0
  for (let i = 0; i < count; i++) {
    const end = offsets[dts[i] + 1]
    for (let pair = offsets[dts[i]]; pair < end; pair++) {
      const similarity = similarities[pair]
      let reaches = 0
      while (reaches < ascending.length && ascending[reaches] <= similarity) reaches++
      if (reaches === 0) break // the rest of its pairs are no more similar
      greedy.pairGts[pairs] = gts[pair] - gtFrom
      greedy.pairBits[pairs++] = reached[reaches]
    }
    greedy.pairOffsets[i + 1] = pairs
  }
}

/** Marks the ground truths that area range `range` ignores, crowds among them; returns their number. */
export function markIgnored(greedy: Greedy, { lo, hi }: AreaRange): number {
  const { areas, crowds, ignores } = greedy
  let count = 0
  for (let gt = 0; gt < greedy.gtCount; gt++) {
    const ignored = crowds[gt] === 1 || areas[gt] < lo || areas[gt] > hi ? 1 : 0
    ignores[gt] = ignored
    count += ignored
  }
  return count
}

/**
 * Matches the live detections, first come first served, at all thresholds of the word at once.
 *
 * At one threshold the reference gives a detection the free regular ground truth of highest similarity at or above
 * it, else such an ignored one; equal similarities go to the later ground truth. A detection's pairs stand in just
 * this order, so each pair wins those thresholds that it reaches, that its ground truth still has to give, and that
 * no earlier pair of the detection won. A crowd is never used up.
 */
export function matchGreedily(greedy: Greedy): void {
  const { ignores, crowds, taken, pairOffsets, pairGts, pairBits, zeroId } = greedy
  taken.fill(0, 0, greedy.gtCount)
  for (let i = 0; i < greedy.count; i++) {
    const end = pairOffsets[i + 1]
    let won = 0
    let wonIgnored = 0
    let wonZeroId = 0
    for (let turn = 0; turn < 2; turn++) {
      for (let pair = pairOffsets[i]; pair < end; pair++) {
        const gt = pairGts[pair]
        if (ignores[gt] !== turn) continue // regular ground truths have the first turn
        const open = pairBits[pair] & ~won
        const here = crowds[gt] === 1 ? open : open & ~taken[gt]
        taken[gt] |= here
        won |= here
        if (turn === 1) wonIgnored |= here
        if (gt === zeroId) wonZeroId |= here
      }
    }
    greedy.won[i] = won
    greedy.wonIgnored[i] = wonIgnored
    greedy.wonZeroId[i] = wonZeroId
  }
}
