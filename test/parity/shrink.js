// @ts-check
/**
 * Makes a failing data set smaller, so that a reader sees the cause: drops records and options one by one as
 * long as the two tools still differ.
 * @typedef {import('./generate.js').Case} Case
 */

/** Enough for some fifty records; a smaller case is not worth a longer wait. */
const MAX_TRIALS = 600

/** @param {Case} start @param {(trial: Case) => Promise<boolean>} fails @returns {Promise<Case>} */
export async function shrink(start, fails) {
  let best = start
  let trials = 0
  for (let progress = true; progress && trials < MAX_TRIALS; ) {
    progress = false
    // From the end, so that indices of what is left do not move.
    for (const smaller of reductions(best).reverse()) {
      const trial = smaller(best)
      if (!trial || trials++ >= MAX_TRIALS) continue
      if (!(await fails(trial).catch(() => false))) continue
      best = trial
      progress = true
    }
  }
  return best
}

/** Steps that each take one thing away, or give null where it is gone already. @param {Case} data */
function reductions({ gt, dt, options }) {
  /** @type {((from: Case) => Case | null)[]} */
  const steps = []
  for (const key of Object.keys(options)) if (key !== 'iouType') steps.push(from => withoutOption(from, key))
  dt.forEach((_, i) => {
    steps.push(from => (i < from.dt.length ? { ...from, dt: from.dt.toSpliced(i, 1) } : null))
  })
  gt.annotations.forEach((_, i) => {
    steps.push(from => withoutGt(from, 'annotations', i))
  })
  gt.categories.forEach((_, i) => {
    steps.push(from => withoutGt(from, 'categories', i))
  })
  gt.images.forEach((_, i) => {
    steps.push(from => withoutImage(from, i))
  })
  return steps
}

/** @param {Case} from @param {string} key */
function withoutOption(from, key) {
  const { [key]: _, ...options } = /** @type {Record<string, any>} */ (from.options)
  return { ...from, options: /** @type {Case['options']} */ (options) }
}

/** @param {Case} from @param {'annotations' | 'categories'} list @param {number} i */
function withoutGt(from, list, i) {
  if (i >= from.gt[list].length || (list === 'categories' && from.gt[list].length === 1)) return null
  return { ...from, gt: { ...from.gt, [list]: from.gt[list].toSpliced(i, 1) } }
}

/** @param {Case} from @param {number} i */
function withoutImage(from, i) {
  if (i >= from.gt.images.length || from.gt.images.length === 1) return null
  const { id } = from.gt.images[i]
  const others = (/** @type {{ image_id?: number }} */ record) => record.image_id !== id
  return {
    ...from,
    gt: {
      ...from.gt,
      images: from.gt.images.toSpliced(i, 1),
      annotations: from.gt.annotations.filter(others),
    },
    dt: from.dt.filter(others),
  }
}
