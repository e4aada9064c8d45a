import { describe, expect, test } from 'vitest'
import type { Protocol, Reason, View } from '../../src/data/analysis.js'
import type { Config } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { explainerOf } from '../../src/metrics/fates.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { reasonOf } from '../../src/metrics/reasons.js'
import { selectInstances } from '../../src/metrics/select.js'
import type { Guess, Truth } from '../support/columns.js'
import { buildScene, viewOf } from '../support/scene.js'

/** Reasons of every detection and ground truth, in the size range `size`. */
function explain(scene: Scene, view: View, size = 0): { dts: Reason[]; gts: Reason[] } {
  const index = indexScene(scene, view.protocol, view.classAgnostic)
  const { matches } = matchesIn(scene, index, view, size)
  const all = (kind: 'dt' | 'gt', count: number): Reason[] =>
    Array.from({ length: count }, (_, row) =>
      reasonOf(scene, index, view, matches, kind, row, view.sizes[size]),
    )
  return { dts: all('dt', scene.dt.count), gts: all('gt', scene.gt.count) }
}

const built = (truths: Truth[], guesses: Guess[], config: Partial<Config> = {}, categories = [1]): Scene =>
  buildScene(truths, guesses, { categories }, config)

const BOTH: Protocol[] = ['coco', 'corrected']
const square = (x: number, y: number): number[] => [x, y, 100, 100]
const codes = (reasons: Reason[]): string[] => reasons.map(({ code }) => code)
const texts = (reasons: Reason[]): string[] => reasons.map(({ text }) => text)

describe.each(BOTH)('the golden image of TIDE, protocol %s', protocol => {
  // One error of each kind and two misses, as tidecv 1.0.1 finds them.
  const truths: Truth[] = [
    { box: square(0, 0) },
    { box: square(200, 0) },
    { box: square(400, 0), category: 2 },
    { box: square(600, 0) },
    { box: square(0, 300), category: 2 },
    { box: square(200, 300) },
  ]
  const guesses: Guess[] = [
    { box: square(0, 0), score: 0.95 },
    { box: square(5, 0), score: 0.9 },
    { box: square(260, 0), score: 0.85 },
    { box: square(400, 0), score: 0.8 },
    { box: [700, 600, 50, 50], score: 0.75 },
    { box: square(60, 300), score: 0.7 },
    { box: square(0, 300), category: 2, score: 0.65 },
  ]
  const scene = built(truths, guesses)
  scene.categories.names = ['box', 'axle']
  const { dts, gts } = explain(scene, viewOf(protocol))

  test('detections', () => {
    expect(dts).toEqual([
      { code: 'matched', text: 'IoU 1.00 with ground truth 1' },
      { code: 'duplicate', text: 'IoU .90 with ground truth 1, which a detection of score .95 had taken' },
      { code: 'localisation', text: 'best IoU .25 with ground truth 2' },
      { code: 'class-confusion', text: 'IoU 1.00 with an "axle" (ground truth 3)' },
      { code: 'background', text: 'overlaps nothing' },
      { code: 'confused-and-loose', text: 'best IoU .25 with an "axle" (ground truth 5)' },
      { code: 'matched', text: 'IoU 1.00 with ground truth 5' },
    ])
  })

  test('ground truths: those that no error claims are the misses', () => {
    expect(gts).toEqual([
      { code: 'matched', text: 'IoU 1.00 with a detection of score .95' },
      { code: 'missed-low-iou', text: 'best IoU .25, with a detection of score .85' },
      { code: 'missed-other-class', text: 'a "box" of score .80 lies on it with IoU 1.00' },
      { code: 'missed-nothing-near', text: 'nothing overlaps it' },
      { code: 'matched', text: 'IoU 1.00 with a detection of score .65' },
      { code: 'missed-nothing-near', text: 'nothing overlaps it' },
    ])
  })

  test('filters by reason and by confusion find them', () => {
    const view = viewOf(protocol)
    const index = indexScene(scene, protocol, false)
    const select = (filter: Parameters<typeof selectInstances>[3]) =>
      selectInstances(scene, index, view, filter, explainerOf(scene, index, view))
    expect([...select({ reasons: ['localisation', 'missed-low-iou'] }).dts]).toEqual([2])
    expect([...select({ reasons: ['localisation', 'missed-low-iou'] }).gts]).toEqual([1])
    const confused = select({ confusedWith: 1 })
    expect([[...confused.dts], [...confused.gts]]).toEqual([[3, 5], []])
    expect([...select({ confusedWith: 0 }).gts]).toEqual([2])
  })
})

