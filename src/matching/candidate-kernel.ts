import type { Pairs } from '../backends/backend.js'
import { Arena, compileKernel, instantiate } from '../data/wasm.js'
import { candidatesWasm } from './candidates.generated.js'
import { type CandidateFinder, type Choice, plainCandidates, type Side } from './mask-candidates.js'

/** What kernels/candidates.ts exports; arguments are addresses and counts. */
interface CandidateExports {
  setMasks(...args: number[]): void
  find(...args: number[]): number
  nextCell: WebAssembly.Global
  nextDt: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** The kernel where the platform has WebAssembly, else its twin. One serves all batches of a thread. */
export function createCandidateFinder(): CandidateFinder {
  const module = compileKernel(candidatesWasm)
  return module ? new CandidateKernel(module) : plainCandidates
}

/** Finds candidates in WebAssembly. */
class CandidateKernel implements CandidateFinder {
  readonly #module: WebAssembly.Module

  constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  *find(choice: Choice, most: number): Generator<Pairs> {
    const cells = choice.dt.offsets.length - 1
    const from = { cell: 0, dt: 0 }
    while (from.cell < cells) {
      const arena = new Arena()
      const pairs = this.#piece(arena, choice, most, from)
      arena.giveBack()
      if (pairs.dt.length > 0) yield pairs
    }
  }

  /** The pairs of the next detections. */
  #piece(arena: Arena, choice: Choice, most: number, from: { cell: number; dt: number }): Pairs {
    const exports = instantiate<CandidateExports>(this.#module, arena.memory)
    arena.start(exports.freeFrom.value)
    const put = ({ offsets, bounds, areaPx }: Side): number[] =>
      [offsets, bounds, areaPx].map(column => arena.put(column))
    const [dtOffsets, dtBounds, dtAreas] = put(choice.dt)
    const [gtOffsets, gtBounds, gtAreas] = put(choice.gt)
    exports.setMasks(dtBounds, dtAreas, gtBounds, gtAreas, arena.put(choice.crowds))
    const { pairs, largest } = measure(choice)
    const room = Math.min(most, pairs) + largest
    const [dts, gts] = [arena.take(4 * room), arena.take(4 * room)]
    const grid = arena.take(4 * (9 * largest + 1))
    const cells = choice.dt.offsets.length - 1
    const { cell, dt } = from
    const out = [dts, gts, grid]
    const count = exports.find(cells, dtOffsets, gtOffsets, choice.least, cell, dt, most, ...out)
    from.cell = exports.nextCell.value
    from.dt = exports.nextDt.value
    return { dt: arena.u32(dts, count).slice(), gt: arena.u32(gts, count).slice() }
  }
}

/** No cell has more pairs together than `pairs`, nor more ground truths than `largest`. */
function measure({ dt, gt }: Choice): { pairs: number; largest: number } {
  let [pairs, largest] = [0, 0]
  for (let cell = 0; cell + 1 < dt.offsets.length; cell++) {
    const count = gt.offsets[cell + 1] - gt.offsets[cell]
    pairs += count * (dt.offsets[cell + 1] - dt.offsets[cell])
    if (count > largest) largest = count
  }
  return { pairs, largest }
}
