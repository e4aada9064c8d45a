import { describe, expect, test } from 'vitest'
import { readDetections } from '../../src/ingest/detections.js'
import { readGroundTruth } from '../../src/ingest/ground-truth.js'
import { textSource } from '../support/text-source.js'
import { readersWithoutKernel } from '../support/without-kernel.js'

/** Every kind of token, in fields that are read and in fields that are passed over. */
const DETECTIONS = `[ {"image_id":-12,"category_id":1.5e1,"score":-0.25,"bbox":[-1.5,-2e-3,3E+2,4.0], "x":-7},
 {"score":1e-7 ,"segmentation":{"size":[10,10],"counts":[5,0,3,92]},"category_id":0,"image_id":9007199254740991},
 {"a":true,"b":false,"c":null,"d":NaN,"e":-Infinity,"f":Infinity,"\\u0062box":[0.1,0.2,0.30000000000000004,5e-324],
  "g":"\\"\\\\]}\\u00e9é箱","image_id":3,"category_id":4,"score":0.12345678901234567890123456789},
 {"segmentation":[[-1,-2,-3.5,4,5,6],[1,2,3,4,5]],"image_id":1,"category_id":1,"score":0,"bbox":null},
 {"segmentation":{"counts":"5\\\\3\\u005c\\/0","size":[7,8]},"bbox":[],"image_id":1,"category_id":1,"score":-0}
]`

const GROUND_TRUTH = `{"info":{"n":[-1,{"s":"}"}]},"images":[{"id":-3,"height":null,"width":12,"file_name":"a\\tb"} , {"id":4}],
"annotations":[{"id":0,"image_id":4,"category_id":-1,"iscrowd":true,"area":-2.5,"bbox":[0,-1,2,3]},
 {"ignore":1,"iscrowd":0,"id":5,"image_id":4,"category_id":-1,"area":null,"segmentation":[]}],
"licenses":[[],{},"x",-1],"categories":[{"name":"\\ud83d\\ude00","id":-1}],"last":-0.5}`

async function detections(size: number, read = readDetections) {
  const table = await read(textSource(DETECTIONS, size), 'all', { windowBytes: size })
  const rows = Uint32Array.from({ length: table.count }, (_, i) => i)
  const masks = table.masks.select(rows)
  return {
    ids: [...table.imageIds.view(), ...table.categoryIds.view()],
    scores: [...table.scores.view()],
    boxes: [...table.boxes.view()],
    kinds: [...masks.kinds],
    strings: Array.from(rows, row =>
      masks.kinds[row] === 0
        ? String.fromCharCode(
            ...masks.chunks[masks.chunk[row]].slice(
              masks.starts[row],
              masks.starts[row] + masks.lengths[row],
            ),
          )
        : '',
    ),
    points: [...masks.points.pieces[0]],
    parts: [...masks.partOffsets],
  }
}

async function groundTruth(size: number, read = readGroundTruth) {
  const table = await read(textSource(GROUND_TRUTH, size), 'all', { windowBytes: size })
  const { annotations, fileNames, categoryNames } = table
  return {
    fileNames,
    categoryNames,
    images: [...table.imageIds.view(), ...table.heights.view(), ...table.widths.view()],
    columns: Object.values(annotations).map(column => [...column.view()]),
  }
}

const WHOLE = 1 << 20

test('what the whole files hold', async () => {
  const dt = await detections(WHOLE)
  expect(dt.ids).toEqual([-12, 9007199254740991, 3, 1, 1, 15, 0, 4, 1, 1])
  expect(dt.scores).toEqual([-0.25, 1e-7, 0.12345678901234568, 0, -0])
  expect(dt.boxes.slice(0, 4)).toEqual([-1.5, -0.002, 300, 4])
  expect(dt.boxes.slice(8, 12)).toEqual([0.1, 0.2, 0.30000000000000004, 5e-324])
  expect(dt.kinds).toEqual([255, 0, 255, 1, 0])
  expect(dt.strings[4]).toBe('5\\3\\/0')
  expect(dt.points).toEqual([-1, -2, -3.5, 4, 5, 6, 1, 2, 3, 4])
  const gt = await groundTruth(WHOLE)
  expect(gt.fileNames).toEqual(['a\tb', ''])
  expect(gt.categoryNames).toEqual(['\u{1F600}'])
  expect(gt.images).toEqual([-3, 4, 0, 0, 12, 0])
})

/**
 * A window begins at the first record that is not whole and grows while that does not fit; so with these sizes it
 * ends at every byte of every record.
 */
const SIZES = Array.from({ length: 240 }, (_, i) => 64 + i)

describe.each([
  ['in WebAssembly', { readDetections, readGroundTruth }],
  ['in TypeScript', await readersWithoutKernel()],
])('%s', (_, read) => {
  test('results are the same wherever a window ends', async () => {
    const whole = await detections(WHOLE)
    for (const size of SIZES)
      expect(await detections(size, read.readDetections), `windows of ${size} bytes`).toEqual(whole)
  })

  test('a ground truth is the same wherever a window ends', async () => {
    const whole = await groundTruth(WHOLE)
    for (const size of SIZES)
      expect(await groundTruth(size, read.readGroundTruth), `windows of ${size} bytes`).toEqual(whole)
  })

  test.each([
    [
      '"area":-2.5',
      '"area":00712345678901234567',
      'a number without leading zeros, got 00712345678901234567',
    ],
    ['"area":-2.5', '"area":12e5.5.5.5.5', 'a finite number, got 12e5.5.5.5.5'],
    [
      '"iscrowd":true',
      '"iscrowd":"a flag \\u0041 in words"',
      '"iscrowd" as 0 or 1, got "a flag \\u0041 in words"',
    ],
    [
      '"category_id":-1,',
      '"category_id":[-1, 2, 3, 4],',
      '"category_id" as a whole number, got [-1, 2, 3, 4]',
    ],
  ])('%s as %s: the error is the same wherever a window ends', async (good, wrong, expected) => {
    const text = GROUND_TRUTH.replace(good, wrong)
    for (const size of [...SIZES, WHOLE]) {
      const outcome = read.readGroundTruth(textSource(text, size), 'all', { windowBytes: size })
      await expect(outcome, `windows of ${size} bytes`).rejects.toThrow(
        `annotations[0]: expected ${expected}`,
      )
    }
  })
})
