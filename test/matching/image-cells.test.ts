import { describe, expect, test } from 'vitest'
import { groupCells } from '../../src/matching/cells.js'
import { groupByImage } from '../../src/matching/image-cells.js'
import { findBoxOverlaps } from '../../src/matching/overlaps.js'
import { SceneKernel } from '../../src/matching/scene-kernel.js'
import { createScene, overlapsWithin } from '../../src/scene.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { integer, pick, seeded } from '../support/random.js'

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed)

/** Records of few boxes, so that similarities are equal; in any order, or by image as most files are. */
function anyDataset(seed: number) {
  const random = seeded(seed)
  const place = () => ({
    image: 1 + integer(random, 6),
    category: 1 + integer(random, 3),
    box: [0, 0, 1 + integer(random, 2), 2],
  })
  const ordered = <T extends { image: number }>(records: T[]): T[] =>
    seed % 3 === 0 ? records : records.toSorted((one, other) => one.image - other.image)
  const count = pick(random, [0, 1, 30])
  const truths = ordered(Array.from({ length: count }, () => ({ ...place(), crowd: random() < 0.1 })))
  const guesses = ordered(
    Array.from({ length: pick(random, [0, 60]) }, () => ({ ...place(), score: random() })),
  )
  const dataset = buildDataset(truths, guesses, { images: [1, 2, 3, 4, 5, 6, 7], categories: [1, 2, 3] })
  const choice: { imageIds?: number[]; categoryIds?: number[] } =
    seed % 4 === 1 ? { imageIds: [2, 3, 7], categoryIds: [1, 3] } : {}
  return { truths, guesses, dataset, choice }
}

test.each(SEEDS)('every evaluated row stands in the cell of its image, in file order, seed %d', seed => {
  const { truths, guesses, dataset, choice } = anyDataset(seed)
  const cells = groupByImage(dataset, cocoConfig(choice))
  const { imageIds = [1, 2, 3, 4, 5, 6, 7], categoryIds = [1, 2, 3] } = choice
  const rowsIn = (records: { image: number; category: number }[], image: number): number[] =>
    [...records.keys()].filter(
      row => records[row].image === image && categoryIds.includes(records[row].category),
    )
  const expected = imageIds
    .map(image => ({ image, gts: rowsIn(truths, image), dts: rowsIn(guesses, image) }))
    .filter(({ gts, dts }) => gts.length + dts.length > 0)
  const found = Array.from({ length: cells.count }, (_, cell) => ({
    image: dataset.images.ids[cells.images[cell]],
    gts: [...cells.gtRows.subarray(cells.gtOffsets[cell], cells.gtOffsets[cell + 1])],
    dts: [...cells.dtRows.subarray(cells.dtOffsets[cell], cells.dtOffsets[cell + 1])],
  }))
  expect(found).toEqual(expected)
  expect(cells.categories).toEqual(new Int32Array(cells.count))
})

const measuresOf = (dataset: ReturnType<typeof buildDataset>, cells: ReturnType<typeof groupByImage>) => ({
  overlaps: findBoxOverlaps(dataset, cells),
  gtMaskAreas: null,
  dtMaskAreas: null,
  gtMaskBoxes: null,
  dtMaskBoxes: null,
  gtAreas: dataset.groundTruths.areas,
  dtAreas: dataset.detections.areas,
})

describe.each([false, true])('class-agnostic %s', classAgnostic => {
  test.each(SEEDS)('the overlaps of a run are among those of its images, seed %d', seed => {
    const { dataset, choice } = anyDataset(seed)
    const config = cocoConfig({ ...choice, classAgnostic, maxDets: [2] })
    const { cells } = groupCells(dataset, config)
    const everything = groupByImage(dataset, config)
    const all = findBoxOverlaps(dataset, everything)
    const { offsets, gts, similarities } = findBoxOverlaps(dataset, cells)
    for (const kernel of [SceneKernel.create() as SceneKernel, null]) {
      const found = overlapsWithin(dataset, cells, everything, all, classAgnostic, kernel)
      expect([...found.offsets]).toEqual([...offsets])
      expect([...found.gts]).toEqual([...gts])
      expect([...found.similarities]).toEqual([...similarities])
    }
  })
})

test.each(SEEDS)('pairs of a scene are by similarity, equal ones by descending row, seed %d', seed => {
  const { dataset, choice } = anyDataset(seed)
  const config = cocoConfig(choice)
  const { evaluatedCategories } = groupCells(dataset, config)
  const cells = groupByImage(dataset, config)
  const scene = createScene(dataset, config, cells, evaluatedCategories, measuresOf(dataset, cells))
  const { gt, dt, pairs } = scene
  expect(pairs.offsets.length).toBe(dt.count + 1)
  for (let d = 0; d < dt.count; d++) {
    const own = Array.from({ length: pairs.offsets[d + 1] - pairs.offsets[d] }, (_, i) => ({
      g: pairs.gts[pairs.offsets[d] + i],
      similarity: pairs.similarities[pairs.offsets[d] + i],
    }))
    // All boxes share a corner, so that a detection overlaps every ground truth of its image.
    const expected = [...Array(gt.count).keys()]
      .filter(g => gt.images[g] === dt.images[d])
      .map(g => ({ g, similarity: similarityOf(g, d) }))
      .sort((one, other) => other.similarity - one.similarity || other.g - one.g)
    expect(own).toEqual(expected)
  }

  function similarityOf(g: number, d: number): number {
    const [width, other] = [gt.boxes[4 * g + 2], dt.boxes[4 * d + 2]]
    const shared = 2 * Math.min(width, other)
    return gt.crowds[g] === 1 ? shared / (2 * other) : shared / (2 * width + 2 * other - shared)
  }
})
