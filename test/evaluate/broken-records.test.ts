import { describe, expect, test } from 'vitest'
import { cocoStats, evaluate } from '../../src/index.js'
import {
  dataset,
  evaluateFiles,
  failure,
  file,
  found,
  foundMask,
  SCENE_STATS,
  scene,
  sceneBoxes,
  sceneMasks,
  truth,
  without,
} from './coco.js'

const good = dataset([truth(1, [0, 0, 50, 50])])

/** Results of two records, the second with this text for a value. */
function secondWith(field: string, text: string): string {
  const records = [found([0, 0, 50, 50], 0.9), found([0, 0, 50, 50], 0.5, { [field]: '@' })]
  return JSON.stringify(records).replace('"@"', text)
}

describe('scores', () => {
  test.each(['NaN', 'Infinity', '-Infinity', 'null', '"0.9"', 'true', '[0.9]', '{}', '""'])(
    '%s',
    async text => {
      const message = await failure(good, secondWith('score', text))
      expect(message.startsWith(`dt.json: [1]: expected "score" as a finite number, got ${text}`)).toBe(true)
    },
  )

  test.each(['1e999', '-1e400'])('%s', async text => {
    expect(await failure(good, secondWith('score', text))).toMatch(
      /^dt\.json: \[1\]: expected a finite number, got /,
    )
  })

  test('missing', async () => {
    const dt = [found([0, 0, 50, 50], 0.9), without(found([0, 0, 50, 50], 0.9), 'score')]
    expect(await failure(good, dt)).toBe('dt.json: [1]: "score" is missing')
  })
})

describe('boxes', () => {
  test.each(['[0,0,-5,10]', '[0,0,10,-0.001]', '[50,50,10,-40]'])('%s: a negative size', async text => {
    const expected = 'expected "bbox" as [x, y, width, height] with a width and height of 0 or more, got'
    expect(await failure(good, secondWith('bbox', text))).toContain(`dt.json: [1]: ${expected} ${text}`)
    const gt = JSON.stringify(dataset([truth(3, [0, 0, 9, 9])])).replace('[0,0,9,9]', text)
    expect(await failure(gt, [])).toContain(`gt.json: annotations[0]: ${expected} ${text}`)
  })

  test.each([
    ['[0,0,5]', '4 numbers in "bbox" [x, y, width, height], not 3'],
    ['[0,0,5,5,0.9]', '4 numbers in "bbox" [x, y, width, height], not 5'],
    ['[0,NaN,5,5]', 'every entry of "bbox" as a finite number'],
    ['[0,0,Infinity,5]', 'every entry of "bbox" as a finite number'],
    ['[null,0,5,5]', 'every entry of "bbox" as a finite number'],
    ['["0",0,5,5]', 'every entry of "bbox" as a finite number'],
    ['[[0,0],[5,5]]', 'every entry of "bbox" as a finite number'],
    ['{"x":0,"y":0}', '"bbox" as [x, y, width, height]'],
    ['"0 0 5 5"', '"bbox" as [x, y, width, height]'],
    ['[0,0,1e200,1e200]', '"bbox" as [x, y, width, height] with a finite area'],
  ])('%s', async (text, expected) => {
    expect(await failure(good, secondWith('bbox', text))).toContain(
      `dt.json: [1]: expected ${expected}, got `,
    )
  })

  test('of no size are legal, and found by nothing', async () => {
    const gt = dataset([truth(1, [0, 0, 50, 50]), truth(2, [5, 5, 0, 10])])
    const evaluation = await evaluateFiles(gt, [found([0, 0, 50, 50], 0.9), found([5, 5, 0, 10], 0.8)])
    // One of two found, then a false positive: 51 of 101 samples at precision 1 (coco-defects D24).
    expect(cocoStats(evaluation)[0]).toBeCloseTo(51 / 101, 12)
    expect(evaluation.warnings.map(({ code }) => code)).toEqual(['empty-box'])
  })
})

