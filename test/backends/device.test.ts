import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MaskSet, Pairs } from '../../src/backends/backend.js'
import { createCpuBackend } from '../../src/backends/cpu.js'
import type { WebGpuBackend, WebGpuOptions } from '../../src/backends/webgpu/backend.js'
import { DeviceError } from '../../src/errors.js'
import { openDawn } from '../../src/node/dawn.js'
import { Random } from '../parity/random.js'
import { isAvailable, openDawnBackend } from '../support/backends.js'
import { encodeMasks, type MaskSpec, rowsTo } from '../support/masks.js'
import { onHardware } from '../support/swiftshader.js'
import { randomMasks } from './random-masks.js'

const available = await isAvailable({ name: 'webgpu through Dawn (device tests)', open: openDawnBackend })

let backend: WebGpuBackend
let device: GPUDevice
/** What the device complained about without being asked. */
let complaints: string[]

async function open(options: Partial<WebGpuOptions> = {}): Promise<WebGpuBackend> {
  const onDevice = (opened: GPUDevice): void => {
    device = opened
    opened.addEventListener('uncapturederror', event => complaints.push(event.error.message))
  }
  const opened = await openDawn({ software: !onHardware, onDevice, ...options })
  if ('missing' in opened) throw new Error(opened.missing)
  backend = opened.backend
  return backend
}

const load = (specs: MaskSpec[]): Promise<MaskSet> => backend.load(encodeMasks(specs), rowsTo(specs.length))

/** Mask i of one set with masks i, i + 1, ... i + 7 of the other. */
function neighbours(count: number): Pairs {
  const dt = Uint32Array.from({ length: 8 * count }, (_, p) => p >> 3)
  return { dt, gt: dt.map((d, p) => (d + (p & 7)) % count) }
}

async function expectEqualToCpu(specs: MaskSpec[]): Promise<void> {
  const pairs = neighbours(specs.length)
  const expected = await createCpuBackend({ kernel: false }).load(encodeMasks(specs), rowsTo(specs.length))
  const found = await load(specs)
  expect(found.areaPx).toEqual(expected.areaPx)
  expect(found.bounds).toEqual(expected.bounds)
  expect(await found.intersect(found, pairs)).toEqual(await expected.intersect(expected, pairs))
  found.free()
}

const someMasks = (seed: number, count = 100): MaskSpec[] => randomMasks(new Random(seed), count)

const full = (height: number, width: number): MaskSpec => ({ height, width, runs: [0, height * width] })

async function failure(work: Promise<unknown>): Promise<DeviceError> {
  const error: unknown = await work.then(
    () => 'no error',
    reason => reason,
  )
  if (!(error instanceof DeviceError)) throw new Error(`expected a DeviceError, got ${error}`)
  return error
}

