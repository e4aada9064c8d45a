import { expect, test } from 'vitest'
import { indexScene } from '../../src/matching/scene-index.js'
import { countsBySize } from '../../src/metrics/counts.js'
import { countsByImage } from '../../src/metrics/per-image.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

test('an image worked by hand, and one with nothing', () => {
  const truths = [
    { image: 1, box: [0, 0, 100, 100] },
    { image: 1, box: [200, 0, 10, 10] },
    { image: 1, box: [300, 0, 20, 20] },
  ]
  const guesses = [
    { image: 1, box: [0, 0, 100, 60], score: 0.7 }, // IoU .6
    { image: 1, box: [500, 500, 9, 9], score: 0.5 },
    { image: 1, box: [600, 500, 9, 9], score: 0.6 },
    { image: 1, box: [300, 0, 20, 20], score: 0.1 },
  ]
  const scene = buildScene(truths, guesses, { images: [1, 2] })
  const [first, second] = countsByImage(
    scene,
    indexScene(scene, 'corrected', false),
    viewOf('corrected', { score: 0.4 }),
  )
  expect(first).toEqual({
    image: 0,
    groundTruths: 3,
    detections: 3,
    tp: 1,
    fp: 2,
    fn: 2,
    precision: 1 / 3,
    recall: 1 / 3,
    f1: 1 / 3,
    ignored: 0,
    meanIou: 0.6,
    worstFp: 2,
    worstFn: 2,
  })
  expect(second).toEqual({
    image: 1,
    groundTruths: 0,
    detections: 0,
    tp: 0,
    fp: 0,
    fn: 0,
    precision: null,
    recall: null,
    f1: null,
    ignored: 0,
    meanIou: null,
    worstFp: -1,
    worstFn: -1,
  })
})

test.each(['coco', 'corrected'] as const)('images add up to the whole, protocol %s', protocol => {
  for (let seed = 0; seed < 40; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, protocol, false)
    const view = viewOf(protocol, { score: 0.3 })
    const sizes = countsBySize(scene, index, view)
    sizes.forEach((whole, size) => {
      const images = countsByImage(scene, index, view, size)
      for (const key of ['groundTruths', 'detections', 'tp', 'fp', 'fn', 'ignored'] as const) {
        expect(images.reduce((sum, image) => sum + image[key], 0)).toBe(whole[key])
      }
    })
  }
})
