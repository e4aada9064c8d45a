import { layoutsWgsl } from './layouts.js'
import {
  applyToggles,
  bits,
  fillParts,
  grid,
  intersect,
  markCrossings,
  measure,
  paintRuns,
  parseRuns,
} from './shaders.generated.js'

/** A kernel has the name of its file in shaders/; its bindings 0, 1, ... are the buffers given to Commands.dispatch. */
const texts = { parseRuns, paintRuns, markCrossings, applyToggles, fillParts, measure, intersect }

export type Kernel = keyof typeof texts

export const KERNELS = Object.keys(texts) as Kernel[]

/** The whole WGSL module of a kernel: the records it shares with the host, the shared functions, its own text. */
export const kernelText = (kernel: Kernel): string => [layoutsWgsl, bits, grid, texts[kernel]].join('\n')

/** Compiles every kernel. Fails with the compiler's message. */
export async function compileKernels(device: GPUDevice): Promise<Map<Kernel, GPUComputePipeline>> {
  const compile = async (kernel: Kernel): Promise<[Kernel, GPUComputePipeline]> => {
    const module = device.createShaderModule({ label: kernel, code: kernelText(kernel) })
    const compute = { module, entryPoint: 'main' }
    return [kernel, await device.createComputePipelineAsync({ label: kernel, layout: 'auto', compute })]
  }
  return new Map(await Promise.all(KERNELS.map(compile)))
}
