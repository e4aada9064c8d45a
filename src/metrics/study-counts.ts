import { CUT, FP, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { findSuitors } from './fates.js'
import {
  countByImage,
  countSize,
  type GroupCounts,
  type Instances,
  instancesBelow,
  keptSteps,
  keptWith,
  missedBy,
  type OperatingRows,
  type SizeCounts,
} from './finding-rows.js'
import { countByKey, type KeyedCounts } from './keyed-counts.js'
import { countFalsePositives, countMisses, type KindCounts } from './kind-counts.js'
import { type ScoreSums, sumScores } from './score-sums.js'
import { percentileOf } from './sizes.js'
import { StudyKernel } from './study-kernel.js'

/** What findings count at an operating point. */
export interface StudyInput {
  scene: Scene
  index: SceneIndex
  view: View
  /** Of the whole. */
  matches: SceneMatches
  /** Position among the evaluated images, by row of Images. */
  positions: Int32Array
  /** The size ranges of the view that are counted. */
  sizes: number[]
}

export interface StudyCounts {
  rows: OperatingRows
  whole: GroupCounts
  /** Of each of the sizes. */
  sizes: SizeCounts[]
  /** By row of Categories: of all and of the loose true positives; null when class-agnostic. */
  classes: Record<'tp' | 'fp' | 'fn' | 'loose', KeyedCounts> | null
  /** Similarity of each true positive with its ground truth, and their median. */
  overlaps: Float64Array
  medianOverlap: number
  /** By image: the true positives whose similarity lies below the median. */
  loose: Uint32Array
  fpKinds: KindCounts[]
  fnKinds: KindCounts[]
  scores: ScoreSums
}

/** In steps, see `findingSteps`. Kernel null leaves all to the twin. */
export function* countStudy(
  input: StudyInput,
  kernel: StudyKernel | null = StudyKernel.create(),
): Steps<StudyCounts> {
  return (kernel && (yield* kernel.count(input))) ?? (yield* countPlainly(input))
}

function* countPlainly(input: StudyInput): Steps<StudyCounts> {
  const { scene, index, view, matches, positions } = input
  const imageCount = scene.evaluatedImages.length
  const kept = yield* keptSteps(scene, index, matches, view, positions)
  const rows: OperatingRows = {
    tp: keptWith(kept, TP),
    fp: keptWith(kept, FP),
    fn: missedBy(scene, matches, view, positions),
    cut: keptWith(kept, CUT),
  }
  yield
  const overlaps = overlapsOf(scene, matches, rows.tp.rows)
  const medianOverlap = percentileOf(overlaps.slice().sort(), 50)
  const loose = instancesBelow(rows.tp, overlaps, medianOverlap)
  yield
  const whole = new Uint32Array(3 * imageCount)
  for (const [kind, own] of [rows.tp, rows.fp, rows.fn].entries())
    whole.set(countByImage(own, imageCount), kind * imageCount)
  const sizes: SizeCounts[] = []
  for (const size of input.sizes) {
    sizes.push(countSize(scene, index, view, size, kept, rows.fn, positions))
    yield
  }
  const byClass = (kind: 'dt' | 'gt', own: Instances): KeyedCounts =>
    countByKey(own, scene[kind].categories, scene.categories.count, imageCount)
  const classes = view.classAgnostic
    ? null
    : {
        tp: byClass('dt', rows.tp),
        fp: byClass('dt', rows.fp),
        fn: byClass('gt', rows.fn),
        loose: byClass('dt', loose),
      }
  yield
  const fpKinds = countFalsePositives(input, rows.fp, imageCount)
  yield
  findSuitors(scene, matches, rows.fn.rows)
  const fnKinds = countMisses(input, rows.fn, imageCount)
  yield
  const scores = sumScores(scene, index, matches, view, positions, imageCount)
  const looseByImage = countByImage(loose, imageCount)
  return {
    rows,
    whole,
    sizes,
    classes,
    overlaps,
    medianOverlap,
    loose: looseByImage,
    fpKinds,
    fnKinds,
    scores,
  }
}

/** Similarity of each true positive with its ground truth. */
function overlapsOf(scene: Scene, { gtOfDt }: SceneMatches, tps: Int32Array): Float64Array {
  const overlaps = new Float64Array(tps.length)
  for (let i = 0; i < overlaps.length; i++) overlaps[i] = similarityOf(scene, tps[i], gtOfDt[tps[i]])
  return overlaps
}
