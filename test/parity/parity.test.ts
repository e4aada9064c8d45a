import { describe, expect, test } from 'vitest'
import { type Arrays, differences } from './compare.js'
import { generate } from './generate.js'
import { compress, runsOf } from './masks.js'
import { shrink } from './shrink.js'

const arrays = (change: Partial<Arrays> = {}): Arrays => ({
  shape: { T: 1, R: 2, K: 2, A: 1, M: 1 },
  precision: Float64Array.of(1, 0.5, 0, -1),
  recall: Float64Array.of(1, -1),
  scores: Float64Array.of(0.9, 0, 0.8, -1),
  stats: [0.5, 1],
  ...change,
})

describe('differences', () => {
  test('none between equals', () => expect(differences(arrays(), arrays())).toEqual([]))

  test('one bit, with the cell', () => {
    const actual = arrays({ precision: Float64Array.of(1, 0.5, 5e-324, -1) })
    expect(differences(arrays(), actual)).toEqual([
      'precision: 1 of 4 differ, first at [t=0, r=1, k=0, a=0, m=0]: expected 0, got 5e-324',
    ])
  })

  test('the sign of zero', () => {
    const actual = arrays({ scores: Float64Array.of(0.9, -0, 0.8, -1) })
    expect(differences(arrays(), actual)).toEqual([
      'scores: 1 of 4 differ, first at [t=0, r=0, k=1, a=0, m=0]: expected 0, got -0',
    ])
  })

  test('the summary, where the reference has one', () => {
    const actual = arrays({ stats: [0.5, 0.9999999999999999] })
    expect(differences(arrays(), actual)).toEqual([
      'stats: 1 of 2 differ, first at [1]: expected 1, got 0.9999999999999999',
    ])
    expect(differences(arrays({ stats: [] }), actual)).toEqual([])
  })

  test('the shape', () => {
    const actual = arrays({ shape: { T: 1, R: 2, K: 1, A: 1, M: 2 } })
    expect(differences(arrays(), actual)).toEqual([
      'shape: expected T=1 R=2 K=2 A=1 M=1, got T=1 R=2 K=1 A=1 M=2',
    ])
  })
})

describe('generators', () => {
  test('the text of a data set says what its objects say', () => {
    for (let index = 0; index < 100; index++) {
      const { gt, dt, gtText, dtText } = generate(5, index)
      const read = JSON.parse(gtText.replace(/^\ufeff/, ''))
      expect(read.annotations.length).toBe(gt.annotations.length)
      gt.annotations.forEach((annotation, i) => {
        expect(read.annotations[i]).toMatchObject(annotation)
      })
      expect(JSON.parse(dtText.replace(/^\ufeff/, ''))).toMatchObject(dt)
    }
  })

  test('the same seed gives the same text, another gives another', () => {
    expect(generate(3, 7).gtText).toBe(generate(3, 7).gtText)
    expect(generate(3, 7).gtText).not.toBe(generate(4, 7).gtText)
  })

  test('runs and strings', () => {
    expect(runsOf(Uint8Array.of(0, 0, 1, 1, 1, 0))).toEqual([2, 3, 1])
    expect(runsOf(Uint8Array.of(1, 0))).toEqual([0, 1, 1])
    // Strings of pycocotools.
    expect(compress([5, 3, 17])).toBe('53a0')
    expect(compress([307200])).toBe('PP\\9')
    expect(compress([100, 200, 50, 1000, 3, 7])).toBe('T3X6b1Pi0aNoPO')
  })
})

test('shrink drops what a failure does not need', async () => {
  const { gt, dt, options } = generate(3, 7, {
    crowdedScene: true,
    noGroundTruths: false,
    noDetections: false,
  })
  const wanted = dt[1]
  const small = await shrink({ gt, dt, options: { ...options, classAgnostic: true } }, async trial =>
    trial.dt.includes(wanted),
  )
  expect(small.dt).toEqual([wanted])
  expect(small.gt.annotations).toEqual([])
  expect(small.gt.images).toEqual(gt.images.filter(({ id }) => id === wanted.image_id))
  expect(small.options).toEqual({ iouType: options.iouType })
})
