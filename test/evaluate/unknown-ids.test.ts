import { describe, expect, test } from 'vitest'
import { cocoStats } from '../../src/index.js'
import { countsOf } from '../../src/report/counts.js'
import {
  category,
  dataset,
  evaluateFiles,
  failure,
  found,
  image,
  SCENE_STATS,
  scene,
  sceneBoxes,
  stats,
  truth,
} from './coco.js'

const ADVICE = 'To leave such records out and count them: --on-unknown warn (onUnknown: "warn")'

/** Ground truth with these ids of images and of categories. */
const listing = (images: object[], categories: number[]) =>
  dataset(
    [truth(1, [0, 0, 9, 9], { image_id: (images[0] as { id: number }).id, category_id: categories[0] })],
    {
      images,
      categories: categories.map(category),
    },
  )

/** Detections on image 1, one a category id. */
const ofCategories = (...ids: number[]) => ids.map(category_id => found([0, 0, 9, 9], 0.5, { category_id }))
const ofImages = (...ids: number[]) => ids.map(image_id => found([0, 0, 9, 9], 0.5, { image_id }))

describe('an unknown id is an error: file, ids, record, range, cause', () => {
  test('one image', async () => {
    expect(await failure(scene(), [...sceneBoxes(), ...ofImages(77)])).toBe(
      'dt.json: 1 record names an image that the ground truth does not list: image_id 77; ' +
        'first: dt.json: [7] has image_id 77. The image ids of the ground truth run from 1 to 2. ' +
        `Likely cause: the ground truth holds a part of the images only. ${ADVICE}`,
    )
  })

  test('many categories', async () => {
    expect(await failure(scene(), [...sceneBoxes(), ...ofCategories(9, 8, 7, 9, 6, 5, 4)])).toBe(
      'dt.json: 7 records name categories that the ground truth does not list: category_id 9, 8, 7, 6, 5 and 1 more; ' +
        'first: dt.json: [7] has category_id 9. The category ids of the ground truth run from 1 to 2. ' +
        `Likely cause: the two files were made with different lists of classes. ${ADVICE}`,
    )
  })

  test('an annotation', async () => {
    const gt = dataset([truth(31, [0, 0, 9, 9], { image_id: 2 })])
    expect(await failure(gt, [])).toContain(
      'gt.json: 1 record names an image that the ground truth does not list: image_id 2; ' +
        'first: gt.json: annotations[0] (id 31) has image_id 2.',
    )
    expect(await failure(dataset([truth(31, [0, 0, 9, 9], { category_id: 5 })]), [])).toContain(
      'first: gt.json: annotations[0] (id 31) has category_id 5.',
    )
  })

  test.each<[string, object, object[], string]>([
    [
      'classes from 0',
      listing([image(1)], [1, 2, 3]),
      ofCategories(0, 1, 2),
      'classes are counted from 0 here and from 1 in the ground truth; every other id may then be wrong too',
    ],
    [
      'classes from 1',
      listing([image(1)], [0, 1, 2]),
      ofCategories(1, 2, 3),
      'classes are counted from 1 here and from 0 in the ground truth; every other id may then be wrong too',
    ],
    [
      'images from 0',
      listing([image(1), image(2)], [1]),
      ofImages(0, 1),
      'images are counted from 0 here and from 1 in the ground truth',
    ],
    [
      'places in the list of classes',
      listing([image(1)], [1, 2, 4, 7]),
      ofCategories(1, 2, 3, 4),
      'these are places in a list of classes, but the category ids of the ground truth have gaps',
    ],
    [
      'numbers of file names',
      listing([{ ...image(5), file_name: 'val/COCO_val2014_000000000139.jpg' }], [1]),
      ofImages(139),
      'image_id is the number in the file name: "val/COCO_val2014_000000000139.jpg" has the id 5',
    ],
    [
      'another set of images',
      listing([image(5)], [1]),
      ofImages(700, 701),
      'the two files are of different sets of images',
    ],
  ])('likely cause: %s', async (_, gt, dt, cause) => {
    expect(await failure(gt, dt)).toContain(`Likely cause: ${cause}`)
  })

  test('a ground truth that lists no category', async () => {
    const gt = dataset([], { categories: [] })
    expect(await failure(gt, ofCategories(1))).toContain('The ground truth lists no category at all.')
  })
})

