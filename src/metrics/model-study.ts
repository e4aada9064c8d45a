import type { Steps } from '../data/steps.js'
import { SumCollector } from './bootstrap.js'
import { collectRows, type Group, isUnion, type OutcomeRows, positionsOf } from './finding-study.js'
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
type PairRows = Record<ModelName, OutcomeRows> & { onlyA: number[]; onlyB: number[] }

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
    const byClass = splitByClass(pair, all)
    for (const category of scene.evaluatedCategories) {
      yield
      classes.push({ category, group: groupOf(byClass[category]) })
    }
  }
  return { pair, sums, whole, sizes, classes }
}

function rowsOf(pair: ModelPair, size: number): PairRows {
  const rowsIn = ({ scene, index, view }: ModelPair[ModelName]) => collectRows(scene, index, view, size)
  const rows: PairRows = { A: rowsIn(pair.A), B: rowsIn(pair.B), onlyA: [], onlyB: [] }
  const found = foundBy(pair, size)
  for (let g = 0; g < found.length; g++) {
    if (FOUND_BY[found[g]] === 'A') rows.onlyA.push(g)
    else if (FOUND_BY[found[g]] === 'B') rows.onlyB.push(g)
  }
  return rows
}

function groupsIn(
  { A, B }: ModelPair,
  sums: SumCollector,
  positions: Int32Array,
): (rows: PairRows) => ModelGroup {
  const count = (rows: number[], images: Int32Array): number =>
    sums.count(positionsOf(rows, images, positions))
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

const noRows = (): OutcomeRows => ({ tp: [], fp: [], fn: [], cut: [] })

/** By row of Categories. */
function splitByClass({ A, B }: ModelPair, rows: PairRows): PairRows[] {
  const { gt, categories } = A.scene
  const classes = Array.from(
    { length: categories.count },
    (): PairRows => ({ A: noRows(), B: noRows(), onlyA: [], onlyB: [] }),
  )
  for (const [name, { scene }] of [['A', A] as const, ['B', B] as const]) {
    for (const d of rows[name].tp) classes[scene.dt.categories[d]][name].tp.push(d)
    for (const d of rows[name].fp) classes[scene.dt.categories[d]][name].fp.push(d)
    for (const g of rows[name].fn) classes[gt.categories[g]][name].fn.push(g)
  }
  for (const g of rows.onlyA) classes[gt.categories[g]].onlyA.push(g)
  for (const g of rows.onlyB) classes[gt.categories[g]].onlyB.push(g)
  return classes
}
