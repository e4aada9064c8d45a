import type { Protocol, View } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { indexScene } from '../../src/matching/scene-index.js'
import type { ModelPair } from '../../src/metrics/models.js'
import type { Guess, Truth } from './columns.js'
import { integer, seeded } from './random.js'
import { buildScene, viewOf } from './scene.js'

/** Both models by one protocol, each at its own score. */
export function pairOf(
  scenes: [Scene, Scene],
  protocol: Protocol,
  changes: Partial<View> = {},
  scores: [number, number] = [0, 0],
): ModelPair {
  const [A, B] = scenes.map((scene, i) => {
    const view = viewOf(protocol, { score: scores[i], classAgnostic: scene.config.classAgnostic, ...changes })
    return { scene, index: indexScene(scene, protocol, view.classAgnostic), view }
  })
  return { A, B }
}

/** How one of two models differs from the other. */
export interface ModelHabits {
  /** Chance of a miss; .2 where it is left out. */
  misses?: (category: number, size: number) => number
  /** Chance of a false positive for each object; .2 where it is left out. */
  imagines?: (category: number) => number
}

const SIDES = [25, 60, 120]

/** Objects in cells of their own, each found or not by either model on its own account. */
export function twoScenes(seed: number, habits: [ModelHabits, ModelHabits] = [{}, {}]): [Scene, Scene] {
  const random = seeded(seed)
  const truths: Truth[] = []
  const guesses: [Guess[], Guess[]] = [[], []]
  for (let image = 1; image <= 60; image++) {
    for (let object = 2 + integer(random, 7); object > 0; object--) {
      const category = 1 + integer(random, 3)
      const size = integer(random, 3)
      const side = SIDES[size]
      const place = { image, category }
      const [x, y] = [(object % 3) * 300, Math.floor(object / 3) * 300]
      truths.push({ ...place, box: [x, y, side, side] })
      habits.forEach(({ misses = () => 0.2, imagines = () => 0.2 }, model) => {
        const score = (): number => 0.5 + random() / 2
        if (random() >= misses(category, size))
          guesses[model].push({ ...place, box: [x, y, side, side], score: score() })
        if (random() < imagines(category))
          guesses[model].push({ ...place, box: [x + 150, y, side, side], score: score() })
      })
    }
  }
  const surroundings = { categories: [1, 2, 3], images: Array.from({ length: 60 }, (_, i) => i + 1) }
  return [buildScene(truths, guesses[0], surroundings), buildScene(truths, guesses[1], surroundings)]
}
