import { describe, expect, test } from 'vitest'
import type { MaskBackend } from '../../src/backends/backend.js'
import type { WebGpuOptions } from '../../src/backends/webgpu/backend.js'
import { evaluate } from '../../src/evaluate.js'
import { openDawn } from '../../src/node/dawn.js'
import { compress, nearMask, randomMask, runsOf } from '../parity/masks.js'
import { Random } from '../parity/random.js'
import { isAvailable, openDawnBackend } from '../support/backends.js'
import { onHardware } from '../support/swiftshader.js'

const IMAGES = 30
const [HEIGHT, WIDTH] = [60, 80]

/** Images with a few objects each, and detections near them. */
function dataset() {
  const random = new Random(5)
  const annotations: object[] = []
  const detections: object[] = []
  for (let image = 1; image <= IMAGES; image++) {
    for (let n = random.int(1, 5); n > 0; n--) {
      const mask = randomMask(random, HEIGHT, WIDTH)
      const found = nearMask(random, mask)
      const rle = (bits: Uint8Array) => ({ size: [HEIGHT, WIDTH], counts: compress(runsOf(bits)) })
      const shared = { image_id: image, category_id: 1 }
      const area = mask.bits.reduce((sum, bit) => sum + bit, 0)
      const segmentation = rle(mask.bits)
      annotations.push({ ...shared, id: annotations.length + 1, iscrowd: 0, area, segmentation })
      detections.push({ ...shared, score: random.next(), segmentation: rle(found.bits) })
    }
  }
  const images = Array.from({ length: IMAGES }, (_, i) => ({ id: i + 1, height: HEIGHT, width: WIDTH }))
  return { groundTruth: { images, categories: [{ id: 1, name: 'box' }], annotations }, detections }
}

const { groundTruth, detections } = dataset()

const run = (backend: MaskBackend | 'cpu') => evaluate(groundTruth, detections, { iouType: 'segm', backend })

async function open(options: Partial<WebGpuOptions> = {}): Promise<MaskBackend> {
  const opened = await openDawn({ software: !onHardware, ...options })
  if ('missing' in opened) throw new Error(opened.missing)
  // Small batches, so that there are many.
  return { ...opened.backend, batchBytes: 4000 }
}

const available = await isAvailable({ name: 'webgpu through Dawn (fall-back)', open: openDawnBackend })

describe.skipIf(!available)('an evaluation on a device', async () => {
  const expected = await run('cpu')

  test('gives what the CPU gives', async () => {
    const backend = await open()
    const found = await run(backend)
    backend.close()
    expect(found.coco).toEqual(expected.coco)
    expect(found.backend).toEqual({ kind: 'webgpu', adapter: backend.name })
  })

  test('goes on on the CPU when the device is lost half-way', async () => {
    let device: GPUDevice | undefined
    const backend = await open({
      onDevice: opened => {
        device = opened
      },
    })
    let loads = 0
    const load: MaskBackend['load'] = (masks, rows) => {
      if (++loads === 12) device?.destroy()
      return backend.load(masks, rows)
    }
    const found = await run({ ...backend, load })
    backend.close()
    expect(loads).toBeGreaterThanOrEqual(12)
    expect(found.coco).toEqual(expected.coco)
    expect(found.backend.kind).toBe('webgpu')
    expect(found.backend.fallback).toMatch(/intersected by cpu instead of .*: the device was lost/)
  })

  test('takes smaller batches where memory is short, and the CPU for what never fits', async () => {
    const backend = await open({ memoryBytes: 3000 })
    const found = await run({ ...backend, batchBytes: 100_000 })
    backend.close()
    expect(found.coco).toEqual(expected.coco)
    expect(found.backend.kind).toBe('webgpu')
    expect(found.backend.fallback).toMatch(/of \d+ masks were intersected by cpu.*the device has room for/)
  })
})
