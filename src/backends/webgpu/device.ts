import { DeviceError } from '../../errors.js'
import { gridOf } from './batches.js'
import { compileKernels, type Kernel } from './kernels.js'

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
}

// Values from the WebGPU specification; Node has no such globals.
const MAP_READ = 0x1
const COPY_SRC = 0x4
const COPY_DST = 0x8
const STORAGE = 0x80

/** Popped in reverse. */
const SCOPES = ['validation', 'internal', 'out-of-memory'] as const

type Data = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** Bytes in the buffers of a device. */
export interface MemoryUse {
  buffers: number
  bytes: number
}

/** Buffers that are released together. */
export class Arena {
  #device: Device
  #buffers = new Set<GPUBuffer>()

  constructor(device: Device) {
    this.#device = device
  }

  /** A storage buffer of zeros; at least one word, because WebGPU binds no empty buffer. */
  storage(label: string, words: number): GPUBuffer {
    return this.#create(label, 4 * Math.max(1, words), STORAGE | COPY_SRC | COPY_DST)
  }

  /**
   * A storage buffer holding `data`, padded to whole words. `data` is never shared memory, which Dawn for Node
   * does not take on Node 20.
   */
  upload(label: string, data: Data): GPUBuffer {
    const buffer = this.storage(label, Math.ceil(data.byteLength / 4))
    const whole = data.byteLength & ~3
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.#device.write(buffer, 0, bytes.subarray(0, whole))
    if (whole < data.byteLength) {
      const tail = new Uint8Array(4)
      tail.set(bytes.subarray(whole))
      this.#device.write(buffer, whole, tail)
    }
    return buffer
  }

  /** A buffer that the host can read. */
  staging(label: string, words: number): GPUBuffer {
    return this.#create(label, 4 * words, MAP_READ | COPY_DST)
  }

  free(): void {
    for (const buffer of this.#buffers) this.#device.release(buffer)
    this.#buffers.clear()
  }

  #create(label: string, size: number, usage: number): GPUBuffer {
    const buffer = this.#device.allocate(label, size, usage)
    this.#buffers.add(buffer)
    return buffer
  }
}

/** Records kernels and reads of one submission. */
export class Commands {
  #device: GPUDevice
  #pipelines: Map<Kernel, GPUComputePipeline>
  #groupsPerDimension: number
  #encoder: GPUCommandEncoder
  #arena: Arena
  /** Host-readable copies, in the order of the reads. */
  readonly staged: GPUBuffer[] = []

  constructor(
    device: GPUDevice,
    pipelines: Map<Kernel, GPUComputePipeline>,
    groupsPerDimension: number,
    arena: Arena,
  ) {
    this.#device = device
    this.#pipelines = pipelines
    this.#groupsPerDimension = groupsPerDimension
    this.#encoder = device.createCommandEncoder()
    this.#arena = arena
  }

