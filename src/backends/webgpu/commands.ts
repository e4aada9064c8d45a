import { gridOf } from './batches.js'
import type { Arena } from './buffers.js'
import type { Kernel } from './kernels.js'
import type { Stopwatch } from './meter.js'

/** GPUMapMode.READ, which Node has no global for. */
const MODE_READ = 1

/** Records the kernels and reads of one submission. */
export class Commands {
  #device: GPUDevice
  #pipelines: Map<Kernel, GPUComputePipeline>
  #groupsPerDimension: number
  #arena: Arena
  #stopwatch: Stopwatch | null
  #encoder: GPUCommandEncoder
  #staged: GPUBuffer[] = []

  /** `arena` takes the host-readable copies. */
  constructor(
    device: GPUDevice,
    pipelines: Map<Kernel, GPUComputePipeline>,
    groupsPerDimension: number,
    arena: Arena,
    stopwatch: Stopwatch | null = null,
  ) {
    this.#device = device
    this.#pipelines = pipelines
    this.#groupsPerDimension = groupsPerDimension
    this.#arena = arena
    this.#stopwatch = stopwatch
    this.#encoder = device.createCommandEncoder()
  }

  /** Runs `groups` workgroups of `kernel`; its bindings 0, 1, ... are `buffers`. */
  dispatch(kernel: Kernel, groups: number, buffers: GPUBuffer[]): void {
    if (groups === 0) return
    const pipeline = this.#pipelines.get(kernel)
    if (!pipeline) throw new Error(`no kernel ${kernel}`)
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
    const layout = pipeline.getBindGroupLayout(0)
    const pass = this.#encoder.beginComputePass({ label: kernel, ...this.#stopwatch?.next(kernel, buffers) })
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, this.#device.createBindGroup({ label: kernel, layout, entries }))
    pass.dispatchWorkgroups(...gridOf(groups, this.#groupsPerDimension))
    pass.end()
  }

  /** Asks for the first `words` words of `buffer` as they are at this point. */
  read(buffer: GPUBuffer, words: number): void {
    const staging = this.#arena.staging(`${buffer.label} (read)`, words)
    this.#encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * words)
    this.#staged.push(staging)
  }

  /** Sends the work to the device. The reads are in order, each with its mapping under way. */
  submit(): { staged: GPUBuffer[]; mappings: Promise<undefined>[] } {
    this.#stopwatch?.resolve(this.#encoder, this.#arena)
    this.#device.queue.submit([this.#encoder.finish()])
    return { staged: this.#staged, mappings: this.#staged.map(buffer => buffer.mapAsync(MODE_READ)) }
  }
}