describe.skipIf(!available)('a WebGPU device', () => {
  beforeEach(() => {
    complaints = []
  })
  afterEach(() => {
    expect(complaints).toEqual([])
    backend.close()
  })

  test('tells a meter what it does, and finds the same', async () => {
    const told = { kernels: new Set<string>(), ns: 0, bound: 0, sent: 0, received: 0 }
    await open({
      meter: {
        ran: (kernel, elapsedNs, boundBytes) => {
          told.kernels.add(kernel)
          told.ns += elapsedNs ?? 0
          told.bound += boundBytes
        },
        sent: bytes => {
          told.sent += bytes
        },
        received: bytes => {
          told.received += bytes
        },
      },
    })
    const masks = someMasks(4)
    await expectEqualToCpu(masks)
    const strings = masks.filter(mask => 'runs' in mask).length
    expect(strings).toBeGreaterThan(0)
    expect(strings).toBeLessThan(masks.length)
    expect([...told.kernels]).toEqual(
      expect.arrayContaining([
        'parseRuns',
        'paintRuns',
        'markCrossings',
        'fillParts',
        'measure',
        'intersect',
      ]),
    )
    if (device.features.has('timestamp-query')) expect(told.ns).toBeGreaterThan(0)
    // A summary of seven words a string, an extent of five a polygon, one number a pair whose bounds meet.
    const least = 28 * strings + 20 * (masks.length - strings)
    expect(told.received).toBeGreaterThan(least)
    expect(told.received).toBeLessThanOrEqual(least + 4 * 8 * masks.length)
    expect(told.bound).toBeGreaterThan(told.sent)
    expect(backend.memory.buffers).toBe(0)
  })

  describe('with small limits', () => {
    test.each([
      { name: 'buffers of 64 KiB', limits: { maxBufferSize: 2 ** 16 } },
      { name: 'bindings of 64 KiB', limits: { maxStorageBufferBindingSize: 2 ** 16 } },
      { name: 'a hundred workgroups a dimension', limits: { maxComputeWorkgroupsPerDimension: 100 } },
    ])('$name: cuts the work, same numbers', async ({ limits }) => {
      await open({ limits })
      for (const seed of [1, 2, 3]) await expectEqualToCpu(someMasks(seed))
    })

    test('a batch that takes many buffers of a set', async () => {
      await open({ limits: { maxBufferSize: 2 ** 12 } })
      const set = await load(Array.from({ length: 40 }, () => full(100, 30)))
      // 480 bytes of bit map and 32 of record each: eight to a slab of two buffers.
      expect(backend.memory.buffers).toBe(10)
      set.free()
    })

    test('a mask above the limit is refused, and smaller ones still work', async () => {
      await open({ limits: { maxBufferSize: 2 ** 12 } })
      expect((await failure(load([full(100, 30), full(1000, 1000)]))).kind).toBe('capacity')
      const polygon = { height: 500, width: 500, parts: [[0, 0, 0, 499, 499, 499]] }
      expect((await failure(load([polygon]))).kind).toBe('capacity')
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
      expect([...(await load([full(100, 30)])).areaPx]).toEqual([3000])
    })

    test('an image of 2^31 pixels is refused: its counts could overflow', async () => {
      await open()
      const sea = { height: 2 ** 15, width: 2 ** 16, runs: Array.from({ length: 8 }, () => 2 ** 28) }
      expect((await failure(load([sea]))).kind).toBe('capacity')
    })
  })

  describe('that has no more memory', () => {
    test('refuses what is above its share, and takes it when there is room again', async () => {
      await open({ memoryBytes: 1_000_000 })
      const first = await load([full(2000, 2000)])
      expect((await failure(load([full(2000, 2000)]))).kind).toBe('capacity')
      first.free()
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
      expect([...(await load([full(2000, 2000)])).areaPx]).toEqual([4_000_000])
    })

    test('a refused allocation is a capacity error', async () => {
      await open()
      const set = await load([full(10, 10)])
      refuseAllocations(device, 1)
      expect((await failure(load([full(10, 10)]))).kind).toBe('capacity')
      refuseAllocations(device, 1)
      const pairs = { dt: Uint32Array.of(0), gt: Uint32Array.of(0) }
      expect((await failure(set.intersect(set, pairs))).kind).toBe('capacity')
      expect([...(await set.intersect(set, pairs))]).toEqual([100])
      set.free()
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    })
  })

  describe('that is lost', () => {
    test('before a load: every later call fails at once', async () => {
      await open()
      device.destroy()
      expect((await failure(load([full(10, 10)]))).kind).toBe('lost')
      expect((await failure(load([full(10, 10)]))).kind).toBe('lost')
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    })

    test('during loads', async () => {
      await open()
      const loads = [1, 2, 3].map(seed => failure(load(someMasks(seed))))
      device.destroy()
      for (const error of await Promise.all(loads)) expect(error.kind).toBe('lost')
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    })

    test('during an intersection', async () => {
      await open()
      const set = await load(someMasks(4))
      const running = failure(set.intersect(set, neighbours(100)))
      device.destroy()
      expect((await running).kind).toBe('lost')
      set.free()
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    })

    test('whose scopes give no answer: that is no lack of memory', async () => {
      await open()
      // As in a browser whose GPU process has crashed: what waits is refused, and some time later the loss is told.
      const crashed = device
      crashed.popErrorScope = async () => {
        setTimeout(() => crashed.destroy(), 200)
        throw new Error('no answer')
      }
      const error = await failure(load([full(10, 10)]))
      expect(error.kind).toBe('lost')
      expect(error.message).toMatch(/^the device was lost: /)
      expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    })

    test('by closing the backend', async () => {
      await open()
      backend.close()
      expect((await failure(load([full(10, 10)]))).message).toBe('the backend was closed')
    })
  })

  test('an error that nobody caught stops all later work', async () => {
    await open()
    device.createBuffer({ size: 4, usage: 0 })
    await device.queue.onSubmittedWorkDone()
    expect((await failure(load([full(10, 10)]))).kind).toBe('lost')
    expect(complaints).toHaveLength(1)
    complaints = []
  })

  test('loads and intersections at the same time', async () => {
    await open()
    await Promise.all([1, 2, 3, 4, 5, 6].map(seed => expectEqualToCpu(someMasks(seed, 40))))
  })

  test('memory is the same after thousands of batches', async () => {
    await open()
    const masks = encodeMasks(someMasks(9, 12))
    const pairs = neighbours(12)
    const rows = rowsTo(12)
    let peak = 0
    for (let i = 0; i < 2000; i++) {
      const set = await backend.load(masks, rows)
      await set.intersect(set, pairs)
      peak = Math.max(peak, backend.memory.bytes)
      if (i === 0) expect(backend.memory.buffers).toBe(2)
      set.free()
      set.free()
    }
    expect(backend.memory).toEqual({ buffers: 0, bytes: 0 })
    expect(peak).toBeLessThan(2 ** 20)
  }, 120_000)
})

/** Makes the next `count` out-of-memory scopes report an error, as a device without memory does. */
function refuseAllocations(device: GPUDevice, count: number): void {
  const pop = device.popErrorScope.bind(device)
  const push = device.pushErrorScope.bind(device)
  const filters: string[] = []
  device.pushErrorScope = filter => {
    filters.push(filter)
    push(filter)
  }
  device.popErrorScope = async () => {
    const refused = filters.pop() === 'out-of-memory' && count-- > 0
    const error = await pop()
    return refused ? ({ message: 'no memory' } as GPUError) : error
  }
}
