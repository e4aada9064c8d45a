import { expect, test } from 'vitest'
import { FP, TP } from '../../src/data/analysis.js'
import type { Config } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { indexScene, rankedOf, type SceneIndex } from '../../src/matching/scene-index.js'
import { matchScene } from '../../src/matching/scene-match.js'
import { averagesOf, measure } from '../../src/metrics/ap-readings.js'
import { countRegular, outcomeIn } from '../../src/metrics/outcomes.js'
import { precisionsAt } from '../../src/metrics/pr-curves.js'
import type { Reading } from '../../src/metrics/readings.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

/** Recall and precision after each detection that counts, or after each score. */
interface Literal {
  regular: number
  recalls: number[]
  precisions: number[]
}

interface Choice {
  once: boolean
  grouped: boolean
}

const AREAS = [
  { name: 'all', lo: 0, hi: 1e10 },
  { name: 'small', lo: 0, hi: 600 },
  { name: 'large', lo: 600, hi: 1e10 },
]

function literalCurve(
  scene: Scene,
  index: SceneIndex,
  { once, grouped }: Choice,
  iou: number,
  a: number,
  category: number | null,
): Literal {
  const matches = matchScene(scene, index, { iou, range: AREAS[once ? 0 : a] })
  const range = once && a > 0 ? AREAS[a] : null
  const regular = countRegular(index, matches, range, category)
  const curve: Literal = { regular, recalls: [], precisions: [] }
  const { rows, scores } = rankedOf(index, category)
  let [tp, fp, last] = [0, 0, Number.NaN]
  rows.forEach((d, i) => {
    const outcome = outcomeIn(index, matches, range, d)
    if (outcome !== TP && outcome !== FP) return
    if (outcome === TP) tp++
    else fp++
    if (grouped && scores[i] === last) {
      curve.recalls.pop()
      curve.precisions.pop()
    }
    last = scores[i]
    curve.recalls.push(regular > 0 ? tp / regular : 0)
    curve.precisions.push(tp / (fp + tp + Number.EPSILON))
  })
  return curve
}

const enveloped = ({ precisions }: Literal): number[] =>
  precisions.map((_, i) => Math.max(...precisions.slice(i)))

const sampled = (curve: Literal, recalls: number[]): number[] =>
  recalls.map(recall => enveloped(curve)[curve.recalls.findIndex(own => own >= recall)] ?? 0)

const steps = ({ recalls }: Literal, precisions: number[]): number =>
  recalls.reduce((area, recall, i) => area + (recall - (recalls[i - 1] ?? 0)) * precisions[i], 0)

const lines = ({ recalls, precisions }: Literal): number =>
  recalls.reduce(
    (area, recall, i) =>
      area + ((recall - (recalls[i - 1] ?? 0)) * ((precisions[i - 1] ?? precisions[0]) + precisions[i])) / 2,
    0,
  )

const READ: Record<Reading, (curve: Literal, recalls: number[]) => number[]> = {
  reference: sampled,
  grid: (curve, recalls) =>
    sampled(
      curve,
      recalls.map(recall => Number(recall.toFixed(12))),
    ),
  envelope: curve => [steps(curve, enveloped(curve))],
  lines: (curve, recalls) =>
    precisionsAt(
      { recalls: Float64Array.from(curve.recalls), precisions: Float64Array.from(curve.precisions) },
      recalls,
    ),
  step: curve => [steps(curve, curve.precisions)],
  area: curve => [lines(curve)],
  penalised: sampled,
}

const READINGS = Object.keys(READ) as Reading[]

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'readings of curves walked detection by detection, seed %d',
  seed => {
    const { truths, guesses } = randomRecords(seed)
    const changes: Partial<Config> = {
      areas: AREAS,
      classAgnostic: seed % 3 === 0,
      maxDets: [1, 2, seed % 4 ? 100 : 3],
    }
    const scene = buildScene(truths, guesses, {}, changes)
    const { iouThresholds, recallThresholds } = scene.config
    const index = indexScene(scene, 'coco', scene.config.classAgnostic)
    const classes = scene.config.classAgnostic ? [null] : Array.from(scene.evaluatedCategories)
    const mean = (values: number[]): number | null =>
      values.length > 0
        ? expect.closeTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12)
        : null
    for (const choice of [
      { once: false, grouped: false },
      { once: true, grouped: false },
      { once: false, grouped: true },
    ]) {
      const measured = measure({ scene, index, ranges: AREAS, ...choice }, READINGS)
      const curves = AREAS.map((_, a) =>
        iouThresholds.map(iou => classes.map(k => literalCurve(scene, index, choice, iou, a, k))),
      )
      for (const reading of READINGS) {
        const ap = (a: number, ious = iouThresholds): number | null =>
          mean(
            curves[a].flatMap((at, t) =>
              ious.includes(iouThresholds[t])
                ? at
                    .filter(
                      ({ regular, recalls }) =>
                        regular > 0 || (reading === 'penalised' && recalls.length > 0),
                    )
                    .flatMap(curve => READ[reading](curve, recallThresholds))
                : [],
            ),
          )
        const ar = (a: number): number | null =>
          mean(curves[a].flat().flatMap(({ regular, recalls }) => (regular > 0 ? [recalls.at(-1) ?? 0] : [])))
        const expected = [ap(0), ap(0, [0.5]), ap(0, [0.75]), ar(0), ap(1), ar(1), ap(2), ar(2)]
        expect(averagesOf(measured, reading, scene.config), reading).toEqual(expected)
      }
    }
  },
)
