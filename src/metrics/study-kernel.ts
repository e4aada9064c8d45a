import { CUT, FP, TP } from '../data/analysis.js'
import { OPEN_END } from '../data/config.js'
import type { Steps } from '../data/steps.js'
import { compileKernel, inBlocks } from '../data/wasm.js'
import type { SizeCounts } from './finding-rows.js'
import { type KeyedCounts, startsOf } from './keyed-counts.js'
import { keptCount, matchesIn } from './outcomes.js'
import type { ScoreSums } from './score-sums.js'
import { percentileOf } from './sizes.js'
import { studiesWasm } from './studies.generated.js'
import type { StudyCounts, StudyInput } from './study-counts.js'
import { explainFalse, explainMissed } from './study-kinds.js'
import { type List, StudyMemory } from './study-memory.js'

/** With more rows or pairs JavaScript gets warm, and copies of the columns take much memory. */
const MOST_ROWS = 1 << 22

/** Counts what findings look at in WebAssembly, in a memory that it borrows. */
export class StudyKernel {
  readonly #module: WebAssembly.Module

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): StudyKernel | null {
    const module = compileKernel(studiesWasm)
    return module && new StudyKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  /** `countStudy`. Null for very many rows and without room. */
  *count(input: StudyInput): Steps<StudyCounts | null> {
    const { gt, dt, pairs } = input.scene
    if (dt.count + gt.count + pairs.gts.length > MOST_ROWS) return null
    const memory = new StudyMemory(this.#module, input)
    try {
      return yield* countIn(memory, input)
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    } finally {
      memory.arena.giveBack()
    }
  }
}

export interface Work {
  memory: StudyMemory
  input: StudyInput
  /** Addresses. */
  at: ReturnType<StudyMemory['put']>
}

function* countIn(memory: StudyMemory, input: StudyInput): Steps<StudyCounts> {
  const work: Work = { memory, input, at: memory.put(input) }
  yield
  const kept = keep(work)
  const [tp, fp, cut] = [TP, FP, CUT].map(outcome => pick(work, kept, outcome))
  const fn = miss(work, work.at.gtOutcomes, work.at.dtOfGt)
  yield
  const { overlaps, medianOverlap, loose } = findLoose(work, tp)
  const whole = tally(memory, [tp, fp, fn])
  const sizes: SizeCounts[] = []
  for (const size of input.sizes) sizes.push(countSize(work, size, kept, fn))
  yield
  const { dtCategories, gtCategories } = work.at
  const classes = input.view.classAgnostic
    ? null
    : {
        tp: countByKey(work, tp, dtCategories),
        fp: countByKey(work, fp, dtCategories),
        fn: countByKey(work, fn, gtCategories),
        loose: countByKey(work, loose, dtCategories),
      }
  yield
  const fpKinds = explainFalse(work, fp)
  yield
  const fnKinds = explainMissed(work, fn)
  const scores = sumScores(work)
  const [tps, fps, fns, cuts] = [tp, fp, fn, cut].map(list => memory.copy(list))
  const rows = { tp: tps, fp: fps, fn: fns, cut: cuts }
  return {
    rows,
    whole,
    sizes,
    classes,
    overlaps,
    medianOverlap,
    loose: tally(memory, [loose]),
    fpKinds,
    fnKinds,
    scores,
  }
}

interface KeptList extends List {
  outcomes: number
  areas: number
}

function keep({ memory, input: { scene, index, view }, at }: Work): KeptList {
  const room = keptCount(index.ranking.scores, view)
  const { arena, exports } = memory
  const kept = { ...memory.list(room), outcomes: arena.take(room), areas: arena.take(8 * room) }
  const columns = [at.scores, at.dtImages, at.positions, at.dtOutcomes, at.gtOfDt, at.gtAreas, at.dtAreas]
  const out = [kept.rows, kept.places, kept.outcomes, kept.areas]
  inBlocks(scene.dt.count, (from, to) => {
    kept.count = exports.keep(from, to, kept.count, ...columns, ...out)
  })
  return kept
}

function pick({ memory }: Work, { rows, places, outcomes, count }: KeptList, outcome: number): List {
  const list = memory.list(count)
  const columns = [rows, places, outcomes, list.rows, list.places]
  inBlocks(count, (from, to) => {
    list.count = memory.exports.pick(from, to, list.count, outcome, ...columns)
  })
  return list
}

/** By the outcomes of some matches. */
function miss({ memory, input, at }: Work, gtOutcomes: number, dtOfGt: number): List {
  const { count } = input.scene.gt
  const list = memory.list(count)
  const columns = [gtOutcomes, dtOfGt, at.scores, at.gtImages, at.positions, list.rows, list.places]
  inBlocks(count, (from, to) => {
    list.count = memory.exports.miss(from, to, list.count, ...columns)
  })
  return list
}

/** Counts of some lists by image, one after the other. */
function tally(memory: StudyMemory, lists: List[]): Uint32Array {
  const counts = memory.zeros(lists.length)
  lists.forEach(({ places, count }, kind) => {
    const own = counts + 4 * kind * memory.imageCount
    inBlocks(count, (from, to) => memory.exports.tally(from, to, places, own))
  })
  return memory.counts(counts, lists.length)
}

function findLoose({ memory, at }: Work, tp: List) {
  const { arena, exports } = memory
  const column = arena.take(8 * tp.count)
  inBlocks(tp.count, (from, to) => exports.overlap(from, to, tp.rows, at.gtOfDt, ...at.pairs, column))
  const overlaps = arena.f64(column, tp.count).slice()
  const medianOverlap = percentileOf(overlaps.slice().sort(), 50)
  const loose = memory.list(tp.count)
  const columns = [column, tp.rows, tp.places, loose.rows, loose.places]
  inBlocks(tp.count, (from, to) => {
    loose.count = exports.below(from, to, loose.count, medianOverlap, ...columns)
  })
  return { overlaps, medianOverlap, loose }
}

function countSize(work: Work, size: number, kept: KeptList, missed: List): SizeCounts {
  const { memory, input, at } = work
  const { scene, index, view } = input
  const { arena, exports } = memory
  const { lo, hi } = view.sizes[size]
  const isCoco = index.protocol === 'coco'
  const isOpen = !isCoco && hi >= OPEN_END
  exports.openRange(lo, isOpen ? Number.POSITIVE_INFINITY : hi, Number(isCoco || isOpen))
  const { matches, range } = matchesIn(scene, index, view, size)
  const isOwn = range === null
  const [inside, outside] = [memory.zeros(3), memory.zeros(3)]
  const own = isOwn ? arena.put(matches.dtOutcomes) : 0
  const columns = [kept.rows, kept.places, kept.outcomes, kept.areas, own, inside, outside]
  let countOutside = 0
  inBlocks(kept.count, (from, to) => {
    countOutside += exports.countKept(from, to, ...columns)
  })
  const missColumns = [missed.rows, missed.places, at.gtAreas, isOwn ? 0 : inside, outside]
  inBlocks(missed.count, (from, to) => {
    countOutside += exports.countMissed(from, to, ...missColumns)
  })
  if (isOwn) {
    const { places, count } = miss(work, arena.put(matches.gtOutcomes), arena.put(matches.dtOfGt))
    const misses = inside + 8 * memory.imageCount
    inBlocks(count, (from, to) => exports.tally(from, to, places, misses))
  }
  return { inside: memory.counts(inside, 3), outside: memory.counts(outside, 3), countOutside }
}

function countByKey({ memory, input }: Work, { rows, places, count }: List, categories: number): KeyedCounts {
  const { arena, exports } = memory
  const keyCount = input.scene.categories.count
  const ends = arena.zeros(4 * keyCount)
  inBlocks(count, (from, to) => exports.countKeys(from, to, rows, categories, ends))
  startsOf(arena.u32(ends, keyCount))
  const sorted = arena.take(4 * count)
  inBlocks(count, (from, to) => exports.sortPlaces(from, to, rows, places, categories, ends, sorted))
  const offsets = arena.zeros(4 * (keyCount + 1))
  const [images, values] = [arena.take(4 * count), arena.take(8 * count)]
  const length = exports.collect(keyCount, ends, sorted, memory.zeros(1), offsets, images, values)
  return {
    offsets: arena.u32(offsets, keyCount + 1).slice(),
    images: arena.u32(images, length).slice(),
    values: arena.f64(values, length).slice(),
  }
}

function sumScores({ memory, input, at }: Work): ScoreSums {
  const { arena, exports, imageCount } = memory
  const { ranking } = input.index
  const kept = keptCount(ranking.scores, input.view)
  const [rows, scores] = [ranking.rows, ranking.scores].map(column => arena.put(column.subarray(0, kept)))
  const [outcomes, places] = [arena.take(kept), arena.take(4 * kept)]
  const columns = [rows, at.dtOutcomes, at.dtImages, at.positions, outcomes, places]
  inBlocks(kept, (from, to) => exports.placeRanks(from, to, ...columns))
  const sums = arena.zeros(8 * imageCount)
  let beyond = 0
  const added = [scores, outcomes, places, sums]
  for (const outcome of [TP, FP])
    inBlocks(kept, (from, to) => {
      beyond |= exports.addScores(from, to, outcome, ...added)
    })
  const [images, values] = [arena.take(4 * imageCount), arena.take(8 * imageCount)]
  const taken = [outcomes, places, sums, images, values]
  let length = 0
  for (const outcome of [TP, FP])
    inBlocks(kept, (from, to) => {
      length = exports.takeScores(from, to, length, outcome, ...taken)
    })
  return {
    areShares: beyond === 0,
    images: arena.u32(images, length).slice(),
    values: arena.f64(values, length).slice(),
  }
}
