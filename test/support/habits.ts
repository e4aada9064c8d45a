import type { Scene } from '../../src/data/scene.js'
import type { Guess, Truth } from './columns.js'
import { integer, seeded } from './random.js'
import { buildScene } from './scene.js'

/** How the data of `habitScene` differ from data without any effect. */
export interface Habits {
  /** Chance that an object of this class and size (0 small, 1 medium, 2 large) is missed for want of a detection. */
  overlooks?: (category: number, size: number) => number
  /** Chance of a further false positive on the background, of the class of an object. */
  imagines?: (category: number, size: number) => number
  /** Share of its width by which a true positive is shifted, at least and at most. */
  shifts?: (category: number) => [number, number]
  /** Scores of detections that count, at least and at most. */
  scores?: [number, number]
  /** Further false positives an object, all below the threshold. */
  junk?: number
  /** Chance of a detection of class 9, which has no ground truth, in each image. */
  strangers?: number
}

/** The score threshold that these scenes are made for. */
export const THRESHOLD = 0.6

const CLASSES = 4
const SIDES = [25, 60, 120]
const CELL = 400

/**
 * Objects in cells of their own, each with its class, size and fate drawn apart from the others. Without habits there
 * is nothing to find at IoU .5 and score .6: misses are as frequent as false positives, their kinds as frequent as one
 * another, every class and size fares the same, the mean score is the precision, and no other threshold is better.
 */
export function habitScene(seed: number, imageCount = 100, habits: Habits = {}): Scene {
  const random = seeded(seed)
  const truths: Truth[] = []
  const guesses: Guess[] = []
  const between = ([lo, hi]: [number, number]): number => lo + (hi - lo) * random()
  const score = (): number => between(habits.scores ?? [THRESHOLD, 1])
  const low = (): number => between([0.05, THRESHOLD - 0.01])
  for (let image = 1; image <= imageCount; image++) {
    const objects = 2 + integer(random, 9)
    for (let object = 0; object < objects; object++) {
      const category = 1 + integer(random, CLASSES)
      const size = integer(random, 3)
      const side = SIDES[size] * between([0.9, 1.1])
      const [x, y] = [(object % 4) * CELL, Math.floor(object / 4) * CELL]
      const place = { image, category }
      const shifted = (share: number, cell = x): number[] => [cell + share * side, y, side, side]
      const guess = (box: number[], own = score(), other = category): void => {
        guesses.push({ image, category: other, box, score: own })
      }
      truths.push({ ...place, box: shifted(0) })
      for (let i = 0; i < (habits.junk ?? 0); i++) guess([x + 60 * i, y + 150, side / 2, side / 2], low())
      if (random() < (habits.overlooks?.(category, size) ?? 0)) continue
      if (random() < (habits.imagines?.(category, size) ?? 0)) guess([x + 250, y, side, side])
      const fate = random()
      // Four kinds of miss and four of false positive, 5 % each: recall and precision .8.
      if (fate < 0.05) continue
      if (fate < 0.1) guess(shifted(0.5))
      else if (fate < 0.15)
        guess(shifted(0), score(), 1 + ((category + integer(random, CLASSES - 1)) % CLASSES))
      else if (fate < 0.2) guess(shifted(0), low())
      else guess(shifted(between(habits.shifts?.(category) ?? [0, 0.25])))
      if (fate >= 0.2 && fate < 0.25) guess(shifted(0.26))
      if (fate >= 0.25 && fate < 0.3) guess([x + 200, y, side, side])
      // Two false ones for each right one below the threshold, so that lowering it gains nothing.
      if (fate >= 0.3 && fate < 0.4) guess([x, y + 200, side, side], low())
    }
    if (random() < (habits.strangers ?? 0))
      guesses.push({ image, category: 9, box: [0, 1400, 50, 50], score: score() })
  }
  return buildScene(truths, guesses, {
    categories: [1, 2, 3, 4, 9],
    images: Array.from({ length: imageCount }, (_, i) => i + 1),
  })
}
