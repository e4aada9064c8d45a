import { DeviceError } from '../../errors.js'
import type { Meter } from './meter.js'

// Values from the WebGPU specification; Node has no such globals.
const MAP_READ = 0x1
const COPY_SRC = 0x4
const COPY_DST = 0x8
const STORAGE = 0x80

/** Buffers of a device and their bytes, as they stand. */
export interface MemoryUse {
  buffers: number
  bytes: number
}

type Data = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** The memory of a device: what is taken, and how much may be. */
export class Memory {
  readonly use: MemoryUse = { buffers: 0, bytes: 0 }
  readonly device: GPUDevice
  /** Largest buffer that kernels can work on, bytes. */
  readonly bufferBytes: number
  readonly meter: Meter | null
  #totalBytes: number

  constructor(device: GPUDevice, bufferBytes: number, totalBytes: number, meter: Meter | null = null) {
    this.device = device
    this.bufferBytes = bufferBytes
    this.#totalBytes = totalBytes
    this.meter = meter
  }

  /** A buffer of `size` bytes. Fails with DeviceError 'capacity' beyond the limits. */
  allocate(label: string, size: number, usage: number): GPUBuffer {
    const limit = Math.min(this.bufferBytes, this.#totalBytes - this.use.bytes)
    if (size > limit) {
      throw new DeviceError('capacity', `${label}: ${size} bytes wanted, the device has room for ${limit}`)
    }
    const buffer = this.device.createBuffer({ label, size, usage })
    this.use.buffers++
    this.use.bytes += size
    return buffer
  }

  release(buffer: GPUBuffer): void {
    this.use.buffers--
    this.use.bytes -= buffer.size
    buffer.destroy()
  }
}

/** Buffers that are released together. */
export class Arena {
  #memory: Memory
  #buffers = new Set<GPUBuffer>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** A storage buffer of zeros; at least one word, because WebGPU binds no empty buffer. */
  storage(label: string, words: number): GPUBuffer {
    return this.create(label, 4 * Math.max(1, words), STORAGE | COPY_SRC | COPY_DST)
  }

  /**
   * A storage buffer holding `data`, padded to whole words. `data` is never shared memory, which Dawn for Node
   * does not take on Node 20.
   */
  upload(label: string, data: Data): GPUBuffer {
    const buffer = this.storage(label, Math.ceil(data.byteLength / 4))
    const { device, meter } = this.#memory
    const { queue } = device
    meter?.sent(buffer.size)
    const whole = data.byteLength & ~3
    if (whole > 0) queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, whole)
    if (whole < data.byteLength) {
      const tail = new Uint8Array(4)
      tail.set(new Uint8Array(data.buffer, data.byteOffset + whole, data.byteLength - whole))
      queue.writeBuffer(buffer, whole, tail)
    }
    return buffer
  }

  /** A buffer that the host can read. */
  staging(label: string, words: number): GPUBuffer {
    return this.create(label, 4 * words, MAP_READ | COPY_DST)
  }

  free(): void {
    for (const buffer of this.#buffers) this.#memory.release(buffer)
    this.#buffers.clear()
  }

  /** A buffer of `size` bytes for `usage`. */
  create(label: string, size: number, usage: number): GPUBuffer {
    const buffer = this.#memory.allocate(label, size, usage)
    this.#buffers.add(buffer)
    return buffer
  }
}
