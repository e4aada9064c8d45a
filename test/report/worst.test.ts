import { expect, test } from 'vitest'
import { FP, TP } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { similarityOf } from '../../src/matching/scene-pairs.js'
import { eachOutcome, matchesIn } from '../../src/metrics/outcomes.js'
import { worstInstances } from '../../src/report/worst.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

test('the worst few are the first of all, put in order one by one', () => {
  let shown = 0
  for (let seed = 0; seed < 60; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'corrected', false)
    const view = viewOf('corrected', { score: 0.3 })
    const query = { ...matchesIn(scene, index, view, 0), cut: view }
    const [fps, tps, fns]: [number[], number[], number[]] = [[], [], []]
    eachOutcome(
      scene,
      index,
      query,
      (d, outcome) => {
        if (outcome === FP) fps.push(d)
        else if (outcome === TP) tps.push(d)
      },
      g => fns.push(g),
    )
    const overlap = (d: number): number => similarityOf(scene, d, query.matches.gtOfDt[d])
    fps.sort((a, b) => scene.dt.scores[b] - scene.dt.scores[a] || a - b)
    fns.sort((a, b) => index.gtAreas[b] - index.gtAreas[a] || a - b)
    tps.sort((a, b) => overlap(a) - overlap(b) || a - b)
    const all: string[] = []
    for (let i = 0; i < Math.max(fps.length, fns.length); i++) {
      if (i < fps.length) all.push(`dt ${fps[i]}`)
      if (i < fns.length) all.push(`gt ${fns[i]}`)
    }
    all.push(...tps.map(d => `dt ${d}`))
    for (const count of [0, 1, 2, 3, 5, 8, 13, 100]) {
      const worst = worstInstances(scene, index, view, count)
      expect(worst.map(({ kind, row }) => `${kind} ${row}`)).toEqual(all.slice(0, count))
      shown += worst.length
    }
  }
  expect(shown).toBeGreaterThan(1000)
})
