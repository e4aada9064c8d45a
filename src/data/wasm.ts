const PAGE_BYTES = 65536
const ALIGNMENT = 16

const compiled = new Map<string, WebAssembly.Module | null>()

/**
 * The module of a kernel's text (base64), compiled once a thread, at once: it is small, and a thread may be stopped at
 * any time. Null where the platform has no WebAssembly or a page's policy forbids it.
 */
export function compileKernel(text: string): WebAssembly.Module | null {
  let module = compiled.get(text)
  if (module === undefined) {
    module = compile(text)
    compiled.set(text, module)
  }
  return module
}

function compile(text: string): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(fromBase64(text))
  } catch {
    return null
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** What a kernel exports, working in `memory`. */
export const instantiate = <T>(module: WebAssembly.Module, memory: WebAssembly.Memory): T =>
  new WebAssembly.Instance(module, { env: { memory, abort: () => {} } }).exports as T

/** Rows of a call: better code, which V8 makes while the first ones run, is only put to use by the next call. */
export const BLOCK_ROWS = 1 << 13

/** `call` on rows 0 .. count, `rows` at a time. */
export function inBlocks(
  count: number,
  call: (from: number, to: number) => void,
  rows: number = BLOCK_ROWS,
): void {
  for (let from = 0; from < count; from += rows) call(from, Math.min(count, from + rows))
}

/** A memory that nobody borrows is kept so long: from one kernel of a run to the next, but not between runs. */
const KEPT_MS = 1000

/** The largest that has been given back and not been borrowed since. A thread has one. */
let spare: WebAssembly.Memory | null = null
let timer: ReturnType<typeof setTimeout> | undefined

/** Frees what is kept for the next kernel. */
export function dropSpareMemory(): void {
  clearTimeout(timer)
  spare = null
}

/**
 * A memory for a kernel, until it is given back: pages of one that another kernel has had are there already, while new
 * ones take time and set off collections. It may be large from the start. Its first page, which holds what a kernel
 * keeps for itself, is zeros; what follows is whatever was there.
 */
export class BorrowedMemory {
  #memory: WebAssembly.Memory | null

  constructor() {
    this.#memory = spare ?? new WebAssembly.Memory({ initial: 1 })
    if (spare) new Uint8Array(spare.buffer, 0, PAGE_BYTES).fill(0)
    dropSpareMemory()
  }

  get memory(): WebAssembly.Memory {
    if (this.#memory === null) throw new Error('the memory has been given back')
    return this.#memory
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer as ArrayBuffer
  }

  /** For the next kernel: views and exports of this one are no longer to be used. A second time it changes nothing. */
  giveBack(): void {
    const memory = this.#memory
    this.#memory = null
    if (memory === null || (spare && spare.buffer.byteLength >= memory.buffer.byteLength)) return
    dropSpareMemory()
    spare = memory
    timer = setTimeout(dropSpareMemory, KEPT_MS)
    if (typeof timer === 'object') timer.unref() // Node need not wait for it
  }
}

/** A borrowed memory that is filled from the front and given up as a whole. */
export class Arena {
  readonly #borrowed = new BorrowedMemory()
  #end = 0

  get memory(): WebAssembly.Memory {
    return this.#borrowed.memory
  }

  /** See `BorrowedMemory.giveBack`. */
  giveBack(): void {
    this.#borrowed.giveBack()
  }

  /** Blocks lie from `from` on, over those that were there. */
  start(from: number): void {
    this.#end = from
  }

  /** A block that holds whatever was there. Fails with RangeError beyond 4 GiB. */
  take(bytes: number): number {
    const at = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT
    this.#end = at + bytes
    const missing = this.#end - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES))
    return at
  }

  /** A block of zeros. */
  zeros(bytes: number): number {
    const at = this.take(bytes)
    this.u8(at, bytes).fill(0)
    return at
  }

  /** A block that holds `values`. */
  put(values: Uint8Array | Int32Array | Uint32Array | Float64Array): number {
    const at = this.take(values.byteLength)
    new Uint8Array(this.memory.buffer, at, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    )
    return at
  }

  /** Views end with the next block. */
  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length)
  }

  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length)
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, at, length)
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length)
  }
}
