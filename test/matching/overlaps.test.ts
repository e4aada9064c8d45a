import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/columns.js'
import type { Cells, Overlaps } from '../../src/data/evaluation.js'
import { boxIou } from '../../src/geometry/boxes.js'
import { groupCells } from '../../src/matching/cells.js'
import { DENSE_MIN } from '../../src/matching/grid.js'
import { findBoxOverlaps, joinOverlaps, sliceOverlaps } from '../../src/matching/overlaps.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { integer, seeded } from '../support/random.js'

/** Every pair of every cell, then sorted: what `findBoxOverlaps` must find. */
function allPairs(dataset: Dataset, cells: Cells): Overlaps {
  const { groundTruths, detections } = dataset
  const offsets = [0]
  const gts: number[] = []
  const similarities: number[] = []
  for (let cell = 0; cell < cells.count; cell++) {
    for (let dt = cells.dtOffsets[cell]; dt < cells.dtOffsets[cell + 1]; dt++) {
      const pairs: [number, number][] = []
      for (let gt = cells.gtOffsets[cell]; gt < cells.gtOffsets[cell + 1]; gt++) {
        const row = cells.gtRows[gt]
        const crowd = groundTruths.crowds[row] === 1
        const dtBoxes = detections.boxes as Float64Array
        const iou = boxIou(dtBoxes, cells.dtRows[dt], groundTruths.boxes as Float64Array, row, crowd)
        if (iou > 0) pairs.push([gt, iou])
      }
      pairs.sort(([gtA, iouA], [gtB, iouB]) => iouB - iouA || gtB - gtA)
      gts.push(...pairs.map(([gt]) => gt))
      similarities.push(...pairs.map(([, iou]) => iou))
      offsets.push(gts.length)
    }
  }
  return {
    offsets: Uint32Array.from(offsets),
    gts: Int32Array.from(gts),
    similarities: Float64Array.from(similarities),
  }
}

/** Boxes on a grid of `step` px, so that equal similarities and shared edges are common when it is coarse. */
function scene(seed: number, gtCount: number, dtCount: number, size: number, step: number): Dataset {
  const random = seeded(seed)
  const length = (most: number): number => Math.round((random() * most) / step) * step
  const box = (): number[] => [length(1000), length(1000), length(size), length(size)]
  const wide = (): number[] => [length(200), length(1000), 900, step]
  const place = () => ({ image: 1 + integer(random, 2), category: 1 + integer(random, 2) })
  const truths: Truth[] = Array.from({ length: gtCount }, () => ({
    ...place(),
    box: random() < 0.02 ? wide() : box(),
    crowd: random() < 0.1,
  }))
  const guesses: Guess[] = Array.from({ length: dtCount }, () => ({
    ...place(),
    box: random() < 0.02 ? wide() : box(),
    score: random(),
  }))
  return buildDataset(truths, guesses)
}

const group = (dataset: Dataset): Cells => groupCells(dataset, cocoConfig({ maxDets: [1, 10, 5000] })).cells

describe('findBoxOverlaps', () => {
  test('lists the more similar ground truth first, and of equals the later', () => {
    const boxes = [
      [0, 0, 50, 50],
      [20, 0, 50, 50],
      [10, 0, 50, 40],
      [60, 60, 5, 5],
    ]
    const dataset = buildDataset(
      boxes.map(box => ({ box })),
      [{ box: [10, 0, 50, 50], score: 0.5 }],
    )
    const { offsets, gts, similarities } = findBoxOverlaps(dataset, group(dataset))
    expect([...offsets]).toEqual([0, 3])
    expect([...gts]).toEqual([2, 1, 0])
    expect([...similarities]).toEqual([2000 / 2500, 2000 / 3000, 2000 / 3000])
  })

  test.each([
    ['small cells', 40, 40, 300, 1],
    ['small cells of equal boxes', 40, 60, 300, 100],
    ['a cell without ground truths', 1, 30, 300, 1],
    ['dense cells', 1200, 1500, 60, 0.01],
    ['dense cells on a grid', 1200, 1500, 60, 20],
    ['dense cells of large boxes', 400, 500, 900, 10],
  ])('equals the full product: %s', (_, gtCount, dtCount, size, step) => {
    for (const seed of [1, 2, 3]) {
      const dataset = scene(seed, gtCount, dtCount, size, step)
      const cells = group(dataset)
      expect(findBoxOverlaps(dataset, cells)).toEqual(allPairs(dataset, cells))
    }
  })

  test.each([1 / 3, 0.5, 1])('without the pairs below %s', least => {
    const dataset = scene(1, 1200, 1500, 60, 20)
    const cells = group(dataset)
    const all = allPairs(dataset, cells)
    const { offsets, gts, similarities } = findBoxOverlaps(dataset, cells, undefined, least)
    const kept = [...all.similarities.keys()].filter(pair => all.similarities[pair] >= least)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThan(all.gts.length)
    expect([...similarities]).toEqual(kept.map(pair => all.similarities[pair]))
    expect([...gts]).toEqual(kept.map(pair => all.gts[pair]))
    expect([...offsets]).toEqual([...all.offsets].map(end => kept.filter(pair => pair < end).length))
  })

  test('the dense scenes above are dense, the small ones are not', () => {
    const products = (dataset: Dataset): number[] => {
      const { count, gtOffsets, dtOffsets } = group(dataset)
      return Array.from(
        { length: count },
        (_, i) => (gtOffsets[i + 1] - gtOffsets[i]) * (dtOffsets[i + 1] - dtOffsets[i]),
      )
    }
    expect(Math.max(...products(scene(1, 40, 60, 300, 1)))).toBeLessThan(DENSE_MIN)
    expect(Math.min(...products(scene(1, 1200, 1500, 60, 1)))).toBeGreaterThan(DENSE_MIN)
    expect(Math.min(...products(scene(1, 400, 500, 900, 10)))).toBeLessThan(DENSE_MIN)
  })

  test('an area beyond the range of float64 makes no pair', () => {
    const box = [0, 0, 1e200, 1e200]
    const dataset = buildDataset([{ box }], [{ box, score: 1 }])
    expect(boxIou(Float64Array.from(box), 0, Float64Array.from(box), 0, false)).toBeNaN()
    expect(findBoxOverlaps(dataset, group(dataset)).gts.length).toBe(0)
  })
})

describe('parts of overlaps', () => {
  const dataset = scene(5, 60, 80, 400, 1)
  const cells = group(dataset)
  const whole = findBoxOverlaps(dataset, cells)

  test('ranges of cells join to the whole', () => {
    expect(cells.count).toBe(4)
    const parts = [
      { from: 0, to: 1 },
      { from: 1, to: 1 },
      { from: 1, to: 4 },
    ].map(range => findBoxOverlaps(dataset, cells, range))
    expect(parts[0].offsets.length).toBe(cells.dtOffsets[1] + 1)
    expect(joinOverlaps(parts)).toEqual(whole)
  })

  test('a slice counts its detections from its first', () => {
    const [from, to] = [cells.dtOffsets[1], cells.dtOffsets[2]]
    const slice = sliceOverlaps(whole, from, to)
    expect(slice.offsets.length).toBe(to - from + 1)
    expect(slice.offsets[0]).toBe(whole.offsets[from])
    expect(slice.gts).toBe(whole.gts)
  })
})