describe.each(BOTH)('where an error begins and ends, protocol %s', protocol => {
  const kind = (box: number[], category = 1): string =>
    explain(
      built([{ box: square(0, 0) }, { box: square(500, 0), category: 2 }], [{ box, category, score: 0.5 }]),
      viewOf(protocol),
    ).dts[0].code

  test('localisation from IoU .1 on', () => {
    // 100 wide boxes x apart: IoU (100 - x) / (100 + x).
    expect(kind([900 / 11, 0, 100, 100])).toBe('localisation')
    expect(kind([82, 0, 100, 100])).toBe('background')
    expect(kind([50, 0, 100, 100])).toBe('localisation')
    expect(kind([33, 0, 100, 100])).toBe('matched')
  })

  test('another class from IoU .1 on', () => {
    expect(kind([533, 0, 100, 100])).toBe('class-confusion')
    expect(kind([550, 0, 100, 100])).toBe('confused-and-loose')
    expect(kind([582, 0, 100, 100])).toBe('background')
  })

  test('IoU .1 itself is near', () => {
    const scene = built([{ box: square(0, 0) }], [{ box: [0, 0, 10, 100], score: 0.5 }])
    const { dts, gts } = explain(scene, viewOf(protocol))
    expect(dts[0]).toEqual({ code: 'localisation', text: 'best IoU .10 with ground truth 1' })
    expect(gts[0]).toEqual({ code: 'missed-low-iou', text: 'best IoU .10, with a detection of score .50' })
  })

  test('numbers do not round to the threshold that they miss', () => {
    const scene = built([{ box: [0, 0, 1000, 1] }], [{ box: [0, 0, 499.6, 1], score: 0.4999 }])
    const { dts, gts } = explain(scene, viewOf(protocol, { score: 0.5 }))
    expect(texts(dts)).toEqual(['best IoU .4996 with ground truth 1'])
    expect(texts(gts)).toEqual([
      'best IoU .4996, with a detection of score .4999, below the score threshold .50',
    ])
  })
})

describe.each(BOTH)('what is missed, protocol %s', protocol => {
  test('its detection lies below the score threshold', () => {
    const scene = built([{ box: square(0, 0) }], [{ box: square(10, 0), score: 0.31 }])
    const at = (score: number, scoreStrict = false): Reason =>
      explain(scene, viewOf(protocol, { score, scoreStrict })).gts[0]
    expect(at(0.47)).toEqual({
      code: 'missed-score',
      text: 'its detection of score .31 (IoU .82) lies below the score threshold .47',
    })
    expect(at(0.31).code).toBe('matched')
    expect(at(0.31, true)).toEqual({
      code: 'missed-score',
      text: 'its detection of score .31 (IoU .82) lies not above the score threshold .31',
    })
  })

  test('its detection took another ground truth', () => {
    // IoU 40/60 with the first, 35/65 with the second.
    const scene = built(
      [{ box: [0, 0, 50, 50] }, { box: [25, 0, 50, 50] }],
      [{ box: [10, 0, 50, 50], score: 0.9 }],
    )
    expect(explain(scene, viewOf(protocol)).gts[1]).toEqual({
      code: 'missed-taken',
      text: 'its detection of score .90 (IoU .54) took ground truth 1',
    })
  })

  test('what lies below the score threshold does not confuse, and counts as near only for its own class', () => {
    const scene = built(
      [{ box: square(0, 0) }, { box: square(500, 0) }],
      [
        { box: square(0, 0), category: 2, score: 0.2 },
        { box: square(550, 0), score: 0.2 },
      ],
    )
    const { gts } = explain(scene, viewOf(protocol, { score: 0.5 }))
    expect(codes(gts)).toEqual(['missed-nothing-near', 'missed-low-iou'])
  })

  test('its own class comes first among what is near', () => {
    const scene = built(
      [{ box: square(0, 0) }],
      [
        { box: square(50, 0), category: 2, score: 0.9 },
        { box: square(0, 60), score: 0.8 },
      ],
    )
    expect(texts(explain(scene, viewOf(protocol)).gts)).toEqual([
      'best IoU .25, with a detection of score .80',
    ])
  })

  test('class-agnostic there is no other class', () => {
    const scene = built(
      [{ box: square(0, 0), category: 2 }],
      [
        { box: square(0, 0), score: 0.9 },
        { box: square(0, 0), category: 2, score: 0.8 },
      ],
    )
    expect(codes(explain(scene, viewOf(protocol, { classAgnostic: true })).dts)).toEqual([
      'matched',
      'duplicate',
    ])
  })
})

