import type { MaskBackend } from '../backend.js'
import { describeAdapter } from './adapter.js'
import type { MemoryUse } from './buffers.js'
import { Device, type DeviceOptions } from './device.js'
import { loadMasks } from './load.js'
import { WebGpuMaskSet } from './mask-set.js'

/** Full-frame bit maps of a batch, where the adapter binds so much: some 7,000 masks of 640 x 480. */
const BATCH_BYTES = 256 * 2 ** 20

export interface WebGpuOptions extends DeviceOptions {
  /** Kept referenced as long as the backend: what the adapter came from, where its owner needs that. */
  owner?: unknown
}

export interface WebGpuBackend extends MaskBackend {
  readonly kind: 'webgpu'
  /** Device memory as it stands. */
  readonly memory: Readonly<MemoryUse>
  readonly owner: unknown
}

/**
 * The masks on a GPU: decoded, rasterised and intersected by WGSL, equal to the CPU backend on every input.
 * Takes a standard adapter (a browser's, or Dawn's in Node) and owns the device that it opens.
 * Fails with DeviceError 'lost' when the adapter gives no device.
 */
export async function createWebGpuBackend(
  adapter: GPUAdapter,
  options: WebGpuOptions = {},
): Promise<WebGpuBackend> {
  const device = await Device.open(adapter, options)
  return {
    kind: 'webgpu',
    name: describeAdapter(adapter.info),
    batchBytes: Math.min(BATCH_BYTES, device.memory.bufferBytes),
    memory: device.memory.use,
    owner: options.owner,
    load: async (masks, rows) => new WebGpuMaskSet(device, masks, rows, await loadMasks(device, masks, rows)),
    close: () => device.close(),
  }
}
