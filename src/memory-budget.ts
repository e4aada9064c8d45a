import { heldBytes } from './data/held-bytes.js'
import { InputError, MEMORY_ADVICE } from './errors.js'

/** What a platform knows of the memory of its process. */
export interface ProcessMemory {
  /** Resident bytes now. */
  usedBytes(): number
  /** Gives back what nothing refers to any more. */
  collect(): Promise<void>
}

/** Kept for what nobody counts: code that is compiled on the way, V8's heap, small buffers that wait to be freed. */
const MARGIN_BYTES = 24 << 20

/** How much of a limit is left. Looked at between stages, when only what lives on is held. */
export class MemoryBudget {
  readonly #limitBytes: number
  readonly #process: ProcessMemory | null
  #usedBytes = 0

  /** Fails with InputError on a limit that has no meaning. */
  constructor(limitBytes: number, process: ProcessMemory | null) {
    if (!Number.isFinite(limitBytes) || limitBytes <= 0) {
      throw new InputError(`memoryBytes: expected a number of bytes above 0, got ${limitBytes}`)
    }
    this.#limitBytes = limitBytes
    this.#process = process
  }

  /** Bytes that may be taken beyond what was in use when it was looked at last. */
  get leftBytes(): number {
    return Math.max(0, this.#limitBytes - this.#usedBytes - MARGIN_BYTES)
  }

  /** Frees what is not needed and looks at what is in use: `held`, where the platform cannot tell. */
  async settle(...held: unknown[]): Promise<void> {
    await this.#process?.collect()
    this.#usedBytes = this.#process?.usedBytes() ?? heldBytes(held)
  }

  /**
   * Fails with InputError where `bytes` more do not fit: `what` needs them. `wholeBytes`: what the run takes beyond now at
   * its peak.
   */
  ensure(bytes: number, what: string, wholeBytes = bytes): void {
    if (bytes <= this.leftBytes) return
    const needed = this.#usedBytes + MARGIN_BYTES + Math.max(bytes, wholeBytes)
    throw new InputError(
      `memory: ${what} about ${megabytes(needed)} in all, and ${megabytes(this.#limitBytes)} are allowed. ${MEMORY_ADVICE}`,
    )
  }
}

/** Rounded up. */
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
