import type { MaskBackend } from './backend.js'
import { MaskKernel } from './cpu/kernel.js'
import { KernelMaskSet } from './cpu/kernel-set.js'
import { PlainMaskSet } from './cpu/plain-set.js'

/** Spans weigh far less than bit maps; this is some 25,000 masks of 640 x 480. */
const BATCH_BYTES = 1 << 30

export interface CpuOptions {
  /** Whether to use WebAssembly where the platform has it; the result is the same. Default true. */
  kernel?: boolean
}

/** The CPU path: exact run arithmetic, the twin that every other backend must equal. */
export function createCpuBackend({ kernel: wanted = true }: CpuOptions = {}): MaskBackend {
  let kernel: MaskKernel | null | undefined
  return {
    kind: 'cpu',
    name: 'cpu',
    batchBytes: BATCH_BYTES,
    async load(masks, rows) {
      kernel ??= wanted ? MaskKernel.create() : null
      return kernel ? new KernelMaskSet(kernel, masks, rows) : new PlainMaskSet(masks, rows)
    },
    close: () => {
      kernel = undefined
    },
  }
}
