import type { SceneMatches, View } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { finish } from '../data/steps.js'
import { matchRanges } from '../matching/match-kernel.js'
import type { RankTallies, SceneIndex } from '../matching/scene-index.js'
import { matchKey, rememberMatches } from '../matching/scene-match.js'
import { rangeKey, rememberRanked } from './outcomes.js'

/**
 * Finds at once, where there is WebAssembly, what a look at every size range of a view begins with: their matches, the
 * outcomes by rank and the tallies, for `matchesOf`, `outcomesByRank` and `countAll` to find. Without it all
 * that is found as it is asked for.
 */
export function matchAhead(
  scene: Scene,
  index: SceneIndex,
  { sizes, iou }: Pick<View, 'sizes' | 'iou'>,
): void {
  const fromMs = performance.now()
  const keyOf = (range: AreaRange | null): string => matchKey(scene, index, iou, range)
  const wanted = index.protocol === 'coco' ? sizes : [null]
  const ranges = wanted.filter(range => !index.matches.has(keyOf(range)))
  const found = ranges.length > 0 ? finish(matchRanges(scene, index, iou, ranges)) : null
  found?.forEach(({ matches, byRank, tallies }, i) => {
    rememberMatches(index, keyOf(ranges[i]), matches)
    rememberRanked(matches, byRank)
    rememberTallies(index, matches, tallies)
  })
  index.matchingMs += performance.now() - fromMs
}

const rememberTallies = (index: SceneIndex, matches: SceneMatches, tallies: RankTallies): void => {
  index.tallies.set(matches, new Map([[rangeKey(null), tallies]]))
}
