import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import { markOutside } from '../../src/matching/areas.js'
import { groupCells } from '../../src/matching/cells.js'
import { liveAt, type Matches, matchCells } from '../../src/matching/match.js'
import { findBoxOverlaps, sliceOverlaps } from '../../src/matching/overlaps.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { matchLiterally } from '../support/literal-coco.js'
import { integer, pick, seeded } from '../support/random.js'

function match(dataset: Dataset, config: Config) {
  const { cells } = groupCells(dataset, config)
  const overlaps = findBoxOverlaps(dataset, cells)
  const all = { from: 0, to: cells.count }
  const { groundTruths, detections } = dataset
  const input = {
    cells,
    gtAreas: groundTruths.areas,
    gtIds: groundTruths.ids,
    gtCrowds: groundTruths.crowds,
  }
  const outside = markOutside(cells, detections.areas, config.areas, all)
  return {
    cells,
    overlaps,
    input,
    outside,
    matches: matchCells(input, { range: all, overlaps, outside }, config),
  }
}

/** 'T'rue positive, 'F'alse positive or '-' ignored at each threshold, for the detection at position `dt`. */
function outcomes(matches: Matches, thresholds: number, a: number, dt: number): string {
  const live = matches.live[dt - matches.firstDt]
  const outside = (matches.outside[dt - matches.firstDt] >>> a) & 1
  return Array.from({ length: thresholds }, (_, t) => {
    if (live < 0) return outside ? '-' : 'F'
    const at = liveAt(matches, live, a, t >>> 5)
    if ((matches.ignored[at] >>> (t & 31)) & 1) return '-'
    return (matches.matched[at] >>> (t & 31)) & 1 ? 'T' : 'F'
  }).join('')
}

/** A cell of boxes on a coarse grid: equal scores, equal similarities, crowds, areas on borders, at times id 0. */
function randomCell(random: () => number): Dataset {
  const span = pick(random, [2, 3, 6])
  const box = (): number[] => [
    10 * integer(random, span),
    10 * integer(random, span),
    10 * (1 + integer(random, span)),
    10 * (1 + integer(random, span)),
  ]
  const areas = [undefined, undefined, 1024, 9216, 100, 1e5]
  const zeroId = integer(random, 6)
  const truths: Truth[] = Array.from({ length: integer(random, 6) }, (_, i) => ({
    box: box(),
    area: pick(random, areas),
    crowd: random() < 0.25,
    id: i === zeroId ? 0 : i + 1,
  }))
  const guesses: Guess[] = Array.from({ length: integer(random, 9) }, () => ({
    box: box(),
    area: pick(random, areas),
    score: integer(random, 4) / 4,
  }))
  return buildDataset(truths, guesses)
}

const AREAS = [
  { name: 'all', lo: 0, hi: 1e10 },
  { name: 'small', lo: 0, hi: 1024 },
  { name: 'medium', lo: 1024, hi: 9216 },
  { name: 'none', lo: 5, hi: 4 },
]

/** Grid values are met exactly by boxes on a grid. */
const THRESHOLD_LISTS: Record<string, number[]> = {
  'the grid of the reference': cocoConfig().iouThresholds,
  'fractions that boxes reach exactly, in no order': [0.5, 1, 1 / 3, 0.25, 2 / 3, 0.5, 1e-9],
  '33 thresholds': Array.from({ length: 33 }, (_, i) => (33 - i) / 33),
  '70 thresholds': Array.from({ length: 70 }, (_, i) => (i + 1) / 70),
}

describe.each(Object.entries(THRESHOLD_LISTS))(
  'matching equals the rule, loop by loop: %s',
  (name, thresholds) => {
    test('random cells', () => {
      const seed = thresholds.length
      const random = seeded(seed)
      const seen = { T: 0, F: 0, '-': 0 }
      for (let round = 0; round < 700; round++) {
        const dataset = randomCell(random)
        const config = cocoConfig({
          iouThresholds: thresholds,
          areas: AREAS,
          maxDets: [pick(random, [3, 100])],
        })
        const { cells, matches } = match(dataset, config)
        AREAS.forEach((_, a) => {
          const rows = (count: number): number[] => Array.from({ length: count }, (_, row) => row)
          const expected = matchLiterally(
            dataset,
            config,
            rows(dataset.groundTruths.count),
            rows(dataset.detections.count),
            a,
          )
          const actual = rows(cells.dtRows.length).map(dt => outcomes(matches, thresholds.length, a, dt))
          const wanted = expected.dts.map((_, d) =>
            thresholds
              .map((_, t) => (expected.dtIgnored[t][d] ? '-' : expected.matchIds[t][d] !== 0 ? 'T' : 'F'))
              .join(''),
          )
          expect(actual, `${name}, seed ${seed}, round ${round}, area ${a}`).toEqual(wanted)
          for (const outcome of actual.join('')) seen[outcome as keyof typeof seen]++
        })
      }
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(500)
    })
  },
)

