import type { Arena } from './buffers.js'
import type { Kernel } from './kernels.js'

/** Is told what a device does: for tools that measure. Costs time itself, as kernels no longer overlap. */
export interface Meter {
  /**
   * `kernel` has run once: its time on the device by timestamp queries (null where the adapter has none) and the bytes
   * of all buffers that it was given.
   */
  ran(kernel: Kernel, elapsedNs: number | null, boundBytes: number): void
  /** Bytes that the host has handed to the device. */
  sent(bytes: number): void
  /** Bytes that have come back. */
  received(bytes: number): void
}

// Values from the WebGPU specification; Node has no such globals.
const MAP_MODE_READ = 0x1
const COPY_SRC = 0x4
const QUERY_RESOLVE = 0x200
/** Of kernels in one submission, which has each of them once at most. */
const MOST_RUNS = 16
const STAMP_BYTES = 8

/** What timestamps need of an adapter. */
export const TIMESTAMPS: GPUFeatureName = 'timestamp-query'

/** Takes the time of the kernels of one submission. */
export class Stopwatch {
  readonly #meter: Meter
  readonly #queries: GPUQuerySet | null
  readonly #runs: { kernel: Kernel; boundBytes: number }[] = []
  #staged: GPUBuffer | null = null

  constructor(device: GPUDevice, meter: Meter) {
    this.#meter = meter
    const count = 2 * MOST_RUNS
    this.#queries = device.features.has(TIMESTAMPS)
      ? device.createQuerySet({ type: 'timestamp', count })
      : null
  }

  /** What the pass of the next kernel must be told. */
  next(kernel: Kernel, buffers: GPUBuffer[]): Pick<GPUComputePassDescriptor, 'timestampWrites'> {
    const run = this.#runs.push({ kernel, boundBytes: buffers.reduce((sum, { size }) => sum + size, 0) }) - 1
    if (!this.#queries) return {}
    if (run >= MOST_RUNS) throw new Error(`more than ${MOST_RUNS} kernels in one submission`)
    return {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 2 * run,
        endOfPassWriteIndex: 2 * run + 1,
      },
    }
  }

  /** Records, behind the last kernel, that the times are wanted; `arena` takes their buffers. */
  resolve(encoder: GPUCommandEncoder, arena: Arena): void {
    if (!this.#queries || this.#runs.length === 0) return
    const count = 2 * this.#runs.length
    const words = (STAMP_BYTES / 4) * count
    const resolved = arena.create('timestamps', 4 * words, QUERY_RESOLVE | COPY_SRC)
    this.#staged = arena.staging('timestamps (read)', words)
    encoder.resolveQuerySet(this.#queries, 0, count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, this.#staged, 0, 4 * words)
  }

  /** Tells the meter, once the submission is done. */
  async tell(): Promise<void> {
    await this.#staged?.mapAsync(MAP_MODE_READ)
    const stamps = this.#staged && new BigUint64Array(this.#staged.getMappedRange().slice(0))
    this.#runs.forEach(({ kernel, boundBytes }, run) => {
      const elapsedNs = stamps && Number(stamps[2 * run + 1] - stamps[2 * run])
      this.#meter.ran(kernel, elapsedNs, boundBytes)
    })
  }

  close(): void {
    this.#queries?.destroy()
  }
}
