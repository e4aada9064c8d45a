import { Arena, instantiate } from '../data/wasm.js'
import { leastOn } from './fates.js'
import type { Instances } from './finding-rows.js'
import type { StudyInput } from './study-counts.js'

/** What kernels/studies.ts exports; arguments are ranges of rows, counts so far, and addresses. */
export interface StudyExports {
  open(score: number, strict: number, threshold: number, classAgnostic: number, images: number): void
  openRange(lo: number, hi: number, closed: number): void
  keep(from: number, to: number, end: number, ...columns: number[]): number
  pick(from: number, to: number, end: number, outcome: number, ...columns: number[]): number
  miss(from: number, to: number, end: number, ...columns: number[]): number
  tally(from: number, to: number, places: number, counts: number): void
  countKept(from: number, to: number, ...columns: number[]): number
  countMissed(from: number, to: number, ...columns: number[]): number
  overlap(from: number, to: number, ...columns: number[]): void
  explainFalse(from: number, to: number, ...columns: number[]): void
  markImages(from: number, to: number, ...columns: number[]): void
  court(from: number, to: number, ...columns: number[]): void
  explainMissed(from: number, to: number, ...columns: number[]): void
  below(from: number, to: number, end: number, bound: number, ...columns: number[]): number
  countKeys(from: number, to: number, ...columns: number[]): void
  sortPlaces(from: number, to: number, ...columns: number[]): void
  collect(keyCount: number, ...columns: number[]): number
  placeRanks(from: number, to: number, ...columns: number[]): void
  addScores(from: number, to: number, outcome: number, ...columns: number[]): number
  takeScores(from: number, to: number, length: number, outcome: number, ...columns: number[]): number
  freeFrom: WebAssembly.Global
}

/** Instances in the kernel's memory: addresses, and how many. */
export interface List {
  rows: number
  places: number
  count: number
}

/** The memory of the kernel with the columns that are counted. */
export class StudyMemory {
  readonly arena = new Arena()
  readonly exports: StudyExports
  readonly imageCount: number

  constructor(module: WebAssembly.Module, { scene, view }: StudyInput) {
    this.exports = instantiate<StudyExports>(module, this.arena.memory)
    this.arena.start(this.exports.freeFrom.value)
    this.imageCount = scene.evaluatedImages.length
    const { score, scoreStrict, classAgnostic } = view
    this.exports.open(score, Number(scoreStrict), leastOn(view), Number(classAgnostic), this.imageCount)
  }

  /** Addresses of the columns, which are copied. */
  put({ scene: { gt, dt, pairs }, index, matches, positions }: StudyInput) {
    const put = (column: Parameters<Arena['put']>[0]): number => this.arena.put(column)
    return {
      positions: put(positions),
      scores: put(dt.scores),
      dtImages: put(dt.images),
      dtCategories: put(dt.categories),
      dtAreas: put(index.dtAreas),
      dtOutcomes: put(matches.dtOutcomes),
      gtOfDt: put(matches.gtOfDt),
      gtImages: put(gt.images),
      gtCategories: put(gt.categories),
      gtAreas: put(index.gtAreas),
      gtIgnores: put(index.gtIgnores),
      gtOutcomes: put(matches.gtOutcomes),
      dtOfGt: put(matches.dtOfGt),
      pairs: [pairs.offsets, pairs.gts, pairs.similarities].map(put),
    }
  }

  list(room: number): List {
    return { rows: this.arena.take(4 * room), places: this.arena.take(4 * room), count: 0 }
  }

  copy({ rows, places, count }: List): Instances {
    return { rows: this.arena.i32(rows, count).slice(), places: this.arena.i32(places, count).slice() }
  }

  /** Counts by image of so many kinds, all 0. */
  zeros(kinds: number): number {
    return this.arena.zeros(4 * kinds * this.imageCount)
  }

  counts(at: number, kinds: number): Uint32Array {
    return this.arena.u32(at, kinds * this.imageCount).slice()
  }
}
