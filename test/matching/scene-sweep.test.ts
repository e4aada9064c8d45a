import { expect, test } from 'vitest'
import { CUT, FP, IGNORED, TP } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchScene } from '../../src/matching/scene-match.js'
import { rangeBits, strongPairs, sweepThresholds } from '../../src/matching/scene-sweep.js'
import { packThresholds } from '../../src/matching/thresholds.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const RANGES = [
  { name: 'all', lo: 0, hi: 1e10 },
  { name: 'small', lo: 0, hi: 600 },
  { name: 'large', lo: 600, hi: 1e10 },
]
const IOUS = [0.5, 0.6, 0.75, 0.9]

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'all thresholds and sizes at once are what each is alone, seed %d',
  seed => {
    const { truths, guesses } = randomRecords(seed)
    if (truths.length > 0 && seed % 5 === 0) truths[0] = { ...truths[0], id: 0 }
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'coco', seed % 3 === 0)
    const cap = seed % 4 === 0 ? 2 : 100
    const [word] = packThresholds(IOUS)
    const strong = strongPairs(index.live, word)
    const bits = {
      count: RANGES.length,
      gts: rangeBits(scene.gt.areas, RANGES, true).map((own, g) => (scene.gt.crowds[g] ? 0 : own)),
      dts: rangeBits(scene.dt.areas, RANGES, true).map((own, d) => (index.ranks[d] < cap ? own : 0)),
    }
    const { truePositives, ignored } = sweepThresholds(scene, {
      strong,
      bits,
      apart: true,
      endless: scene.gt.crowds,
      ranks: index.ranks,
      cap,
      zeroIdIsNone: true,
    })
    RANGES.forEach((range, a) => {
      IOUS.forEach((iou, t) => {
        const outcomes = Array.from(bits.dts, own => ((own >>> a) & 1 ? FP : IGNORED) as number)
        for (let i = 0; i < strong.count; i++) {
          const d = strong.rows[i]
          if ((truePositives[a][i] >>> t) & 1) outcomes[d] = TP
          else if ((ignored[a][i] >>> t) & 1) outcomes[d] = IGNORED
        }
        const { dtOutcomes } = matchScene(scene, index, { iou, range, maxDet: cap })
        expect(outcomes).toEqual(Array.from(dtOutcomes, outcome => (outcome === CUT ? IGNORED : outcome)))
      })
    })
  },
)