describe('onUnknown "warn" leaves them out and counts them', () => {
  const strangers = [...ofImages(77, 78), ...ofCategories(9)]
  const dt = [strangers[0], ...sceneBoxes(), ...strangers.slice(1)]

  test('the numbers are those without the records', async () => {
    const evaluation = await evaluateFiles(scene(), dt, { onUnknown: 'warn' })
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
    expect(evaluation.warnings.map(({ code, count, example }) => [code, count, example])).toEqual([
      ['unknown-category', 1, 'dt.json: [9] has category_id 9'],
      ['unknown-image', 2, 'dt.json: [0] has image_id 77'],
    ])
    expect(countsOf(evaluation)).toMatchObject({ detections: 7, groundTruths: 6, ignoredRecords: 3 })
    expect([...evaluation.dataset.detections.records]).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('annotations too', async () => {
    const { annotations } = scene()
    const gt = {
      ...scene(),
      annotations: [
        truth(100, [0, 0, 9, 9], { image_id: 3 }),
        ...annotations,
        truth(101, [0, 0, 9, 9], { category_id: 3 }),
      ],
    }
    const evaluation = await evaluateFiles(gt, sceneBoxes(), { onUnknown: 'warn' })
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
    expect(evaluation.warnings.map(({ code, count, example }) => [code, count, example])).toEqual([
      ['unknown-category', 1, 'gt.json: annotations[7] (id 101) has category_id 3'],
      ['unknown-image', 1, 'gt.json: annotations[0] (id 100) has image_id 3'],
    ])
  })

  test('a record that is left out still names itself by its place in the file', async () => {
    const last = { ...found([0, 0, 9, 9], 0.5), bbox: [] }
    expect(await failure(scene(), [...strangers, ...sceneBoxes(), last], { onUnknown: 'warn' })).toContain(
      'dt.json: [10]',
    )
  })

  test('nothing is left: as an empty list', async () => {
    expect(await stats(scene(), strangers, { onUnknown: 'warn' })).toEqual([
      0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, -1,
    ])
  })
})

describe('ids that stand twice', () => {
  const twice = { ...scene(), annotations: [...scene().annotations, truth(3, [5, 5, 9, 9])] }

  test.each(['error', 'warn'] as const)('annotations: always an error (%s)', async onUnknown => {
    expect(await failure(twice, sceneBoxes(), { onUnknown })).toBe(
      'gt.json: annotations[2] and annotations[6] have the same id 3; annotation ids must differ ' +
        '(the reference takes the later one twice). Was the file merged from several?',
    )
  })

  test('annotations: also 0 and ids above 2^32', async () => {
    for (const id of [0, 2 ** 40, -5]) {
      const gt = dataset([truth(7, [0, 0, 9, 9]), truth(id, [0, 0, 9, 9]), truth(id, [0, 0, 9, 9])])
      expect(await failure(gt, [])).toContain(`annotations[1] and annotations[2] have the same id ${id};`)
    }
  })

  test('images and categories: the last counts, with a warning', async () => {
    const { images, categories, annotations } = scene()
    const gt = {
      images: [image(2, 5, 5), ...images],
      categories: [...categories.map(({ id }) => ({ id, name: 'old' })), ...categories],
      annotations,
    }
    const evaluation = await evaluateFiles(gt, sceneBoxes())
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
    expect(evaluation.dataset.categories.names).toEqual(['class 1', 'class 2'])
    expect(evaluation.dataset.images.heights[1]).toBe(80)
    expect(evaluation.warnings.map(({ code, count, example }) => [code, count, example])).toEqual([
      ['duplicate-category', 2, 'gt.json: categories[0] and categories[2] have the same id 1'],
      ['duplicate-image', 1, 'gt.json: images[0] and images[2] have the same id 2'],
    ])
  })
})
