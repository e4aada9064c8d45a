import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../../src/backends/cpu.js'
import {
  cocoStats,
  type EvaluateOptions,
  evaluate,
  InputError,
  type MaskBackend,
  type ProcessMemory,
} from '../../src/index.js'
import { SCENE_STATS, scene, sceneBoxes, sceneMasks } from './coco.js'

const MIB = 2 ** 20
const LIMIT = 500 * MIB

/** A process that uses so many bytes at one look after the other, the last from then on. */
function processThatUses(...bytes: number[]): ProcessMemory & { looks: number } {
  return {
    looks: 0,
    collect: async () => {},
    usedBytes() {
      return bytes[Math.min(this.looks++, bytes.length - 1)]
    },
  }
}

const run = (dt: object[], options: EvaluateOptions) => evaluate(scene(), dt, options)

/** The CPU, with the number of masks in each set that it was given. */
function countingBackend(): { backend: MaskBackend; sets: number[] } {
  const cpu = createCpuBackend()
  const sets: number[] = []
  const load: MaskBackend['load'] = (masks, rows) => {
    sets.push(rows.length)
    return cpu.load(masks, rows)
  }
  return { backend: { ...cpu, load }, sets }
}

describe('a limit of memory', () => {
  test.each([
    ['boxes', sceneBoxes()],
    ['masks', sceneMasks()],
  ])('%s: changes no number', async (_, dt) => {
    for (const memoryBytes of [60 * MIB, LIMIT, 1e15])
      expect(cocoStats(await run(dt, { memoryBytes }))).toEqual(SCENE_STATS)
    const nearlyFull = { memoryBytes: LIMIT, processMemory: processThatUses(LIMIT - 52 * MIB) }
    expect(cocoStats(await run(dt, nearlyFull))).toEqual(SCENE_STATS)
  })

  test('cuts batches of masks smaller', async () => {
    const usual = countingBackend()
    await run(sceneMasks(), { backend: usual.backend })
    // Looks before reading, linking, grouping, intersecting, and matching: 8 kB are left for masks.
    const processMemory = processThatUses(0, 0, 0, LIMIT - 24 * MIB - 8000, 0)
    const limited = countingBackend()
    const options = { backend: limited.backend, memoryBytes: LIMIT, processMemory }
    expect(cocoStats(await run(sceneMasks(), options))).toEqual(SCENE_STATS)
    expect(processMemory.looks).toBe(5)
    expect(usual.sets).toHaveLength(2)
    expect(Math.max(...limited.sets)).toBeLessThan(Math.max(...usual.sets))
  })

  test('bounds the pairs that are kept', async () => {
    for (const dt of [sceneMasks(), sceneBoxes()]) {
      const processMemory = processThatUses(0, 0, 0, LIMIT - 24 * MIB)
      const refused = run(dt, { memoryBytes: LIMIT, processMemory })
      await expect(refused).rejects.toThrow(/memory: (more than 0 pairs|matching)/)
    }
  })

  test.each([
    ['before reading', [LIMIT - 30 * MIB], 'the program itself needs about'],
    ['before joining', [0, LIMIT], 'these files need about'],
    ['before grouping', [0, 0, LIMIT], 'grouping the detections by image and class needs about'],
    ['before matching', [0, 0, 0, LIMIT], 'matching the detections needs about'],
  ])('that does not suffice ends the run %s', async (_, bytes, message) => {
    const refused = run(sceneBoxes(), { memoryBytes: LIMIT, processMemory: processThatUses(...bytes) })
    await expect(refused).rejects.toThrow(InputError)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toThrow('Allow more (--memory, memoryBytes), or cut both files by class')
  })

  test('that does not suffice for a report says so', async () => {
    const processMemory = processThatUses(0, 0, 0, LIMIT - 100 * MIB)
    const refused = run(sceneBoxes(), { scene: true, memoryBytes: LIMIT, processMemory })
    await expect(refused).rejects.toThrow('memory: a report of these files needs about')
  })

  test('stops reading a file whose columns do not fit, and says what they need', async () => {
    const [first] = sceneBoxes()
    let recordsGiven = 0
    const block = new TextEncoder().encode(`,${JSON.stringify(first)}`.repeat(20_000))
    const blocks = 40
    const dt = {
      name: 'dt.json',
      byteLength: 2 + JSON.stringify(first).length + blocks * block.length,
      chunks: async function* () {
        yield new TextEncoder().encode(`[${JSON.stringify(first)}`)
        for (let i = 0; i < blocks; i++) {
          recordsGiven += 20_000
          yield block
        }
        yield new TextEncoder().encode(']')
      },
    }
    const refused = evaluate(scene(), dt, { memoryBytes: 60 * MIB, processMemory: processThatUses(10 * MIB) })
    await expect(refused).rejects.toThrow(
      /^memory: as far as they are read, these files need about \d+ MB in all, and 63 MB are allowed/,
    )
    expect(recordsGiven).toBeLessThan(800_000)
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d bytes has no meaning',
    async memoryBytes => {
      await expect(run(sceneBoxes(), { memoryBytes })).rejects.toThrow(
        `memoryBytes: expected a number of bytes above 0, got ${memoryBytes}`,
      )
    },
  )
})

test.each([
  'Array buffer allocation failed',
  'WebAssembly.Memory(): could not allocate memory',
  'Invalid typed array length: 99999999999',
])('memory that the platform refuses is no crash: %s', async message => {
  const dt = {
    name: 'dt.json',
    byteLength: null,
    chunks: () => {
      throw new RangeError(message)
    },
  }
  const refused = evaluate(scene(), dt)
  await expect(refused).rejects.toThrow(InputError)
  await expect(refused).rejects.toThrow(`memory: this machine gives no more (${message})`)
})

test('any other RangeError is passed on', async () => {
  const dt = {
    name: 'dt.json',
    byteLength: null,
    chunks: () => {
      throw new RangeError('Maximum call stack size exceeded')
    },
  }
  await expect(evaluate(scene(), dt)).rejects.not.toBeInstanceOf(InputError)
})
