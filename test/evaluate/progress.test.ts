import { describe, expect, test } from 'vitest'
import { type ByteSource, cocoStats, evaluate, type Input, type ProgressReport } from '../../src/index.js'
import { file, SCENE_STATS, scene, sceneBoxes, sceneMasks } from './coco.js'

/** `value` as a file that comes in pieces of 100 bytes. */
function inPieces(name: string, value: unknown): ByteSource {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return {
    name,
    byteLength: bytes.length,
    chunks: async function* () {
      for (let i = 0; i < bytes.length; i += 100) yield bytes.subarray(i, i + 100)
    },
  }
}

const gtFile = inPieces('gt.json', scene())
const boxFile = inPieces('dt.json', sceneBoxes())
const maskFile = inPieces('dt.json', sceneMasks())

/** All reports of an evaluation, by stage in order of appearance. */
async function reportsOf(gt: Input, dt: Input): Promise<Map<string, ProgressReport[]>> {
  const stages = new Map<string, ProgressReport[]>()
  let last = ''
  const onProgress = (report: ProgressReport): void => {
    if (report.stage !== last) expect(stages.has(report.stage), 'a stage comes once').toBe(false)
    last = report.stage
    stages.set(report.stage, [...(stages.get(report.stage) ?? []), report])
  }
  expect(cocoStats(await evaluate(gt, dt, { onProgress }))).toEqual(SCENE_STATS)
  return stages
}

describe('progress', () => {
  test.each<[string, ByteSource, string[]]>([
    ['boxes', boxFile, ['reading', 'matching']],
    ['masks', maskFile, ['reading', 'intersecting', 'matching']],
  ])('%s: each stage grows to its total', async (_, dt, expected) => {
    const stages = await reportsOf(gtFile, dt)
    expect([...stages.keys()]).toEqual(expected)
    for (const [stage, reports] of stages) {
      const done = reports.map(report => report.done)
      expect(done, stage).toEqual(done.toSorted((a, b) => a - b))
      expect(new Set(reports.map(report => report.total)).size, stage).toBe(1)
      expect(done[done.length - 1], stage).toBe(reports[0].total)
    }
    const reading = stages.get('reading') ?? []
    expect(reading[0].total).toBe((gtFile.byteLength ?? 0) + (dt.byteLength ?? 0))
    expect(reading.length).toBeGreaterThan(10)
  })

  test('of masks: every evaluated mask', async () => {
    const stages = await reportsOf(gtFile, maskFile)
    expect(stages.get('intersecting')?.at(-1)).toEqual({ stage: 'intersecting', done: 13, total: 13 })
  })

  test('plain objects and sources of unknown length have no total', async () => {
    for (const gt of [scene(), { ...gtFile, byteLength: null }]) {
      const reading = (await reportsOf(gt, maskFile)).get('reading') ?? []
      const done = reading.map(report => report.done)
      expect(done).toEqual(done.toSorted((a, b) => a - b))
      expect(new Set(reading.map(report => report.total))).toEqual(new Set([null]))
    }
  })
})

describe('abort', () => {
  const reason = new Error('enough')

  test('before it starts', async () => {
    const seen: ProgressReport[] = []
    const signal = AbortSignal.abort(reason)
    const inputs: [Input, Input][] = [
      [gtFile, maskFile],
      [scene(), sceneBoxes()],
      [file('gt.json', scene()), file('dt.json', sceneBoxes())],
    ]
    for (const [gt, dt] of inputs) {
      await expect(evaluate(gt, dt, { signal, onProgress: report => seen.push(report) })).rejects.toBe(reason)
    }
    expect(seen).toEqual([])
  })

  test('at any report before the matching', async () => {
    const reports = [...(await reportsOf(gtFile, maskFile)).values()].flat()
    const last = reports.findIndex(report => report.stage === 'matching')
    expect(last).toBeGreaterThan(20)
    for (let stop = 0; stop < last; stop++) {
      const controller = new AbortController()
      let seen = 0
      const onProgress = (): void => {
        if (seen++ === stop) controller.abort(reason)
      }
      const run = evaluate(gtFile, maskFile, { signal: controller.signal, onProgress })
      await expect(run, `at report ${stop}`).rejects.toBe(reason)
      // The other file may hand over the piece that it has at hand.
      expect(seen).toBeLessThanOrEqual(stop + 2)
    }
  })

  test('while the bytes are on their way', async () => {
    const controller = new AbortController()
    const slow: ByteSource = {
      ...gtFile,
      chunks: async function* () {
        for await (const chunk of gtFile.chunks()) {
          controller.abort(reason)
          yield chunk
        }
      },
    }
    await expect(evaluate(slow, maskFile, { signal: controller.signal })).rejects.toBe(reason)
  })

  test('without a reason: an AbortError', async () => {
    const error = await evaluate(gtFile, maskFile, { signal: AbortSignal.abort() }).catch(error => error)
    expect(error.name).toBe('AbortError')
  })

  test('a signal that stays quiet changes nothing', async () => {
    const { signal } = new AbortController()
    expect(cocoStats(await evaluate(gtFile, maskFile, { signal }))).toEqual(SCENE_STATS)
  })
})

test('an error of the callback or of a source comes through as it is', async () => {
  const mine = new RangeError('mine')
  const thrower = (): never => {
    throw mine
  }
  await expect(evaluate(gtFile, maskFile, { onProgress: thrower })).rejects.toBe(mine)
  const broken: ByteSource = {
    ...gtFile,
    chunks: async function* () {
      yield new TextEncoder().encode('{"images": [')
      throw mine
    },
  }
  await expect(evaluate(broken, maskFile)).rejects.toBe(mine)
})
