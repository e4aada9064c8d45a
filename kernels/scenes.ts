// AssemblyScript: what puts a scene in order for matching: the order of scores, the ranking, the pairs within cells,
// the best partners, the order of equal scores. Twin of src/matching/{order,scene-ranking,scene-pairs,scene-index,
// live-order}.ts, where the rules stand. And matching itself, at one threshold.
//
// Arguments are addresses of columns of 32 bits (scores, similarities, boxes: float64) and their lengths.
export {
  countRegular,
  cut,
  findBeyond,
  findReaching,
  forget,
  judgeDts,
  judgeGts,
  openRange,
  rankOutcomes,
  takeInTurn,
} from './scenes/matches'
export {
  closePass,
  distribute,
  gather,
  openOrder,
  openPass,
  orderAt,
  readWords,
  scratchBytes,
  settle,
} from './scenes/order'
export { collect, findBest, keepOwn, ownDts, ownPairs, pickPairs, usePairs } from './scenes/pairs'
export { findTies, groupByCategory, rankInCells, rankRows } from './scenes/ranking'
export { openReorder, openTies, orderEqual, reorder, sortTies } from './scenes/ties'

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base