describe('ids that are strings', () => {
  test.each([
    ['image_id', '"2"', '"image_id" as a number without quotes'],
    ['image_id', '"000000000139.jpg"', '"image_id" as a number (a file name or another string is no id)'],
    ['category_id', '"person"', '"category_id" as a number (a file name or another string is no id)'],
    ['category_id', '""', '"category_id" as a number (a file name or another string is no id)'],
    ['image_id', '2.5', '"image_id" as a whole number within 2^53'],
    ['image_id', 'null', '"image_id" as a whole number'],
    ['category_id', '[1]', '"category_id" as a whole number'],
    ['category_id', 'true', '"category_id" as a whole number'],
  ])('%s %s', async (field, text, expected) => {
    const message = await failure(good, secondWith(field, text))
    expect(message).toContain(`dt.json: [1]: expected ${expected}, got `)
    expect(message).toContain(`got ${text}`)
  })

  test('in the ground truth', async () => {
    const gt = dataset([truth(1, [0, 0, 9, 9], { image_id: 'a.jpg' })], { images: [{ id: 'a.jpg' }] })
    expect(await failure(gt, [])).toMatch(
      /^gt\.json: images\[0\]: expected "id" as a number \(a file name or/,
    )
    expect(await failure(dataset([truth(1, [0, 0, 9, 9], { id: 'x1' })]), [])).toMatch(
      /^gt\.json: annotations\[0\]: expected "id" as a number \(a file name or/,
    )
  })
})

describe('the wrong file', () => {
  test('a whole COCO data set for the results', async () => {
    expect(await failure(scene(), scene())).toMatch(
      /^dt\.json: expected a list of detections \[.*\]; this looks like a whole COCO data set: give its "annotations" list alone, with scores \(or are the two files swapped\?\)$/,
    )
  })

  test('results for the ground truth', async () => {
    expect(await failure(sceneBoxes(), sceneBoxes())).toMatch(
      /^gt\.json: expected a COCO ground truth \{.*\}; this is a list, as results are \(are the two files swapped\?\)$/,
    )
  })

  test('swapped', async () => {
    expect(await failure(sceneBoxes(), scene())).toContain('are the two files swapped?')
  })

  test('some other object for the results', async () => {
    expect(await failure(scene(), { predictions: sceneBoxes() })).toMatch(
      /^dt\.json: expected a list of detections \[.*\]; an object stands here$/,
    )
  })

  test('the list of annotations for the results', async () => {
    expect(await failure(scene(), scene().annotations)).toBe('dt.json: [0]: "score" is missing')
  })

  test.each(['hello', '<html>', '7', '"x"', 'null', '\u0000\u0001'])('%j', async text => {
    expect(await failure(text, [])).toMatch(/^gt\.json: expected a COCO ground truth/)
    expect(await failure(scene(), text)).toMatch(/^dt\.json: expected a list of detections/)
  })

  test('records that are no objects', async () => {
    expect(await failure(scene(), '[[1, 0, 0, 5, 5, 0.9, 1]]')).toBe(
      'dt.json: [0]: expected "{", got [1, 0, 0, 5, 5, 0.9, 1]',
    )
    expect(await failure({ ...scene(), annotations: {} }, [])).toContain(
      'gt.json: expected "annotations" to be a list',
    )
  })
})

describe('a truncated file', () => {
  // Small, with every kind of value.
  const gt = JSON.stringify({
    info: { a: [1, 'x\\"'] },
    ...dataset([truth(1, [-1, 0, 5.5, 5])]),
    b: [true, null],
  })
  const dt = JSON.stringify([...sceneBoxes().slice(0, 1), { ...sceneMasks()[0], note: '\\u00e9"' }])
  const ended = 'the file ends too early; it was cut short (truncated)'

  test.each([
    ['gt.json', gt, (text: string) => failure(text, [])],
    ['dt.json', dt, (text: string) => failure(scene(), text, { iouType: 'segm' })],
  ])('%s, cut at every byte', async (name, whole, failureOf) => {
    expect(await failureOf('')).toBe(`${name}: the file is empty`)
    for (let n = 1; n < whole.length; n++) {
      const message = await failureOf(whole.slice(0, n))
      expect(message, `${n} bytes`).toMatch(new RegExp(`^${name}: .*${ended.replace(/[()]/g, '\\$&')}$`))
    }
  })

  test('the record in which it ends is named', async () => {
    expect(await failure(scene(), dt.slice(0, -4))).toBe(`dt.json: [1]: ${ended}`)
    expect(await failure(gt.slice(0, gt.indexOf('"iscrowd"') + 3), [])).toBe(
      `gt.json: annotations[0]: ${ended}`,
    )
  })

  test('in the midst of a character', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify([found([0, 0, 1, 1], 1, { note: '箱' })]))
    const at = bytes.findIndex(byte => byte > 127)
    for (const end of [at + 1, at + 2]) {
      const cut = evaluate(file('gt.json', scene()), file('dt.json', bytes.subarray(0, end)))
      await expect(cut).rejects.toThrow(`dt.json: [0]: ${ended}`)
    }
  })

  test('two documents in one file', async () => {
    const lines = sceneBoxes()
      .map(record => JSON.stringify([record]))
      .join('\n')
    expect(await failure(scene(), lines)).toContain(
      'dt.json: more text stands after the end of the JSON document',
    )
  })

  test('the whole files are fine', async () => {
    const evaluation = await evaluateFiles(scene(), sceneBoxes())
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
    await expect(evaluateFiles(gt, [foundMask([0, 0, 5, 5], 1)])).resolves.toBeDefined()
    await expect(evaluateFiles(scene(), dt, { iouType: 'segm' })).resolves.toBeDefined()
  })
})