describe('id 0', () => {
  const config = cocoConfig({ iouThresholds: [0.5, 0.75] })

  test('counts as unmatched and is used up; the count tells how often', () => {
    const box = [0, 0, 50, 50]
    const guesses = [
      { box, score: 0.9 },
      { box: [0, 0, 50, 40], score: 0.8 },
    ]
    const { matches } = match(buildDataset([{ box, id: 0 }], guesses), config)
    expect(outcomes(matches, 2, 0, 0)).toBe('FF')
    expect(outcomes(matches, 2, 0, 1)).toBe('FF')
    expect(matches.zeroIdDetections).toBe(1)
  })

  test('one detection in two words of thresholds counts once', () => {
    const box = [0, 0, 50, 50]
    const thresholds = Array.from({ length: 40 }, (_, i) => (i + 1) / 40)
    const dataset = buildDataset([{ box, id: 0 }], [{ box, score: 0.9 }])
    const { matches } = match(dataset, cocoConfig({ iouThresholds: thresholds }))
    expect(matches.zeroIdDetections).toBe(1)
    expect(outcomes(matches, 40, 0, 0)).toBe('F'.repeat(40))
  })

  test('a crowd of id 0 ignores what it takes', () => {
    const truths = [{ box: [0, 0, 50, 50], id: 0, crowd: true }]
    const { matches } = match(buildDataset(truths, [{ box: [5, 5, 10, 10], score: 0.9 }]), config)
    expect(outcomes(matches, 2, 0, 0)).toBe('--')
    expect(matches.zeroIdDetections).toBe(1)
  })

  test('an unmatched one out of range is ignored', () => {
    const box = [0, 0, 100, 100]
    const { matches } = match(buildDataset([{ box, id: 0, area: 500 }], [{ box, score: 0.9 }]), config)
    expect(outcomes(matches, 2, 0, 0)).toBe('FF')
    expect(outcomes(matches, 2, 1, 0)).toBe('--')
  })

  test('without it the count is 0', () => {
    const box = [0, 0, 50, 50]
    expect(match(buildDataset([{ box }], [{ box, score: 0.9 }]), config).matches.zeroIdDetections).toBe(0)
  })
})

describe('ranges', () => {
  const random = seeded(11)
  const truths: Truth[] = []
  const guesses: Guess[] = []
  for (let i = 0; i < 150; i++) {
    const place = { image: 1 + integer(random, 5), category: 1 + integer(random, 4) }
    const box = [10 * integer(random, 4), 10 * integer(random, 4), 30, 10 * (1 + integer(random, 4))]
    truths.push({ ...place, box, crowd: random() < 0.2 })
    guesses.push({ ...place, box: box.map(value => value + integer(random, 3)), score: random() })
  }
  const config = cocoConfig()
  const { cells, overlaps, input, outside, matches } = match(buildDataset(truths, guesses), config)
  const every = (part: Matches): string[] =>
    Array.from({ length: part.dtCount }, (_, i) =>
      config.areas.map((_, a) => outcomes(part, 10, a, part.firstDt + i)).join(' '),
    )

  test('parts of the cells give the parts of the whole, also when they share their memory', () => {
    expect(new Set(every(matches)).size).toBeGreaterThan(10)
    let reuse: Matches | undefined
    const found: string[] = []
    for (let from = 0; from < cells.count; from += 6) {
      const range = { from, to: Math.min(cells.count, from + 6) }
      const [first, last] = [cells.dtOffsets[range.from], cells.dtOffsets[range.to]]
      const part = {
        range,
        overlaps: sliceOverlaps(overlaps, first, last),
        outside: outside.subarray(first, last),
      }
      reuse = matchCells(input, part, config, reuse)
      found.push(...every(reuse))
    }
    expect(found).toEqual(every(matches))
  })
})
