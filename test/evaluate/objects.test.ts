import { describe, expect, test } from 'vitest'
import { cocoStats, evaluate, type Input, InputError } from '../../src/index.js'
import {
  type Box,
  dataset,
  evaluateFiles,
  found,
  foundMask,
  rle,
  runs,
  SCENE_STATS,
  scene,
  sceneBoxes,
  sceneMasks,
  truth,
} from './coco.js'

const numbers = async (gt: Input, dt: Input) => cocoStats(await evaluate(gt, dt))

/** What evaluate says of it; the error must be an InputError. */
async function refusal(gt: unknown, dt: unknown): Promise<string> {
  const error = await evaluate(gt as Input, dt as Input).then(
    () => null,
    error => error,
  )
  expect(error).toBeInstanceOf(InputError)
  return error.message
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) frozen(part)
    Object.freeze(value)
  }
  return value
}

const encode = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value))

describe('what may be handed over', () => {
  test.each<[string, (value: object) => Input]>([
    ['plain objects', value => value],
    ['bytes', encode],
    ['a part of a larger buffer', value => Buffer.concat([Buffer.from('xx'), encode(value)]).subarray(2)],
    ['an ArrayBuffer', value => encode(value).buffer],
    ['shared memory', shared],
    [
      'a byte source in small chunks',
      value => ({
        name: 'x',
        byteLength: null,
        chunks: async function* () {
          for (const byte of encode(value)) yield Uint8Array.of(byte)
        },
      }),
    ],
  ])('%s', async (_, made) => {
    expect(await numbers(made(scene()), made(sceneBoxes()))).toEqual(SCENE_STATS)
    expect(await numbers(made(scene()), made(sceneMasks()))).toEqual(SCENE_STATS)
    expect(await numbers(scene(), made(sceneMasks()))).toEqual(SCENE_STATS)
  })

  function shared(value: object): Uint8Array {
    const bytes = encode(value)
    const out = new Uint8Array(new SharedArrayBuffer(bytes.length))
    out.set(bytes)
    return out
  }

  test.each<[unknown, string]>([
    ['gt.json', 'a string (a path or a text; read the file to bytes first)'],
    [null, 'null'],
    [undefined, 'undefined'],
    [42, 'a number'],
    [() => [], 'a function'],
    [Promise.resolve([]), 'a promise (await it first)'],
    [new Float64Array(7), 'a Float64Array'],
    [new DataView(new ArrayBuffer(2)), 'a DataView'],
  ])('but not %s', async (input, what) => {
    const expected = `expected the bytes of a JSON file, plain objects or a byte source, got ${what}`
    expect(await refusal(input, [])).toBe(`ground truth: ${expected}`)
    expect(await refusal(scene(), input)).toBe(`detections: ${expected}`)
  })

  test('many records, which become text piece by piece', async () => {
    const box: Box = [10, 10, 20, 20]
    const count = 5001
    const images = Array.from({ length: count }, (_, id) => ({ id, height: 100, width: 100 }))
    const gt = dataset(
      images.map(({ id }) => truth(id + 1, box, { image_id: id })),
      { images },
    )
    const evaluation = await evaluate(
      gt,
      images.map(({ id }) => found(box, 0.5, { image_id: id })),
    )
    expect(evaluation.dataset.detections.count).toBe(count)
    expect(cocoStats(evaluation)[8]).toBe(1)
  })
})

describe('typed arrays in objects', () => {
  const box = Float32Array.of(10, 10, 40, 40)
  const [gt, dt] = [dataset([truth(1, [10, 10, 40, 40])]), [found([10, 10, 40, 40], 0.5)]]
  const exact = 0.9999999999999998

  test('boxes', async () => {
    expect(
      (
        await numbers({ ...gt, annotations: [{ ...gt.annotations[0], bbox: box }] }, [
          { ...dt[0], bbox: box },
        ])
      )[0],
    ).toBe(exact)
  })

  test.each<[string, object | string]>([
    ['runs as Uint32Array', Uint32Array.from(runs([10, 10, 40, 40]))],
    ['runs as a list', runs([10, 10, 40, 40])],
    ['the bytes of a string', new TextEncoder().encode(rle([10, 10, 40, 40]).counts)],
    ['a Buffer', Buffer.from(rle([10, 10, 40, 40]).counts)],
  ])('%s', async (_, counts) => {
    const segmentation = { size: Uint16Array.of(100, 100), counts }
    const masked = [foundMask([0, 0, 1, 1], 0.5, { segmentation })]
    expect((await numbers(gt, masked))[0]).toBe(exact)
    expect((await numbers({ ...gt, annotations: [{ ...gt.annotations[0], segmentation }] }, masked))[0]).toBe(
      exact,
    )
  })

  test('polygons', async () => {
    const segmentation = [Float64Array.of(10, 10, 50, 10, 50, 50, 10, 50)]
    expect((await numbers(gt, [foundMask([0, 0, 1, 1], 0.5, { segmentation })]))[0]).toBe(exact)
  })
})

