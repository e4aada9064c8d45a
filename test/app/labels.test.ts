import { describe, expect, test } from 'vitest'
import { arrange, type Label, placeOf } from '../../src/app/pictures/labels.js'
import type { PictureItem } from '../../src/report/picture.js'

const item = { kind: 'dt', row: 0 } as PictureItem
const view = { width: 200, height: 100 }
const label = (x: number, y: number, isImportant = false, side = 30): Label => ({
  text: '',
  box: { x, y, width: side, height: side },
  item,
  isImportant,
})
const places = (...labels: Label[]) =>
  arrange(labels, () => 50, view).map(({ label, place }) => [labels.indexOf(label), place.x, place.y])

describe('labels', () => {
  test('stand above their instance, or in it where there is no room, always in sight', () => {
    expect(placeOf(label(20, 40), 50, view)).toMatchObject({ x: 20, y: 24 })
    expect(placeOf(label(20, 5), 50, view)).toMatchObject({ x: 20, y: 5 })
    expect(placeOf(label(190, 40), 50, view)).toMatchObject({ x: 150, y: 24 })
    expect(placeOf(label(-20, 40), 50, view)).toMatchObject({ x: 0, y: 24 })
  })

  test('do not cover each other: the first has the place', () => {
    expect(places(label(0, 40), label(20, 44), label(60, 40))).toEqual([
      [0, 0, 24],
      [2, 60, 24],
    ])
  })

  test('that matter move below instead', () => {
    expect(places(label(0, 40, true), label(20, 44, true))).toEqual([
      [0, 0, 24],
      [1, 20, 45],
    ])
  })

  test('are left out for what is tiny or out of sight, unless it matters', () => {
    expect(places(label(0, 40, false, 10), label(250, 40), label(80, 40, true, 10))).toEqual([[2, 80, 24]])
  })
})
