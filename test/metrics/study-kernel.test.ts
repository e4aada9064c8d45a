import { describe, expect, test } from 'vitest'
import { FP, type Protocol, TP, type View } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { finish } from '../../src/data/steps.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { fateOfDetection, fateOfGroundTruth } from '../../src/metrics/fates.js'
import { listOutcomes, matchesIn, rowsWith } from '../../src/metrics/outcomes.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import { countStudy, type StudyCounts, type StudyInput } from '../../src/metrics/study-counts.js'
import { StudyKernel } from '../../src/metrics/study-kernel.js'
import type { Guess, Truth } from '../support/columns.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, pick, seeded } from '../support/random.js'
import { buildScene, viewOf } from '../support/scene.js'

/** Few sides and places, so that boxes coincide, overlaps tie, and thresholds and bounds of sizes are met. */
function randomScene(random: () => number, instances: number): Scene {
  const images = 2 + integer(random, 12) + (instances > 1000 ? instances >> 2 : 0)
  const record = () => {
    const [x, y, side] = [4 * integer(random, 8), 4 * integer(random, 4), pick(random, [16, 20, 32, 96])]
    return {
      image: 1 + integer(random, images),
      category: 1 + integer(random, 5),
      box: [x, y, side, pick(random, [16, side])],
    }
  }
  const truths: Truth[] = Array.from({ length: instances }, (_, id) => ({
    ...record(),
    id, // 0 among them
    crowd: random() < 0.1,
    ignore: random() < 0.1,
  }))
  const most = pick(random, [0.99, 2])
  const guesses: Guess[] = Array.from({ length: 3 * instances }, () => ({
    ...record(),
    score: Math.min(most, integer(random, 20) / 10 - 0.5) + integer(random, 3) / 1000,
  }))
  const maxDets = pick(random, [
    [1, 1, 2],
    [1, 10, 100],
  ])
  return buildScene(truths, guesses, { images: [99], categories: [9] }, { maxDets })
}

function randomView(random: () => number, scene: Scene, protocol: Protocol): View {
  return viewOf(protocol, {
    iou: pick(random, [0.1, 0.3, 0.5, 0.75, 1]),
    score: pick(random, [Number.NEGATIVE_INFINITY, 0.3, 0.3, 0.5, 9]),
    scoreStrict: random() < 0.5,
    classAgnostic: random() < 0.3,
    sizes: random() < 0.5 ? cocoSizes() : percentileSizes(scene),
  })
}

function inputOf(scene: Scene, view: View): StudyInput {
  const index = indexScene(scene, view.protocol, view.classAgnostic)
  const positions = new Int32Array(scene.images.count).fill(-1)
  // The other way round than the rows, so that the two are not taken for one another.
  const { length } = scene.evaluatedImages
  scene.evaluatedImages.forEach((image, i) => {
    positions[image] = length - 1 - i
  })
  const { matches } = matchesIn(scene, index, view, 0)
  return { scene, index, view, matches, positions, sizes: view.sizes.map((_, size) => size).slice(1) }
}

function inKernel(input: StudyInput): StudyCounts {
  const kernel = StudyKernel.create()
  if (!kernel) throw new Error('this platform has no WebAssembly')
  lendDirtyMemory()
  const counts = finish(kernel.count(input))
  if (!counts) throw new Error('no room')
  return counts
}

const PROTOCOLS: Protocol[] = ['coco', 'corrected']

/** The same whatever the order of kinds. */
const sorted = (counts: StudyCounts): StudyCounts => {
  const [fpKinds, fnKinds] = [counts.fpKinds, counts.fnKinds].map(kinds =>
    kinds.toSorted((one, other) => (one.code < other.code ? -1 : 1)),
  )
  return { ...counts, fpKinds, fnKinds }
}

describe.each(PROTOCOLS)('what findings count, protocol %s', protocol => {
  const seen = new Set<string>()

  test.each([0, 1, 40, 400])('alike in WebAssembly, %d ground truths', instances => {
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(1000 * instances + seed)
      const scene = randomScene(random, instances)
      const input = inputOf(scene, randomView(random, scene, protocol))
      const counts = inKernel(input)
      const twin = finish(countStudy(input, null))
      expect(sorted(counts), `seed ${seed}`).toEqual(sorted(twin))
      if (counts.scores.values.length > 0) seen.add(counts.scores.areShares ? 'shares' : 'other scores')
      for (const { code } of [...counts.fpKinds, ...counts.fnKinds]) seen.add(code)
    }
  })

  test('alike over several blocks of rows', () => {
    const random = seeded(3)
    const scene = randomScene(random, 6000)
    const input = inputOf(scene, { ...randomView(random, scene, protocol), score: 0.2 })
    expect(sorted(inKernel(input))).toEqual(sorted(finish(countStudy(input, null))))
  })

  test('every kind has been among them', () => {
    const all = ['localisation', 'class-confusion', 'duplicate', 'confused-and-loose', 'background']
    const missed = ['score', 'taken', 'other-class', 'low-iou', 'nothing-near'].map(kind => `missed-${kind}`)
    const quirks = protocol === 'coco' ? ['beyond-cap', 'id-zero'] : [] // the reference's
    expect([...seen]).toEqual(
      expect.arrayContaining([...all, ...missed, ...quirks, 'shares', 'other scores']),
    )
  })

  test('as many as the lists of outcomes and their reasons have', () => {
    const random = seeded(7)
    for (let n = 0; n < 10; n++) {
      const scene = randomScene(random, 200)
      const input = inputOf(scene, randomView(random, scene, protocol))
      const { index, view } = input
      const counts = inKernel(input)
      const listed = (size: number) => {
        const found = listOutcomes(scene, index, { ...matchesIn(scene, index, view, size), cut: view })
        return { tp: rowsWith(found, TP), fp: rowsWith(found, FP), fn: found.missed }
      }
      const { tp, fp, fn } = listed(0)
      for (const [own, list] of [
        [counts.rows.tp, tp] as const,
        [counts.rows.fp, fp] as const,
        [counts.rows.fn, fn] as const,
      ])
        expect(own.rows).toEqual(list.toSorted())
      const imageCount = scene.evaluatedImages.length
      const totals = (group: Uint32Array) =>
        [0, 1, 2].map(kind =>
          group.subarray(kind * imageCount, (kind + 1) * imageCount).reduce((sum, own) => sum + own, 0),
        )
      expect(totals(counts.whole)).toEqual([tp.length, fp.length, fn.length])
      input.sizes.forEach((size, i) => {
        const own = listed(size)
        expect(totals(counts.sizes[i].inside)).toEqual([own.tp.length, own.fp.length, own.fn.length])
      })
      const reasons = (codes: string[]) =>
        new Map([...new Set(codes)].sort().map(code => [code, codes.filter(one => one === code).length]))
      const told = (kinds: StudyCounts['fpKinds']) =>
        new Map(kinds.map(({ code, count }) => [code, count] as const).sort())
      expect(told(counts.fpKinds)).toEqual(reasons(Array.from(fp, d => fateOfDetection(input, d).code)))
      expect(told(counts.fnKinds)).toEqual(reasons(Array.from(fn, g => fateOfGroundTruth(input, g).code)))
    }
  })
})
