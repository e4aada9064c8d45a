import { describe, expect, test } from 'vitest'
import { cocoStats, summarize } from '../../src/index.js'
import {
  dataset,
  evaluateFiles,
  failure,
  found,
  foundMask,
  rle,
  SCENE_STATS,
  scene,
  sceneBoxes,
  sceneMasks,
  stats,
  truth,
} from './coco.js'

/** All keys of all objects in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, turned(part)]),
  )
}

/** Both files as `spell` writes them. */
const spelt = async (spell: (value: unknown) => unknown): Promise<number[][]> => [
  await stats(spell(scene()), spell(sceneBoxes())),
  await stats(spell(scene()), spell(sceneMasks())),
]

const EXTRA = {
  id_: 5,
  bbox_mode: 'XYWH',
  attributes: { id: 99, bbox: [1, 2], occluded: true, note: 'a "]}" \\ \u{1F600}' },
  segmentation_: [[{ counts: '1' }], null, 1e-300, -0.5e5],
  empty: {},
}

/** The text with NaN, Infinity and -Infinity, which Python writes, in fields that nobody reads. */
const pythonic = (value: unknown): string =>
  JSON.stringify(value).replaceAll('"iscrowd":', '"loss":NaN,"max":Infinity,"min":[-Infinity,NaN],"iscrowd":')

const spaced = (value: unknown): string =>
  JSON.stringify(value, null, 1).replaceAll('\n', ' \t\r\n').replaceAll('":', '"\n:\t')

describe('however it is written, it reads the same', () => {
  test.each<[string, (value: unknown) => unknown]>([
    ['keys in any order', turned],
    ['indented by four', value => JSON.stringify(value, null, 4)],
    [
      'tabs and Windows line ends',
      value => `\r\n${JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n')}\r\n`,
    ],
    ['white space everywhere', spaced],
    ['a byte order mark', value => `\uFEFF${JSON.stringify(value)}`],
    ['a byte order mark and white space', value => `\uFEFF\n ${JSON.stringify(value)}\n\n`],
    ['NaN and Infinity in fields that are not needed', pythonic],
    [
      'every field key escaped',
      value => JSON.stringify(value).replace(/"(\w)(\w*)":/g, (_, c, rest) => `"${unicode(c)}${rest}":`),
    ],
    ['escaped slashes', value => JSON.stringify(value).replaceAll('/', '\\/')],
    [
      'numbers with decimals and exponents',
      value => JSON.stringify(value).replace(/:(\d+)([,}])/g, ':$1.0e+0$2'),
    ],
  ])('%s', async (_, spell) => {
    expect(await spelt(spell)).toEqual([SCENE_STATS, SCENE_STATS])
  })

  test('fields that nobody asked for', async () => {
    const more = (record: object) => ({ ...EXTRA, ...record, ...EXTRA })
    const { images, categories, annotations } = scene()
    const gt = {
      info: { year: 2017, contributor: 'x', annotations: [{ id: 1 }] },
      licenses: [{ id: 1, url: 'http://x/"' }, []],
      images: images.map(more),
      videos: [],
      categories: categories.map(more),
      annotations: annotations.map(more),
      type: 'instances',
    }
    expect(await stats(gt, sceneBoxes().map(more))).toEqual(SCENE_STATS)
    expect(await stats(gt, sceneMasks().map(more))).toEqual(SCENE_STATS)
  })

  test('annotations before what they refer to', async () => {
    const { images, categories, annotations } = scene()
    expect(await stats({ annotations, categories, images }, sceneMasks())).toEqual(SCENE_STATS)
    const shuffled = { categories: categories.toReversed(), images: images.toReversed(), annotations }
    expect(await stats(shuffled, sceneMasks())).toEqual(SCENE_STATS)
  })
})

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

test('names with quotes, backslashes, other scripts and broken surrogates', async () => {
  const names = ['"box"', 'C:\\new\\table', '箱', 'caf\u00e9\u0301', '\u{1F4E6}', '\ud800', 'a/b\t\n']
  const gt = {
    images: [{ id: 1, height: 100, width: 100, file_name: 'größe/ü "1".jpg' }],
    categories: names.map((name, i) => ({ id: i, name })),
    annotations: [truth(1, [0, 0, 9, 9])],
  }
  for (const text of [JSON.stringify(gt), JSON.stringify(gt).replace(/[^ -~]/g, unicode)]) {
    const evaluation = await evaluateFiles(text, [found([0, 0, 9, 9], 1)])
    expect(summarize(evaluation).perClass.map(({ name }) => name)).toEqual(names)
    expect(evaluation.dataset.images.fileNames).toEqual(['größe/ü "1".jpg'])
  }
})

test('RLE strings with backslashes, raw and as \\u005c', async () => {
  // 'bo0X1l1...nk4' holds a backslash: the L of two parts, 1200 px, as pycocotools 2.0.11 encodes it.
  const counts = `bo0X1l1${'0'.repeat(38)}\\Od${'0'.repeat(38)}nk4`
  const gt = dataset([truth(1, [10, 10, 40, 40], { segmentation: { size: [100, 100], counts } })])
  const dt = JSON.stringify([
    foundMask([10, 10, 40, 40], 0.5, { segmentation: { size: [100, 100], counts } }),
  ])
  for (const text of [dt, dt.replace('\\\\', '\\u005c'), dt.replace('\\\\', '\\u005C')]) {
    const evaluation = await evaluateFiles(gt, text)
    expect([evaluation.gtMaskAreas?.[0], evaluation.dtMaskAreas?.[0]]).toEqual([1200, 1200])
    expect([...evaluation.overlaps.similarities]).toEqual([1])
  }
})

test.each(['\\n', '\\b', '\\f', '\\r', '\\t', '\\u0142', '\\ud83d'])(
  'an RLE string with %s, which is no character of it, is refused',
  async escaped => {
    const text = JSON.stringify([foundMask([10, 10, 40, 40], 0.5)]).replace(
      '"counts":"',
      `"counts":"${escaped}`,
    )
    expect(await failure(dataset([truth(1, [10, 10, 40, 40])]), text)).toMatch(
      /^dt\.json: \[0\]\.segmentation: (character|count \d+ is negative|the counts sum to)/,
    )
  },
)

test('compressed counts of the same mask, whole or with empty runs, give the same numbers', async () => {
  const [box] = [[10, 10, 40, 40]] as [number, number, number, number][]
  const gt = dataset([truth(1, box)])
  const sloppy = { size: [100, 100], counts: [1000, 0, 10, ...withGaps(), 0] }
  const evaluation = await evaluateFiles(gt, [foundMask(box, 0.5, { segmentation: sloppy })])
  expect(cocoStats(evaluation)).toEqual(await stats(gt, [foundMask(box, 0.5, { segmentation: rle(box) })]))
  expect([...(evaluation.dtMaskAreas ?? [])]).toEqual([1600])
  /** 40 columns of 40 px, each in two runs of 15 and 25. */
  function withGaps(): number[] {
    const columns = Array.from({ length: 40 }, (_, i) => [15, 0, 25, i < 39 ? 60 : 5050])
    return columns.flat()
  }
})
