import { expect, test } from 'vitest'
import { type ByteSource, cocoStats, evaluate } from '../../src/index.js'
import { SCENE_STATS, scene, sceneMasks } from './coco.js'

/** V8's longest string, in characters: nothing beyond this can be read as one. */
const LONGEST_STRING = 2 ** 29 - 24
const MIB = 2 ** 20

interface LargeFile extends ByteSource {
  byteLength: number
  /** How often the filler stands in it. */
  fillers: number
}

/** `head`, `filler` as often as it takes to pass the longest string, `tail`. Only one block of it is ever in memory. */
function largeFile(name: string, head: string, filler: string, tail: string): LargeFile {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
  const perBlock = Math.ceil((4 * MIB) / filler.length)
  const block = encode(filler.repeat(perBlock))
  const blocks = Math.ceil(LONGEST_STRING / block.length)
  const [first, last] = [encode(head), encode(tail)]
  return {
    name,
    byteLength: first.length + blocks * block.length + last.length,
    fillers: blocks * perBlock,
    chunks: async function* () {
      yield first
      for (let i = 0; i < blocks; i++) yield block
      yield last
    },
  }
}

test('files longer than any string are read in constant memory', async () => {
  const text = 'x'.repeat(30_000)
  const sections = JSON.stringify(scene()).slice(1)
  const gt = largeFile('gt.json', '{"licenses":[', `{"id":1,"url":"${text}"},`, `0],${sections}`)
  const [first, ...others] = sceneMasks().map(record => JSON.stringify(record))
  const stray = JSON.stringify({ ...sceneMasks()[0], image_id: 3, feature: text })
  const dt = largeFile('dt.json', `[${first},`, `${stray},`, `${others.join(',')}]`)
  expect(Math.min(gt.byteLength, dt.byteLength)).toBeGreaterThan(LONGEST_STRING)

  const before = process.memoryUsage.rss()
  let peak = before
  const onProgress = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const evaluation = await evaluate(gt, dt, { onUnknown: 'warn', onProgress })
  expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
  expect(evaluation.warnings).toMatchObject([
    { code: 'unknown-image', count: dt.fillers, example: 'dt.json: [1] has image_id 3' },
  ])
  // The two files are more than 1024 MiB.
  expect((peak - before) / MIB).toBeLessThan(200)
})
