import type { Config } from '../data/config.js'
import { packThresholds } from '../matching/thresholds.js'
import { averagesOf, capOf, classesOf, measure, rankedIn, type Way } from './ap-readings.js'
import { type Reading, recallGrid } from './readings.js'
import { NO_MATCH, SweepKernel } from './sweep-kernel.js'

/** Averages in the order of `metricNames`; null where no ground truth decides them. */
type Averages = (number | null)[]

/**
 * Matches a scene and averages readings of its curves, in the area ranges from `firstArea` on (null before them).
 * Kernel null leaves all to the twin.
 */
export function readAverages<R extends Reading>(
  way: Way,
  readings: R[],
  firstArea = 0,
  kernel: SweepKernel | null = SweepKernel.create(),
): Record<R, Averages> {
  const read = (kernel && inKernel(kernel, way, readings, firstArea)) ?? plainly(way, readings, firstArea)
  return Object.fromEntries(readings.map(reading => [reading, read(reading)])) as Record<R, Averages>
}

type Read = (reading: Reading) => Averages

function plainly(way: Way, readings: Reading[], firstArea: number): Read {
  const measured = measure(way, readings, firstArea)
  return reading => averagesOf(measured, reading, way.scene.config)
}

/** Null where the kernel cannot. */
function inKernel(kernel: SweepKernel, way: Way, readings: Reading[], firstArea: number): Read | null {
  const { scene, index, ranges, order, ownAreas, once = false, grouped = false } = way
  const { iouThresholds, recallThresholds } = scene.config
  const words = packThresholds(iouThresholds)
  const areas = ownAreas ? 'ownAreas' : 'areas'
  const matched =
    words.length === 1 &&
    kernel.match({
      gts: { areas: scene.gt[areas], classes: scene.gt.categories, flags: flagsOf(way) },
      dts: { areas: scene.dt[areas], ranks: index.ranks },
      live: index.live,
      order,
      word: words[0],
      ranges,
      closed: true,
      once,
      apart: !once,
      cap: capOf(way),
    })
  if (!matched || !kernel.rank({ ranked: rankedIn(index), classes: classesOf(scene), grouped })) return null
  const sets = [iouThresholds, [0.5], [0.75]].map(chosen => bitsOf(iouThresholds, chosen))
  const means = kernel.means(recallGrid(recallThresholds), readings, sets, firstArea)
  if (!means) return null
  const rest = ranges.map((_, a) => a).slice(1)
  return reading => [
    ...sets.map((_, set) => means(reading, 0, set)),
    means(null, 0, 0),
    ...rest.flatMap(a => [means(reading, a, 0), means(null, a, 0)]),
  ]
}

const bitsOf = (iouThresholds: Config['iouThresholds'], chosen: number[]): number =>
  iouThresholds.reduce((bits, iou, t) => (chosen.includes(iou) ? bits | (1 << t) : bits), 0)

/** Crowds are IGNORED: their column is that of the flags, where no ground truth has the id 0. */
function flagsOf({ scene: { gt }, zeroIdCounts }: Way): Uint8Array {
  if (zeroIdCounts || !gt.ids.includes(0)) return gt.crowds
  return gt.crowds.map((crowd, g) => (gt.ids[g] === 0 ? crowd | NO_MATCH : crowd))
}
