const PAGE_BYTES = 65536
const ALIGNMENT = 16

const aligned = (bytes: number): number => Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)

interface Gap {
  at: number
  bytes: number
}

/** Blocks of a WebAssembly memory, which grows as needed and is used again when blocks are released. */
export class Heap {
  readonly memory: WebAssembly.Memory
  /** By address, never touching. */
  readonly #gaps: Gap[]

  constructor(memory: WebAssembly.Memory, from: number) {
    this.memory = memory
    const at = aligned(from)
    this.#gaps = [{ at, bytes: memory.buffer.byteLength - at }]
  }

  /** A block of at least `bytes`; its content is whatever was there. Fails with RangeError beyond 4 GiB. */
  take(bytes: number): number {
    const size = aligned(bytes)
    const found = this.#gaps.find(gap => gap.bytes >= size) ?? this.#grow(size)
    const { at } = found
    found.at += size
    found.bytes -= size
    if (found.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(found), 1)
    return at
  }

  #grow(size: number): Gap {
    const end = this.memory.buffer.byteLength
    const last = this.#gaps.at(-1)
    const tail = last && last.at + last.bytes === end ? last : null
    const pages = Math.ceil((size - (tail?.bytes ?? 0)) / PAGE_BYTES)
    this.memory.grow(pages)
    const added = pages * PAGE_BYTES
    if (tail) tail.bytes += added
    else this.#gaps.push({ at: end, bytes: added })
    return this.#gaps[this.#gaps.length - 1]
  }

  /** Gives back the block of `bytes` at `at`. */
  release(at: number, bytes: number): void {
    const size = aligned(bytes)
    let i = this.#gaps.findIndex(gap => gap.at > at)
    if (i < 0) i = this.#gaps.length
    const before = this.#gaps[i - 1]
    const after = this.#gaps[i]
    const joinsBefore = before && before.at + before.bytes === at
    const joinsAfter = after && at + size === after.at
    if (joinsBefore && joinsAfter) {
      before.bytes += size + after.bytes
      this.#gaps.splice(i, 1)
    } else if (joinsBefore) before.bytes += size
    else if (joinsAfter) {
      after.at = at
      after.bytes += size
    } else this.#gaps.splice(i, 0, { at, bytes: size })
  }

  /** Keeps the first `kept` bytes of a block and gives back the rest. */
  shrink(at: number, bytes: number, kept: number): void {
    const [whole, part] = [aligned(bytes), aligned(kept)]
    if (part < whole) this.release(at + part, whole - part)
  }

  /** Bytes that are not in a block. */
  get freeBytes(): number {
    return this.#gaps.reduce((sum, gap) => sum + gap.bytes, 0)
  }
}
