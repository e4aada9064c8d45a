import { BLOCK_ROWS, compileKernel, inBlocks, instantiate } from '../data/wasm.js'
import { type Coded, type Column, type ColumnForm, DIVISORS, formOfBytes } from './column-codec.js'
import { type Extents, layOut, measureOne, noExtents, startOf } from './column-extents.js'
import { columnsWasm } from './columns.generated.js'

/** What kernels/columns.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface ColumnExports {
  openBlocks(): number
  boxesAt(): number
  wholesAt(): number
  planesAt(): number
  extentsAt(): number
  pickSide(rows: number, side: number): void
  areProducts(rows: number): number
  findWholes(entries: number, type: number, divisor: number): number
  measure(entries: number, before: number): void
  writeWholes(entries: number, isSteps: number, before: number, base: number, planes: number): void
  writeBytes(entries: number, planes: number): void
}

const TYPES: ColumnForm['type'][] = ['f64', 'i32', 'u32', 'u8']
const SIDES = 4

/** A column, or a side of boxes, whose whole numbers are looked for. */
class Search {
  extents = noExtents()
  start = 0
  /** Of the entries so far. */
  last = 0
  /** Whether it must begin again with the next divisor. */
  isBroken = false
  readonly side: number
  readonly type: ColumnForm['type']
  readonly #divisors: number[]

  constructor(side: number, type: ColumnForm['type']) {
    this.side = side
    this.type = type
    this.#divisors = type === 'f64' ? [...DIVISORS] : [1]
  }

  /** The one that is tried, or was found; none where none makes all entries whole. */
  get divisor(): number | undefined {
    return this.#divisors[0]
  }

  tryNext(): void {
    this.#divisors.shift()
    this.extents = noExtents()
  }
}

/** A column on its way into planes. */
interface Writing extends Coded {
  search: Search
  planes: number
}

/** Codes columns in WebAssembly, block by block, with a memory of its own for one block. */
export class ColumnKernel {
  readonly #exports: ColumnExports
  readonly #entries: Uint8Array
  readonly #boxes: Float64Array
  readonly #wholes: Float64Array
  readonly #planes: Uint8Array
  /** Of the block that was measured last, as in `Extents`. */
  readonly #extents: Float64Array

  /** Null where there is no WebAssembly, or a page's policy forbids it, and for no room. */
  static create(): ColumnKernel | null {
    const module = compileKernel(columnsWasm)
    if (module === null) return null
    const memory = new WebAssembly.Memory({ initial: 1 })
    const exports = instantiate<ColumnExports>(module, memory)
    const at = exports.openBlocks() >>> 0
    return at === 0 ? null : new ColumnKernel(exports, memory.buffer, at)
  }

  private constructor(exports: ColumnExports, memory: ArrayBuffer, entriesAt: number) {
    this.#exports = exports
    this.#entries = new Uint8Array(memory, entriesAt, 8 * BLOCK_ROWS)
    this.#boxes = new Float64Array(memory, exports.boxesAt(), SIDES * BLOCK_ROWS)
    this.#wholes = new Float64Array(memory, exports.wholesAt(), BLOCK_ROWS)
    this.#planes = new Uint8Array(memory, exports.planesAt(), 8 * BLOCK_ROWS)
    this.#extents = new Float64Array(memory, exports.extentsAt(), 6)
  }

  /** `encodeColumn`, but for the planes that stay plain. */
  encode(column: Column, type: ColumnForm['type']): Coded {
    const load = (from: number, count: number): void => this.#load(column, from, count)
    return this.#encode(column.length, [new Search(0, type)], load)[0]
  }

