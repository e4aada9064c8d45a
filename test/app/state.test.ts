import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chipsOf, withoutFilters } from '../../src/app/state/chips.js'
import { fromHash, toHash } from '../../src/app/state/hash.js'
import { filterOf, type Narrowing, pickInstances, type State, startState } from '../../src/app/state/state.js'
import type { Objective } from '../../src/data/analysis.js'

const start = startState({})

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0) // no -0
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
const row = fc.nat(1e6)
const range = fc.tuple(
  fc.oneof(number, fc.constant(Number.NEGATIVE_INFINITY)),
  fc.oneof(number, fc.constant(Number.POSITIVE_INFINITY)),
)
const reasons = fc.uniqueArray(fc.constantFrom('background', 'duplicate', 'missed-low-iou', 'matched'))
const filter = fc.record(
  {
    foundBy: fc.uniqueArray(fc.constantFrom('A', 'B', 'both', 'neither')),
    outcomes: fc.uniqueArray(fc.constantFrom('TP', 'FP', 'FN', 'ignored', 'cut')),
    reasons,
    image: row,
    confusedWith: row,
    score: range,
    overlap: range,
    area: range,
    gtArea: range,
    imageGroundTruths: range,
    imageDetections: range,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Narrowing>
const objective: fc.Arbitrary<Objective> = fc.oneof(
  positive.map(beta => ({ kind: 'f-beta' as const, beta })),
  positive.map(precision => ({ kind: 'min-precision' as const, precision })),
  positive.map(recall => ({ kind: 'min-recall' as const, recall })),
  fc
    .tuple(positive, positive)
    .map(([falsePositive, falseNegative]) => ({ kind: 'cost' as const, falsePositive, falseNegative })),
)
const state: fc.Arbitrary<State> = fc.record({
  model: fc.constantFrom('A' as const, 'B' as const),
  protocol: fc.constantFrom('coco' as const, 'corrected' as const),
  iou: fc.double({ min: 0.01, max: 1, noNaN: true }),
  score: fc.option(number),
  scoreStrict: fc.boolean(),
  sizes: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('written')),
  areas: fc.string({ unit: 'grapheme' }),
  size: fc.string({ unit: 'grapheme' }),
  category: fc.oneof(row, fc.constant(-1)),
  classAgnostic: fc.boolean(),
  crowds: fc.constantFrom('ignored' as const, 'counted' as const, 'out' as const),
  maxDet: fc.option(fc.integer({ min: 1, max: 999_999_999 })),
  filter,
  objective,
  find: fc.string({ unit: 'grapheme' }),
  sorts: fc.dictionary(
    fc.stringMatching(/^[a-z-]{1,12}$/),
    fc.record({ column: fc.stringMatching(/^[A-Za-z]{1,12}$/), descending: fc.boolean() }),
    { noNullPrototype: true },
  ),
  scores: fc.constantFrom('kept' as const, 'all' as const),
  layout: fc.constantFrom('table' as const, 'gallery' as const),
  list: fc.boolean(),
  open: fc.option(fc.record({ kind: fc.constantFrom('dt' as const, 'gt' as const), row })),
})

describe('the address', () => {
  test('holds the whole state', () => {
    fc.assert(
      fc.property(state, value => {
        expect(fromHash(toHash(value, start), start)).toEqual(value)
      }),
    )
  })

  test('survives a browser, which encodes it', () => {
    fc.assert(
      fc.property(state, value => {
        const { hash } = new URL(`file:///report.html#${toHash(value, start)}`)
        expect(fromHash(hash, start)).toEqual(value)
      }),
    )
  })

  test('of the start is empty, whatever the start is', () => {
    fc.assert(
      fc.property(state, value => {
        const bare = { ...value, filter: {}, sorts: {} }
        expect(toHash(bare, bare)).toBe('')
      }),
    )
  })

  test('is readable', () => {
    const here = pickInstances(start, { iou: 0.75, size: 'small', filter: { outcomes: ['FN'] } })
    expect(toHash(here, start)).toBe('iou=0.75&size=small&list=yes&in.outcomes=FN')
  })

  test('that says nonsense changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const read = fromHash(
          `#iou=${encodeURIComponent(`x${text}`)}&score=1e999&in.image=-1&open=pt:3`,
          start,
        )
        expect(read).toEqual(start)
      }),
    )
    const nonsense =
      '#iou=0&score=&protocol=voc&category=-1&in.score=1&in.outcomes=TP,XX&sort.x=&objective=cost%201&__proto__=1'
    expect(fromHash(nonsense, start)).toEqual(start)
  })

  test('of any kind gives a state', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(Object.keys(fromHash(`#${text}`, start)).sort()).toEqual(Object.keys(start).sort())
      }),
    )
  })
})

describe('a filter', () => {
  test('of a state asks for its size and class, and for TP, FP and FN unless it says otherwise', () => {
    expect(filterOf(start)).toEqual({ outcomes: ['TP', 'FP', 'FN'] })
    const here = {
      ...start,
      size: 'small',
      category: 0,
      filter: { outcomes: ['ignored' as const], image: 0 },
    }
    expect(filterOf(here)).toEqual({ outcomes: ['ignored'], image: 0, size: 'small', category: 0 })
  })

  test('replaces the one before, and leaves thresholds as they are unless it names them', () => {
    const before = { ...start, iou: 0.7, score: 0.3, scoreStrict: true, find: 'x', filter: { image: 4 } }
    const after = pickInstances(before, { size: 'large', filter: { outcomes: ['FP'] } })
    expect(after).toEqual({ ...before, size: 'large', filter: { outcomes: ['FP'] }, find: '', list: true })
    expect(pickInstances(before, { score: 0.5, filter: {} })).toMatchObject({
      score: 0.5,
      scoreStrict: false,
    })
  })
})

describe('chips', () => {
  const categories = { count: 2, ids: Float64Array.of(1, 2), names: ['<b>box</b>', 'crate'] }
  const images = {
    count: 1,
    ids: Float64Array.of(7),
    heights: Uint32Array.of(1),
    widths: Uint32Array.of(1),
    fileNames: [''],
  }
  const chips = (changes: Partial<State>) => chipsOf({ ...start, ...changes }, start, categories, images)

  test('say each filter in words', () => {
    const filter: Narrowing = {
      outcomes: ['FP', 'FN'],
      reasons: ['missed-low-iou'],
      image: 0,
      confusedWith: 1,
      score: [0.5, Number.POSITIVE_INFINITY],
      overlap: [0.5, 0.55],
      area: [Number.NEGATIVE_INFINITY, 1024],
      imageGroundTruths: [3, 4],
      imageDetections: [4, 8],
    }
    expect(chips({ category: 0, size: 'small', filter, find: 'a' }).map(({ text }) => text)).toEqual([
      '<b>box</b>',
      'small',
      'FP + FN',
      'missed low iou',
      'image 7',
      'confused with crate',
      'score ≥ .5',
      'IoU .5 to .55',
      'area < 1,024 px',
      'objects in the image = 3',
      'detections in the image 4 to 7',
      '“a”',
    ])
  })

  test('taken away one by one leave no filter', () => {
    fc.assert(
      fc.property(state, value => {
        let here = value
        for (let left = chipsOf(here, start, categories, images); left.length > 0; ) {
          here = left[0].without
          const next = chipsOf(here, start, categories, images)
          expect(next.map(chip => chip.key)).toEqual(left.slice(1).map(chip => chip.key))
          left = next
        }
        expect(here).toEqual(withoutFilters(value, start))
      }),
    )
  })
})
