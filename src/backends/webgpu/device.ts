import { DeviceError } from '../../errors.js'
import { Arena, Memory } from './buffers.js'
import { Commands } from './commands.js'
import { compileKernels, type Kernel } from './kernels.js'
import { type Meter, Stopwatch, TIMESTAMPS } from './meter.js'

/** The limits that decide how work is cut. */
export interface DeviceLimits {
  /** Largest storage buffer that a kernel may see, bytes. */
  maxStorageBufferBindingSize: number
  /** Bytes. */
  maxBufferSize: number
  maxComputeWorkgroupsPerDimension: number
}

export interface DeviceOptions {
  /** Limits below the adapter's own: for tests, and to stay within a part of a shared device. */
  limits?: Partial<DeviceLimits>
  /** Bytes of device memory to use at most; unlimited by default. */
  memoryBytes?: number
  /** Shows the device when it is there: for tests and tools. */
  onDevice?: (device: GPUDevice) => void
  /** Is told of every kernel and transfer: for tools. */
  meter?: Meter
}

/** What a device may complain about. Popped in reverse. */
const SCOPES = ['validation', 'internal', 'out-of-memory'] as const

/** How long an error waits to learn whether the device is lost: a busy browser tells some time after what it refuses. */
const LOST_WITHIN_MS = 2000

/** A GPU device with the project's kernels, its memory counted and its failures told apart. */
export class Device {
  readonly memory: Memory
  #device: GPUDevice
  #pipelines: Map<Kernel, GPUComputePipeline>
  #groupsPerDimension: number
  #failure: DeviceError | null = null

  private constructor(
    device: GPUDevice,
    pipelines: Map<Kernel, GPUComputePipeline>,
    memory: Memory,
    groupsPerDimension: number,
  ) {
    this.#device = device
    this.#pipelines = pipelines
    this.#groupsPerDimension = groupsPerDimension
    this.memory = memory
    device.lost.then(info => this.#fail(`the device was lost: ${info.message || info.reason}`))
    device.addEventListener('uncapturederror', event => this.#fail(event.error.message))
  }

  /** Opens a device with the adapter's own limits. Fails with DeviceError 'lost' when the adapter gives none. */
  static async open(adapter: GPUAdapter, options: DeviceOptions = {}): Promise<Device> {
    const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = adapter.limits
    const own = { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension }
    try {
      const requiredFeatures = options.meter && adapter.features.has(TIMESTAMPS) ? [TIMESTAMPS] : []
      const device = await adapter.requestDevice({ label: 'detscope', requiredLimits: own, requiredFeatures })
      options.onDevice?.(device)
      const pipelines = await compileKernels(device)
      const limits = { ...own, ...options.limits }
      const bufferBytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
      const memoryBytes = options.memoryBytes ?? Number.POSITIVE_INFINITY
      const memory = new Memory(device, bufferBytes, memoryBytes, options.meter)
      return new Device(device, pipelines, memory, limits.maxComputeWorkgroupsPerDimension)
    } catch (cause) {
      throw new DeviceError('lost', `the adapter gives no usable device: ${messageOf(cause)}`)
    }
  }

  arena(): Arena {
    return new Arena(this.memory)
  }

  /**
   * Submits what `work` records and waits for its reads. Buffers must be created inside `work`, where a refused
   * allocation is noticed. Calls may overlap. Fails with DeviceError.
   */
  async run(work: (commands: Commands) => void): Promise<Uint32Array<ArrayBuffer>[]> {
    if (this.#failure) throw this.#failure
    const arena = this.arena()
    const { meter } = this.memory
    const stopwatch = meter && new Stopwatch(this.#device, meter)
    try {
      // Scopes are a stack of the device: nothing may be awaited between push and pop.
      for (const filter of SCOPES) this.#device.pushErrorScope(filter)
      const recorded = this.#record(arena, stopwatch, work)
      const popped = Promise.allSettled(SCOPES.map(() => this.#device.popErrorScope()))
      const mappings = await Promise.allSettled(recorded.mappings)
      const scopes = await popped
      if ('thrown' in recorded) throw recorded.thrown
      const [memory] = scopes
      if (memory.status === 'fulfilled' && memory.value)
        throw new DeviceError('capacity', messageOf(memory.value))
      if (this.#failure) throw this.#failure
      const error = [...scopes, ...mappings].map(faultOf).find(Boolean)
      if (error) throw await this.#blame(error)
      await stopwatch?.tell()
      return recorded.staged.map(buffer => {
        meter?.received(buffer.size)
        return new Uint32Array(buffer.getMappedRange().slice(0))
      })
    } finally {
      stopwatch?.close()
      arena.free()
    }
  }

  #record(arena: Arena, stopwatch: Stopwatch | null, work: (commands: Commands) => void) {
    try {
      const commands = new Commands(this.#device, this.#pipelines, this.#groupsPerDimension, arena, stopwatch)
      work(commands)
      return commands.submit()
    } catch (thrown) {
      return { thrown, mappings: [] }
    }
  }

  close(): void {
    this.#failure ??= new DeviceError('lost', 'the backend was closed')
    this.#device.destroy()
  }

  /** The failure that an error comes from: a browser refuses what is under way before it says that the device is lost. */
  async #blame(error: unknown): Promise<DeviceError> {
    const told = new Promise(resolve => setTimeout(resolve, LOST_WITHIN_MS))
    await Promise.race([this.#device.lost, told])
    return this.#failure ?? this.#fail(messageOf(error))
  }

  /** Later work fails at once with the first failure. */
  #fail(message: string): DeviceError {
    this.#failure ??= new DeviceError('lost', message)
    return this.#failure
  }
}

/** The error that a promise gave or was rejected with, if any. */
const faultOf = (settled: PromiseSettledResult<unknown>): unknown =>
  settled.status === 'fulfilled' ? settled.value : settled.reason

const messageOf = (error: unknown): string =>
  error && typeof error === 'object' && 'message' in error ? String(error.message) : String(error)
