import { describe, expect, test } from 'vitest'
import type { InstanceFilter, Protocol, View } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { finish } from '../../src/data/steps.js'
import { indexScene } from '../../src/matching/scene-index.js'
import {
  type InstanceColumn,
  type InstanceTable,
  instanceTable,
  sortInstances,
} from '../../src/metrics/instances.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { selectInstances } from '../../src/metrics/select.js'
import type { Guess, Truth } from '../support/columns.js'
import { integer, seeded } from '../support/random.js'
import { buildScene, viewOf } from '../support/scene.js'

function tableOf(scene: Scene, view: View, filter: InstanceFilter = {}): InstanceTable {
  const index = indexScene(scene, view.protocol, view.classAgnostic)
  const size = Math.max(
    0,
    view.sizes.findIndex(({ name }) => name === filter.size),
  )
  const { matches } = matchesIn(scene, index, view, size)
  const selection = selectInstances(scene, index, view, filter)
  return instanceTable(scene, index, view, matches, selection, view.sizes[size])
}

const rowsOf = (table: InstanceTable) => Array.from({ length: table.count }, (_, i) => table.row(i))

describe('one row for each instance', () => {
  // 40 x 31 (1240 px) and 31 x 31 (961 px) share one detection of 38 x 31 (1178 px), IoU 1178/1240 and 961/1178.
  const truths: Truth[] = [
    { id: 8, box: [0, 0, 31, 31] },
    { id: 9, box: [0, 0, 40, 31] },
    { id: 10, image: 2, box: [0, 0, 20, 20], category: 2 },
  ]
  const guesses: Guess[] = [
    { image: 2, box: [500, 0, 100, 100], score: 0.4 },
    { box: [0, 0, 38, 31], score: 0.9 },
  ]
  const table = tableOf(buildScene(truths, guesses), viewOf('corrected'))

  test('a true positive has the size of its ground truth', () => {
    expect(table.row(0)).toEqual({
      kind: 'dt',
      row: 1,
      id: 1,
      outcome: 'TP',
      category: 0,
      image: 0,
      score: 0.9,
      iou: 1178 / 1240,
      partner: 1,
      partnerId: 9,
      bestIou: 1178 / 1240,
      best: 1,
      bestId: 9,
      area: 1178,
      size: 'medium',
      reason: { code: 'matched', text: 'IoU .95 with ground truth 9' },
    })
  })

  test('and keeps its own area', () => {
    const truth = { box: [0, 0, 40, 31] } // 1240 px
    const guess = { box: [0, 0, 33, 31], score: 0.9 } // 1023 px
    const only = tableOf(buildScene([truth], [guess]), viewOf('corrected'))
    expect(only.row(0)).toMatchObject({ outcome: 'TP', area: 1023, size: 'medium' })
    expect([...finish(only.column('size'))]).toEqual([2])
  })

  test('a false positive has no partner', () => {
    expect(table.row(1)).toEqual({
      kind: 'dt',
      row: 0,
      id: 0,
      outcome: 'FP',
      category: 0,
      image: 1,
      score: 0.4,
      iou: null,
      partner: -1,
      partnerId: null,
      bestIou: 0,
      best: -1,
      bestId: null,
      area: 10000,
      size: 'large',
      reason: { code: 'background', text: 'overlaps nothing' },
    })
  })

  test('missed ground truths come after the detections', () => {
    expect(table.row(2)).toEqual({
      kind: 'gt',
      row: 0,
      id: 8,
      outcome: 'FN',
      category: 0,
      image: 0,
      score: null,
      iou: null,
      partner: -1,
      partnerId: null,
      bestIou: 961 / 1178,
      best: 1,
      bestId: 1,
      area: 961,
      size: 'small',
      reason: { code: 'missed-taken', text: 'its detection of score .90 (IoU .82) took ground truth 9' },
    })
    expect(table.row(3)).toMatchObject({ kind: 'gt', row: 2, id: 10, category: 1, image: 1 })
    expect(table.count).toBe(4)
  })

  test('columns sort, empty cells last, equal ones in their order', () => {
    const order = (column: InstanceColumn, descending: boolean) => [
      ...sortInstances(table, column, descending),
    ]
    expect(order('score', false)).toEqual([1, 0, 2, 3])
    expect(order('score', true)).toEqual([0, 1, 2, 3])
    expect(order('area', false)).toEqual([3, 2, 0, 1])
    expect(order('area', true)).toEqual([1, 0, 2, 3])
    expect(order('outcome', false)).toEqual([2, 3, 1, 0])
    expect(order('bestIou', true)).toEqual([0, 2, 1, 3])
    expect(order('partnerId', true)).toEqual([0, 1, 2, 3])
    expect(order('size', false)).toEqual([2, 3, 0, 1])
    expect(order('category', true)).toEqual([3, 0, 1, 2])
    expect(order('image', true)).toEqual([1, 3, 0, 2])
  })
})

describe.each<Protocol>(['coco', 'corrected'])('random scenes, protocol %s', protocol => {
  const random = seeded(7)
  const box = (): number[] => [integer(random, 200), integer(random, 200), 10 + integer(random, 90), 40]
  const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
  const place = () => ({ image: 1 + integer(random, 5), category: 1 + integer(random, 3), box: box() })
  const scene = buildScene(
    some(60, () => ({ ...place(), crowd: integer(random, 8) === 0 })),
    some(150, () => ({ ...place(), score: integer(random, 20) / 20 })),
    {},
    { maxDets: [1, 2, 6] },
  )
  const view = viewOf(protocol, { iou: 0.3, score: 0.25 })

  test.each(['all', 'small', 'medium'])('rows of size %s say what they were selected for', size => {
    for (const outcome of ['TP', 'FP', 'FN', 'ignored', 'cut'] as const) {
      const rows = rowsOf(tableOf(scene, view, { outcomes: [outcome], size }))
      expect(rows.map(row => row.outcome)).toEqual(rows.map(() => outcome))
      for (const row of rows) {
        expect(row.iou === null).toBe(row.partner < 0)
        expect(row.iou ?? 0).toBeLessThanOrEqual(1)
        if (outcome === 'TP') expect(row.iou).toBeGreaterThanOrEqual(0.3)
        if (outcome === 'TP' || outcome === 'FN') expect(row.size === size || size === 'all').toBe(true)
        expect(row.reason.text).not.toMatch(/NaN|undefined|null|-1/)
      }
    }
  })

  test('every column has the order of its cells', () => {
    const table = tableOf(scene, view)
    const rows = rowsOf(table)
    const cells = {
      score: rows.map(row => row.score),
      iou: rows.map(row => row.iou),
      bestIou: rows.map(row => row.bestIou),
      area: rows.map(row => row.area),
      partnerId: rows.map(row => row.partnerId),
      image: rows.map(row => row.image),
    }
    for (const name of Object.keys(cells) as (keyof typeof cells)[]) {
      const sorted = [...sortInstances(table, name, true)].map(i => cells[name][i])
      const filled = sorted.filter(cell => cell !== null)
      expect(sorted.slice(filled.length).every(cell => cell === null)).toBe(true)
      expect(filled).toEqual([...filled].sort((one, other) => other - one))
      expect(filled.length).toBe(cells[name].filter(cell => cell !== null).length)
    }
    const reasons = [...sortInstances(table, 'reason', false)].map(i => rows[i].reason.code)
    expect(new Set(reasons).size).toBe(reasons.filter((code, i) => code !== reasons[i - 1]).length)
    expect(new Set(reasons).size).toBeGreaterThan(4)
  })
})