  /** Runs `groups` workgroups of `kernel`; its bindings 0, 1, ... are `buffers`. */
  dispatch(kernel: Kernel, groups: number, buffers: GPUBuffer[]): void {
    if (groups === 0) return
    const pipeline = this.#pipelines.get(kernel)
    if (!pipeline) throw new Error(`no kernel ${kernel}`)
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
    const pass = this.#encoder.beginComputePass({ label: kernel })
    pass.setPipeline(pipeline)
    pass.setBindGroup(
      0,
      this.#device.createBindGroup({ label: kernel, layout: pipeline.getBindGroupLayout(0), entries }),
    )
    pass.dispatchWorkgroups(...gridOf(groups, this.#groupsPerDimension))
    pass.end()
  }

  /** Asks for the first `words` words of `buffer` as they are at this point. */
  read(buffer: GPUBuffer, words: number): void {
    const staging = this.#arena.staging(`${buffer.label} (read)`, words)
    this.#encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * words)
    this.staged.push(staging)
  }

  submit(): void {
    this.#device.queue.submit([this.#encoder.finish()])
  }
}

/** A GPU device with the project's kernels, its memory counted and its failures told apart. */
export class Device {
  readonly limits: DeviceLimits
  readonly memory: MemoryUse = { buffers: 0, bytes: 0 }
  #device: GPUDevice
  #pipelines: Map<Kernel, GPUComputePipeline>
  #memoryBytes: number
  #failure: DeviceError | null = null

  private constructor(
    device: GPUDevice,
    pipelines: Map<Kernel, GPUComputePipeline>,
    limits: DeviceLimits,
    memoryBytes: number,
  ) {
    this.#device = device
    this.#pipelines = pipelines
    this.limits = limits
    this.#memoryBytes = memoryBytes
    device.lost.then(info => this.#fail(`the device was lost: ${info.message || info.reason}`))
    device.addEventListener('uncapturederror', event => this.#fail(event.error.message))
  }

  /** Opens a device with the adapter's own limits. Fails with DeviceError 'lost' when the adapter gives none. */
  static async open(adapter: GPUAdapter, options: DeviceOptions = {}): Promise<Device> {
    const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = adapter.limits
    const own = { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension }
    try {
      const device = await adapter.requestDevice({ label: 'detscope', requiredLimits: own })
      options.onDevice?.(device)
      const pipelines = await compileKernels(device)
      const limits = { ...own, ...options.limits }
      return new Device(device, pipelines, limits, options.memoryBytes ?? Number.POSITIVE_INFINITY)
    } catch (cause) {
      throw new DeviceError('lost', `the adapter gives no usable device: ${messageOf(cause)}`)
    }
  }

  /** Largest buffer that kernels can work on, bytes. */
  get bufferBytes(): number {
    return Math.min(this.limits.maxStorageBufferBindingSize, this.limits.maxBufferSize)
  }

  /**
   * Submits what `work` records and waits for its reads. Buffers must be created inside `work`, where a refused
   * allocation is noticed. Fails with DeviceError.
   */
  async run(work: (commands: Commands) => void): Promise<Uint32Array<ArrayBuffer>[]> {
    if (this.#failure) throw this.#failure
    const arena = new Arena(this)
    try {
      for (const filter of SCOPES) this.#device.pushErrorScope(filter)
      const { staged, mapped, fault } = this.#record(arena, work)
      const scopes = SCOPES.map(() => this.#device.popErrorScope())
      const [memory, ...others] = await Promise.all(scopes.map(settled))
      const mapFaults = await Promise.all(mapped.map(settled))
      if (fault) throw fault
      if (memory) throw new DeviceError('capacity', messageOf(memory))
      if (this.#failure) throw this.#failure
      const error = others.find(Boolean) ?? mapFaults.find(Boolean)
      if (error) throw this.#fail(messageOf(error))
      return staged.map(buffer => new Uint32Array(buffer.getMappedRange().slice(0)))
    } finally {
      arena.free()
    }
  }

  #record(arena: Arena, work: (commands: Commands) => void) {
    try {
      const commands = new Commands(
        this.#device,
        this.#pipelines,
        this.limits.maxComputeWorkgroupsPerDimension,
        arena,
      )
      work(commands)
      commands.submit()
      return { staged: commands.staged, mapped: commands.staged.map(buffer => buffer.mapAsync(MAP_READ)) }
    } catch (fault) {
      return { staged: [], mapped: [], fault }
    }
  }

  /** A buffer of `size` bytes. Fails with DeviceError 'capacity' beyond the limits. */
  allocate(label: string, size: number, usage: number): GPUBuffer {
    const limit = Math.min(this.bufferBytes, this.#memoryBytes - this.memory.bytes)
    if (size > limit) {
      throw new DeviceError('capacity', `${label}: ${size} bytes wanted, the device has room for ${limit}`)
    }
    const buffer = this.#device.createBuffer({ label, size, usage })
    this.memory.buffers++
    this.memory.bytes += size
    return buffer
  }

  write(buffer: GPUBuffer, offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.byteLength > 0) this.#device.queue.writeBuffer(buffer, offset, bytes)
  }

  release(buffer: GPUBuffer): void {
    this.memory.buffers--
    this.memory.bytes -= buffer.size
    buffer.destroy()
  }

  close(): void {
    this.#failure ??= new DeviceError('lost', 'the backend was closed')
    this.#device.destroy()
  }

  /** Later work fails at once with the first failure. */
  #fail(message: string): DeviceError {
    this.#failure ??= new DeviceError('lost', message)
    return this.#failure
  }
}

/** What a promise rejected with or gave, null or undefined when all is well. */
const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch(reason => reason)

const messageOf = (error: unknown): string =>
  error && typeof error === 'object' && 'message' in error ? String(error.message) : String(error)
