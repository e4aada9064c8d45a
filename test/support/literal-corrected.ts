import type { AreaRange } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { boxIou } from '../../src/geometry/boxes.js'

/**
 * Protocol `corrected` for boxes as its rules state it, one detection and one score at a time: slow, and with nothing
 * in common with the fast way but `boxIou`. Instances are rows of the scene.
 */

export type Word = 'TP' | 'FP' | 'ignored'

export interface LiteralMatches {
  /** [detection] */
  words: Word[]
  /** [detection], -1 for none. */
  gtOfDt: number[]
}

type Choice = (number: number) => number[]

const lexical = (one: number[], other: number[]): number => {
  const side = one.findIndex((value, i) => value !== other[i])
  return side < 0 ? 0 : one[side] - other[side]
}

/** Only the detections for which `isThere` holds exist. */
export function matchLiterally(
  scene: Scene,
  iou: number,
  classAgnostic: boolean,
  isThere: (dt: number) => boolean = () => true,
): LiteralMatches {
  const { gt, dt } = scene
  const similarity = (d: number, g: number): number => boxIou(dt.boxes, d, gt.boxes, g, gt.crowds[g] === 1)
  const box = ({ boxes }: { boxes: Float64Array }, row: number): number[] => [
    ...boxes.slice(4 * row, 4 * row + 4),
  ]
  const words = Array.from({ length: dt.count }, (): Word => 'FP')
  const gtOfDt = words.map(() => -1)
  const together = (d: number, g: number): boolean =>
    dt.images[d] === gt.images[g] && (classAgnostic || dt.categories[d] === gt.categories[g])
  const gtsOf: Choice = d => [...Array(gt.count).keys()].filter(g => together(d, g))
  const isRegular = (g: number): boolean => gt.ignores[g] === 0
  const best = (d: number): number =>
    gtsOf(d)
      .filter(isRegular)
      .reduce((most, g) => Math.max(most, similarity(d, g)), 0)
  const order = [...Array(dt.count).keys()]
    .filter(isThere)
    .sort((one, other) =>
      lexical(
        [-dt.scores[one], -best(one), ...box(dt, one), one],
        [-dt.scores[other], -best(other), ...box(dt, other), other],
      ),
    )
  const taken = new Set<number>()
  for (const d of order) {
    const reached = gtsOf(d)
      .filter(g => similarity(d, g) >= iou - 1e-12)
      .sort((one, other) =>
        lexical(
          [-similarity(d, one), ...box(gt, one), one],
          [-similarity(d, other), ...box(gt, other), other],
        ),
      )
    const free = reached.find(g => isRegular(g) && !taken.has(g))
    const ignored = reached.find(g => !isRegular(g))
    if (free !== undefined) {
      words[d] = 'TP'
      gtOfDt[d] = free
      taken.add(free)
    } else if (ignored !== undefined) {
      words[d] = 'ignored'
      gtOfDt[d] = ignored
    }
  }
  return { words, gtOfDt }
}

export interface LiteralCounts {
  gt: number
  tp: number
  fp: number
  fn: number
}

/** Counts of the detections of score at least `score`; `category` null for all. */
export function countLiterally(
  { gt, dt }: Scene,
  { words, gtOfDt }: LiteralMatches,
  { lo, hi }: AreaRange,
  score: number,
  category: number | null,
): LiteralCounts {
  const isIn = (area: number): boolean => area >= lo && area < hi
  const isOf = ({ categories }: { categories: Int32Array }, row: number): boolean =>
    category === null || categories[row] === category
  const kept = [...Array(dt.count).keys()].filter(d => dt.scores[d] >= score)
  const found = kept.filter(d => words[d] === 'TP').map(d => gtOfDt[d])
  const regular = [...Array(gt.count).keys()].filter(
    g => gt.ignores[g] === 0 && isOf(gt, g) && isIn(gt.ownAreas[g]),
  )
  const tp = regular.filter(g => found.includes(g)).length
  const fp = kept.filter(d => words[d] === 'FP' && isOf(dt, d) && isIn(dt.ownAreas[d])).length
  return { gt: regular.length, tp, fp, fn: regular.length - tp }
}