  /** `encode` for x, y, width and height of boxes, [row, 4], which are read where they are. */
  encodeSides(boxes: Float64Array): Coded[] {
    const sides = Array.from({ length: SIDES }, (_, side) => new Search(side, 'f64'))
    const pick = (count: number, side: number): void => this.#exports.pickSide(count, side)
    return this.#encode(
      boxes.length / SIDES,
      sides,
      (from, count) => this.#loadBoxes(boxes, from, count),
      pick,
    )
  }

  /** Whether areas are width times height of the boxes, to the bit but for the bits of NaN. */
  areProducts(areas: Float64Array, boxes: Float64Array): boolean {
    for (let from = 0; from < areas.length; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, areas.length - from)
      this.#load(areas, from, count)
      this.#loadBoxes(boxes, from, count)
      if (this.#exports.areProducts(count) === 0) return false
    }
    return true
  }

  /** `load` puts a block in, `pick` makes one of its sides the entries at work. */
  #encode(
    length: number,
    searches: Search[],
    load: (from: number, count: number) => void,
    pick: (count: number, side: number) => void = () => {},
  ): Coded[] {
    const search = (open: Search[]): void =>
      inBlocks(length, (from, to) => {
        load(from, to - from)
        for (const one of open) {
          if (one.isBroken) continue
          pick(to - from, one.side)
          this.#search(one, to - from, from === 0)
        }
      })
    for (let open = searches; open.length > 0; open = open.filter(one => one.isBroken && one.divisor)) {
      for (const one of open) one.isBroken = false
      search(open)
    }
    const writings = searches.map(one => begin(length, one))
    inBlocks(length, (from, to) => {
      load(from, to - from)
      for (const one of writings) {
        if (one.planes === 0) continue
        pick(to - from, one.search.side)
        this.#write(one, from, to - from)
      }
    })
    return writings.map(({ form, bytes }) => ({ form, bytes }))
  }

  /** Goes through the next block; at the first it can try one divisor after another. */
  #search(search: Search, count: number, isFirst: boolean): void {
    const { findWholes } = this.#exports
    const type = TYPES.indexOf(search.type)
    while (search.divisor !== undefined && findWholes(count, type, search.divisor) === 0) {
      search.tryNext()
      search.isBroken = !isFirst
      if (search.isBroken) return
    }
    if (search.divisor === undefined) return
    if (isFirst) {
      search.start = startOf(this.#wholes[0], count > 1 ? this.#wholes[1] : undefined)
      search.last = search.start
    }
    this.#measure(search.extents, count, search.last)
    search.last = this.#wholes[count - 1]
  }

  /** The kernel takes an even number. */
  #measure(extents: Extents, count: number, before: number): void {
    const even = count - (count % 2)
    this.#exports.measure(even, before)
    const found = this.#extents
    for (let i = 0; i < extents.length; i++) {
      const extent = extents[i]
      extent.least = Math.min(extent.least, found[3 * i])
      extent.greatest = Math.max(extent.greatest, found[3 * i + 1])
      extent.bits += found[3 * i + 2]
    }
    if (even < count) measureOne(extents, this.#wholes[even], even > 0 ? this.#wholes[even - 1] : before)
  }

  /** Writes the planes of the entries at work. */
  #write({ form, bytes, search, planes }: Writing, from: number, count: number): void {
    if (form.coding === 'bytes') this.#exports.writeBytes(count, planes)
    else {
      this.#exports.findWholes(count, TYPES.indexOf(form.type), form.divisor)
      const last = this.#wholes[count - 1]
      this.#exports.writeWholes(count, Number(form.coding === 'steps'), search.last, form.base, planes)
      search.last = last
    }
    for (let plane = 0; plane < planes; plane++) {
      const at = plane * BLOCK_ROWS
      bytes.set(this.#planes.subarray(at, at + count), plane * form.length + from)
    }
  }

  #load(column: Column, from: number, count: number): void {
    const size = column.BYTES_PER_ELEMENT
    this.#entries.set(new Uint8Array(column.buffer, column.byteOffset + size * from, size * count))
  }

  #loadBoxes(boxes: Float64Array, from: number, count: number): void {
    this.#boxes.set(boxes.subarray(SIDES * from, SIDES * (from + count)))
  }
}

/** Bytes of a double. */
const DOUBLE = 8

/** From the first entry on, whose step is from the start. */
function begin(length: number, search: Search): Writing {
  const { type, divisor, start, extents } = search
  search.last = start
  const { form, planes } =
    divisor === undefined
      ? { form: formOfBytes(type, length), planes: DOUBLE }
      : layOut({ type, length }, divisor, start, extents)
  return { form, planes, search, bytes: new Uint8Array(planes * length) }
}
