import { type EncodedMasks, heightOf, widthOf } from '../../data/masks.js'
import type { MaskSet, Pairs } from '../backend.js'
import { cutByWeight } from './batches.js'
import type { Device } from './device.js'
import { Pair } from './layouts.js'
import type { LoadedMasks, Slab } from './load.js'

/** Pairs of one slab of each set. */
interface PairGroup {
  dt: Slab
  gt: Slab
  /** Positions in the caller's pairs. */
  positions: number[]
}

export class WebGpuMaskSet implements MaskSet {
  readonly count: number
  readonly areaPx: Uint32Array
  readonly bounds: Uint32Array
  #device: Device
  #slabs: Slab[]
  /** Height and width, [mask, 2]. */
  #sizes: Uint32Array

  constructor(device: Device, masks: EncodedMasks, rows: Uint32Array, loaded: LoadedMasks) {
    this.#device = device
    this.count = rows.length
    this.areaPx = loaded.areaPx
    this.bounds = loaded.bounds
    this.#slabs = loaded.slabs
    this.#sizes = new Uint32Array(2 * rows.length)
    rows.forEach((row, i) => {
      this.#sizes[2 * i] = heightOf(masks, row)
      this.#sizes[2 * i + 1] = widthOf(masks, row)
    })
  }

  async intersect(other: MaskSet, pairs: Pairs): Promise<Uint32Array> {
    if (!(other instanceof WebGpuMaskSet) || other.#device !== this.#device) {
      throw new TypeError('both mask sets must be of one backend')
    }
    const shared = new Uint32Array(pairs.dt.length)
    for (const group of this.#groups(other, pairs)) {
      const weights = new Uint32Array(group.positions.length).fill(4 * Pair.words)
      for (const { first, end } of cutByWeight(weights, this.#device.memory.bufferBytes)) {
        const positions = group.positions.slice(first, end)
        const counts = await this.#count(group.dt, group.gt, pairs, positions)
        positions.forEach((position, i) => {
          shared[position] = counts[i]
        })
      }
    }
    return shared
  }

  free(): void {
    for (const slab of this.#slabs) slab.arena.free()
    this.#slabs = []
  }

  /** Pairs that may share pixels, by the slabs that hold them. */
  #groups(other: WebGpuMaskSet, pairs: Pairs): Iterable<PairGroup> {
    const groups = new Map<number, PairGroup>()
    const dtSlabs = slabNumbers(this.#slabs, this.count)
    const gtSlabs = slabNumbers(other.#slabs, other.count)
    for (let p = 0; p < pairs.dt.length; p++) {
      const [d, g] = [pairs.dt[p], pairs.gt[p]]
      if (!this.#meets(d, other, g)) continue
      const key = dtSlabs[d] * other.#slabs.length + gtSlabs[g]
      let group = groups.get(key)
      if (!group) {
        group = { dt: this.#slabs[dtSlabs[d]], gt: other.#slabs[gtSlabs[g]], positions: [] }
        groups.set(key, group)
      }
      group.positions.push(p)
    }
    return groups.values()
  }

  /** Whether the images have one size and the bounds overlap. */
  #meets(d: number, other: WebGpuMaskSet, g: number): boolean {
    const [a, b] = [this.bounds, other.bounds]
    return (
      this.#sizes[2 * d] === other.#sizes[2 * g] &&
      this.#sizes[2 * d + 1] === other.#sizes[2 * g + 1] &&
      a[4 * d] < b[4 * g + 2] &&
      b[4 * g] < a[4 * d + 2] &&
      a[4 * d + 1] < b[4 * g + 3] &&
      b[4 * g + 1] < a[4 * d + 3]
    )
  }

  /** Shared pixels of the pairs at `positions`, all between two slabs. */
  async #count(dt: Slab, gt: Slab, pairs: Pairs, positions: number[]): Promise<Uint32Array> {
    const table = new Uint32Array(Pair.words * positions.length)
    positions.forEach((position, i) => {
      table[2 * i] = pairs.dt[position] - dt.first
      table[2 * i + 1] = pairs.gt[position] - gt.first
    })
    const arena = this.#device.arena()
    try {
      const [counts] = await this.#device.run(commands => {
        const shared = arena.storage('shared pixels', positions.length)
        const buffers = [dt.table, dt.words, gt.table, gt.words, arena.upload('pairs', table), shared]
        commands.dispatch('intersect', positions.length, buffers)
        commands.read(shared, positions.length)
      })
      return counts
    } finally {
      arena.free()
    }
  }
}

/** The slab of each mask, [mask]. */
function slabNumbers(slabs: Slab[], count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  slabs.forEach((slab, number) => {
    numbers.fill(number, slab.first, slab.first + slab.count)
  })
  return numbers
}
