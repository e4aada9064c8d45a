import type { Guess, Truth } from './columns.js'
import { integer, pick, seeded } from './random.js'

/** Records of a few crowded images, in which scores, similarities, boxes and areas coincide often. */
export interface RandomRecords {
  truths: Truth[]
  guesses: Guess[]
}

const SIDES = [10, 20, 30, 40, 50]
const SCORES = [0.1, 0.3, 0.5, 0.5, 0.7, 0.9]

export function randomRecords(seed: number): RandomRecords {
  const random = seeded(seed)
  const box = (): number[] => [
    5 * integer(random, 12),
    5 * integer(random, 12),
    pick(random, SIDES),
    pick(random, SIDES),
  ]
  const near = (centre: number[]): number[] =>
    centre.map((value, side) => Math.max(side < 2 ? 0 : 5, value + 5 * (integer(random, 3) - 1)))
  const place = () => ({ image: 1 + integer(random, 3), category: 1 + integer(random, 2) })
  const truths = Array.from({ length: integer(random, 14) }, (): Truth => {
    const kind = integer(random, 10)
    return {
      ...place(),
      box: box(),
      area: random() < 0.5 ? undefined : 100 * (1 + integer(random, 20)),
      crowd: kind === 0,
      ignore: kind === 1,
    }
  })
  const guesses = Array.from({ length: integer(random, 30) }, (): Guess => {
    const target = truths.length > 0 && random() < 0.8 ? pick(random, truths) : null
    const score = pick(random, SCORES)
    if (!target) return { ...place(), box: box(), score }
    const category = random() < 0.8 ? target.category : 1 + integer(random, 2)
    return { image: target.image, category, box: near(target.box ?? box()), score }
  })
  return { truths, guesses }
}

/** The list in another order that depends on the seed alone. */
export function shuffled<T>(values: T[], seed: number): T[] {
  const random = seeded(seed)
  const left = [...values]
  return values.map(() => left.splice(integer(random, left.length), 1)[0])
}