describe('values that JSON lacks', () => {
  const good = dataset([truth(1, [0, 0, 50, 50])])
  test.each<[object, string]>([
    [{ score: Number.NaN }, 'detections: [0]: expected "score" as a finite number, got'],
    [{ score: -Infinity }, 'detections: [0]: expected "score" as a finite number, got'],
    [{ score: undefined }, 'detections: [0]: "score" is missing'],
    [
      { bbox: [0, Number.NaN, 1, 1] },
      'detections: [0]: expected every entry of "bbox" as a finite number, got',
    ],
    [
      { bbox: Float32Array.of(0, 0, Infinity, 1) },
      'detections: [0]: expected every entry of "bbox" as a finite number',
    ],
    [{ image_id: '1' }, 'detections: [0]: expected "image_id" as a number without quotes, got'],
    [{ image_id: 2n ** 60n }, 'detections: [0]: expected "image_id" as a whole number within 2^53, got'],
  ])('%o', async (fields, message) => {
    expect(await refusal(good, [{ ...found([0, 0, 50, 50], 0.5), ...fields }])).toContain(message)
  })

  test('a NaN area is not taken for an absent one', async () => {
    const gt = dataset([truth(1, [0, 0, 50, 50], { area: Number.NaN })])
    expect(await refusal(gt, [])).toContain(
      'ground truth: annotations[0]: expected "area" as a finite number, got',
    )
  })

  test('small bigints are ids; undefined fields and NaN elsewhere are passed over', async () => {
    const gt = { ...dataset([truth(1, [0, 0, 50, 50], { loss: Number.NaN })]), info: undefined, f: () => 1 }
    const dt = [{ ...found([0, 0, 50, 50], 0.5), image_id: 1n, segmentation: undefined, extra: [Infinity] }]
    expect((await numbers(gt, dt))[0]).toBe(0.9999999999999998)
  })

  test('an object that holds itself', async () => {
    const record: Record<string, unknown> = found([0, 0, 50, 50], 0.5)
    record.parent = record
    expect(await refusal(good, [record])).toMatch(
      /^detections: expected plain objects as JSON holds them; .*circular/,
    )
  })
})

describe('inputs are never changed', () => {
  test.each([
    ['boxes', sceneBoxes()],
    ['masks', sceneMasks()],
    ['masks in a box run', sceneMasks()],
  ])('%s', async (name, dt) => {
    const iouType = name.endsWith('box run') ? ('bbox' as const) : undefined
    const options = frozen({ iouThresholds: [0.75, 0.5], maxDets: [100, 1, 10], imageIds: [2, 1], iouType })
    await evaluate(frozen(scene()), frozen(dt), options)
    expect(dt).toEqual(name === 'boxes' ? sceneBoxes() : sceneMasks())
  })

  test('bytes', async () => {
    const [gt, dt] = [encode(scene()), encode(sceneMasks())]
    await evaluate(gt, dt)
    expect([gt, dt]).toEqual([encode(scene()), encode(sceneMasks())])
  })

  test('the same objects, once as masks, once as boxes, again as masks', async () => {
    const [gt, dt] = [scene(), sceneMasks()]
    const first = await evaluate(gt, dt, { iouType: 'segm' })
    await evaluate(gt, dt, { iouType: 'bbox' })
    const again = await evaluate(gt, dt, { iouType: 'segm' })
    expect(again.coco).toEqual(first.coco)
    expect(again.warnings).toEqual(first.warnings)
    expect(cocoStats(again)).toEqual(SCENE_STATS)
  })

  test('two at once', async () => {
    const [gt, dt] = [scene(), sceneBoxes()]
    const both = await Promise.all([
      evaluate(gt, dt),
      evaluate(gt, dt, { classAgnostic: true }),
      evaluateFiles(gt, dt),
    ])
    expect(cocoStats(both[0])).toEqual(SCENE_STATS)
    expect(cocoStats(both[2])).toEqual(SCENE_STATS)
  })
})