describe('crowds and "ignore"', () => {
  const truths: Truth[] = [{ box: square(0, 0), crowd: true }, { box: square(500, 0) }]
  const guesses: Guess[] = [
    { box: [0, 0, 40, 40], score: 0.9 },
    { box: [80, 0, 50, 50], score: 0.8 },
    { box: square(500, 0), score: 0.7 },
  ]

  test.each(BOTH)('a crowd takes what lies in it, protocol %s', protocol => {
    const { dts, gts } = explain(built(truths, guesses), viewOf(protocol))
    expect(dts[0]).toEqual({
      code: 'matched-crowd',
      text: 'matched a crowd region: 1.00 of it lies in ground truth 1',
    })
    expect(dts[1].text).toBe('overlaps nothing that counts: .40 of it lies in ground truth 1, a crowd region')
    expect(gts[0]).toEqual({ code: 'ignored-ground-truth', text: 'a crowd region' })
  })

  test('"ignore" counts in protocol corrected', () => {
    const scene = built(truths, guesses)
    scene.gt.ignores[1] = 1
    const corrected = explain(scene, viewOf('corrected'))
    expect(corrected.dts[2]).toEqual({
      code: 'matched-ignored',
      text: 'IoU 1.00 with ground truth 2, which its file says to ignore',
    })
    expect(corrected.gts[1]).toEqual({ code: 'ignored-ground-truth', text: 'its file says to ignore it' })
    expect(explain(scene, viewOf('coco')).dts[2].code).toBe('matched')
  })
})

describe('a false positive that overlaps only what counts for nothing', () => {
  const truths: Truth[] = [{ box: square(0, 0), crowd: true }, { box: square(500, 0) }]
  const guesses: Guess[] = [
    { box: square(70, 0), score: 0.9 },
    { box: square(560, 0), score: 0.8 },
    { box: square(95, 0), score: 0.7 },
  ]

  test.each(BOTH)('a crowd region, protocol %s', protocol => {
    const { dts } = explain(built(truths, guesses), viewOf(protocol))
    expect(dts[0]).toEqual({
      code: 'background',
      text: 'overlaps nothing that counts: .30 of it lies in ground truth 1, a crowd region',
    })
    expect(dts[2]).toEqual({ code: 'background', text: 'overlaps nothing' })
  })

  test('a crowd region of another class', () => {
    const scene = built(truths, [{ box: [0, 0, 50, 50], category: 2, score: 0.9 }], {}, [1, 2])
    scene.categories.names = ['box', 'axle']
    const text =
      'overlaps nothing that counts: 1.00 of it lies in ground truth 1, a crowd region of another class ("box")'
    expect(explain(scene, viewOf('coco')).dts[0].text).toBe(text)
    const agnostic = explain(scene, viewOf('coco', { classAgnostic: true }))
    expect(agnostic.dts[0].code).toBe('matched-crowd')
  })

  test('what its file says to ignore', () => {
    const scene = built(truths, guesses)
    scene.gt.ignores[1] = 1
    expect(explain(scene, viewOf('corrected')).dts[1]).toEqual({
      code: 'background',
      text: 'overlaps nothing that counts: IoU .25 with ground truth 2, which its file says to ignore',
    })
    expect(explain(scene, viewOf('coco')).dts[1].code).toBe('localisation')
  })

  test('what counts is named where it is nearer', () => {
    const scene = built([{ box: square(0, 0) }, { box: square(0, 0) }], [{ box: square(0, 85), score: 0.9 }])
    scene.gt.ignores[1] = 1
    expect(explain(scene, viewOf('corrected')).dts[0].text).toBe('overlaps nothing: best IoU .08')
  })
})

