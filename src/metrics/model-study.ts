import type { Steps } from '../data/steps.js'
import { SumCollector } from './bootstrap.js'
import { collectRows, type Group, isUnion, type OutcomeRows, rowsByCategory } from './finding-study.js'
import { FOUND_BY, foundBy } from './flips.js'
import type { ModelName, ModelPair } from './models.js'

/** Columns of sums by image: what each model counts, and the ground truths that one alone finds. */
export interface ModelGroup extends Record<ModelName, Group> {
  onlyA: number
  onlyB: number
}

/** What is compared of two models at their operating points, summed by image. */
export interface ModelStudy {
  pair: ModelPair
  sums: SumCollector
  whole: ModelGroup
  /** The size ranges of the views but the whole; `isUnion` where a range holds two others or more. */
  sizes: { name: string; isUnion: boolean; group: ModelGroup }[]
  /** The evaluated classes; none when class-agnostic. */
  classes: { category: number; group: ModelGroup }[]
}

/** Rows of both models, and of the ground truths that one alone finds. */
type PairRows = Record<ModelName, OutcomeRows> & { onlyA: Int32Array; onlyB: Int32Array }

/** In steps, for a page that must not stand still. */
export function* modelStudySteps(pair: ModelPair): Steps<ModelStudy> {
  const { scene, view } = pair.A
  const sums = new SumCollector(scene.evaluatedImages.length)
  const positions = new Int32Array(scene.images.count).fill(-1)
  scene.evaluatedImages.forEach((image, position) => {
    positions[image] = position
  })
  const groupOf = groupsIn(pair, sums, positions)
  const all = rowsOf(pair, 0)
  yield
  const whole = groupOf(all)
  const sizes: ModelStudy['sizes'] = []
  for (let size = 1; size < view.sizes.length; size++) {
    yield
    const group = groupOf(rowsOf(pair, size))
    sizes.push({ name: view.sizes[size].name, isUnion: isUnion(view.sizes, size), group })
  }
  const classes: ModelStudy['classes'] = []
  if (!view.classAgnostic) {
    const ofClass = splitByClass(pair, all)
    for (const category of scene.evaluatedCategories) {
      yield
      classes.push({ category, group: groupOf(ofClass(category)) })
    }
  }
  return { pair, sums, whole, sizes, classes }
}

function rowsOf(pair: ModelPair, size: number): PairRows {
  const rowsIn = ({ scene, index, view }: ModelPair[ModelName]) => collectRows(scene, index, view, size)
  const found = foundBy(pair, size)
  const only = (model: ModelName): Int32Array => {
    const rows = new Int32Array(found.length)
    let count = 0
    for (let g = 0; g < found.length; g++) if (FOUND_BY[found[g]] === model) rows[count++] = g
    return rows.subarray(0, count)
  }
  return { A: rowsIn(pair.A), B: rowsIn(pair.B), onlyA: only('A'), onlyB: only('B') }
}

function groupsIn(
  { A, B }: ModelPair,
  sums: SumCollector,
  positions: Int32Array,
): (rows: PairRows) => ModelGroup {
  const count = (rows: Int32Array, images: Int32Array): number => sums.count(rows, images, positions)
  return rows => {
    const groupOf = ({ scene }: ModelPair[ModelName], { tp, fp, fn }: OutcomeRows): Group => ({
      tp: count(tp, scene.dt.images),
      fp: count(fp, scene.dt.images),
      fn: count(fn, scene.gt.images),
    })
    const { gt } = A.scene
    return {
      A: groupOf(A, rows.A),
      B: groupOf(B, rows.B),
      onlyA: count(rows.onlyA, gt.images),
      onlyB: count(rows.onlyB, gt.images),
    }
  }
}

/** By row of Categories. */
function splitByClass({ A, B }: ModelPair, rows: PairRows): (category: number) => PairRows {
  const { gt, categories } = A.scene
  const split = (own: Int32Array, keys: Int32Array) => rowsByCategory(own, keys, categories.count)
  const splitModel = ({ scene: { dt } }: ModelPair[ModelName], { tp, fp, fn, cut }: OutcomeRows) => {
    const [tps, fps, cuts] = [tp, fp, cut].map(own => split(own, dt.categories))
    const fns = split(fn, gt.categories)
    return (category: number): OutcomeRows => ({
      tp: tps(category),
      fp: fps(category),
      fn: fns(category),
      cut: cuts(category),
    })
  }
  const [ofA, ofB] = [splitModel(A, rows.A), splitModel(B, rows.B)]
  const [onlyA, onlyB] = [rows.onlyA, rows.onlyB].map(own => split(own, gt.categories))
  return category => ({
    A: ofA(category),
    B: ofB(category),
    onlyA: onlyA(category),
    onlyB: onlyB(category),
  })
}