describe('what only protocol coco knows', () => {
  test('detections beyond the cap, and who is missed for it', () => {
    const truths: Truth[] = [{ box: square(0, 0) }]
    const guesses: Guess[] = [
      { box: square(300, 0), score: 0.9 },
      { box: square(600, 0), score: 0.8 },
      { box: square(0, 0), score: 0.7 },
    ]
    const scene = built(truths, guesses, { maxDets: [1, 1, 2] })
    const { dts, gts } = explain(scene, viewOf('coco'))
    expect(dts[2]).toEqual({ code: 'beyond-cap', text: 'beyond 2 detections of this class' })
    expect(gts[0]).toEqual({
      code: 'beyond-cap',
      text: 'its detection of score .70 (IoU 1.00) lies beyond 2 detections of this class',
    })
    const agnostic = explain(scene, viewOf('coco', { classAgnostic: true }))
    expect(agnostic.dts[2].text).toBe('beyond 2 detections of this image')
    expect(codes(explain(scene, viewOf('corrected')).dts)).toEqual(['background', 'background', 'matched'])
  })

  test('a detection that took another ground truth says more than one beyond the cap', () => {
    const truths: Truth[] = [{ box: [0, 0, 50, 50] }, { box: [25, 0, 50, 50] }]
    const guesses: Guess[] = [
      { box: [10, 0, 50, 50], score: 0.9 },
      { box: [25, 0, 50, 50], score: 0.8 },
    ]
    const { gts } = explain(built(truths, guesses, { maxDets: [1, 1, 1] }), viewOf('coco'))
    expect(codes(gts)).toEqual(['matched', 'missed-taken'])
  })

  test('areas outside the size range', () => {
    const scene = built(
      [{ box: [0, 0, 30, 34] }, { box: square(200, 0) }],
      [
        { box: [0, 0, 30, 34], score: 0.9 },
        { box: [700, 0, 30, 34], score: 0.8 },
      ],
    )
    const medium = explain(scene, viewOf('coco'), 2)
    expect(medium.dts).toEqual([
      { code: 'outside-size', text: 'IoU 1.00 with ground truth 1, whose area 1020 px lies outside medium' },
      { code: 'outside-size', text: 'area 1020 px lies outside medium' },
    ])
    expect(medium.gts[0]).toEqual({ code: 'outside-size', text: 'area 1020 px lies outside medium' })
    expect(codes(explain(scene, viewOf('corrected'), 2).dts)).toEqual(['matched', 'background'])
  })

  test('the id 0', () => {
    const scene = built([{ id: 0, box: square(0, 0) }], [{ box: square(0, 0), score: 0.9 }])
    const { dts, gts } = explain(scene, viewOf('coco'))
    expect(codes([...dts, ...gts])).toEqual(['id-zero', 'id-zero'])
    expect(dts[0].text).toBe('IoU 1.00 with ground truth 0, whose id the reference takes for "unmatched"')
    expect(codes(explain(scene, viewOf('corrected')).dts)).toEqual(['matched'])
  })
})

test('a duplicate of a ground truth outside the range names it', () => {
  const scene = built(
    [{ box: [0, 0, 40, 40] }],
    [
      { box: [0, 0, 31, 31], score: 0.95 },
      { box: [9, 9, 31, 31], score: 0.94 },
    ],
  )
  const small = explain(scene, viewOf('coco'), 1)
  expect(small.dts[1]).toEqual({
    code: 'duplicate',
    text: 'IoU .60 with ground truth 1, which a detection of score .95 had taken',
  })
})

test('a class without a name goes by its id, and any name is only text', () => {
  const scene = built([{ box: square(0, 0), category: 7 }], [{ box: square(0, 0), score: 0.9 }])
  scene.categories.names = ['', '']
  expect(explain(scene, viewOf('corrected')).dts[0].text).toBe('IoU 1.00 with a class 7 (ground truth 1)')
  scene.categories.names = ['', '<img src=x onerror=alert(1)>']
  expect(explain(scene, viewOf('corrected')).dts[0].text).toContain('a "<img src=x onerror=alert(1)>"')
})
