import type { Dataset } from '../data/columns.js'
import type { ConfigDraft } from '../data/config.js'
import { InputError } from '../errors.js'

/** What a configuration evaluates. */
export interface Selection {
  /** 1 where the image is evaluated, [image]. */
  images: Uint8Array
  /** 1 where the category is evaluated, [category]. */
  categories: Uint8Array
}

/** Fails with InputError on ids that the ground truth lacks. */
export function select(dataset: Dataset, config: ConfigDraft): Selection {
  return {
    images: flagIds(dataset.images.ids, config.imageIds, 'image'),
    categories: flagIds(dataset.categories.ids, config.categoryIds, 'category'),
  }
}

/** 1 where `ids[row]` is wanted, [row]. `ids` ascend. */
function flagIds(ids: Float64Array, wanted: number[] | null, what: string): Uint8Array {
  if (wanted === null) return new Uint8Array(ids.length).fill(1)
  const rowOf = new Map<number, number>()
  for (let row = 0; row < ids.length; row++) rowOf.set(ids[row], row)
  const flags = new Uint8Array(ids.length)
  const unknown = []
  for (const id of wanted) {
    const row = rowOf.get(id)
    if (row === undefined) unknown.push(id)
    else flags[row] = 1
  }
  if (unknown.length > 0) {
    const listed = unknown.slice(0, 10).join(', ') + (unknown.length > 10 ? ', ...' : '')
    throw new InputError(
      `${what} ids to evaluate: expected ids of the ground truth, got ${listed} ` +
        `(${unknown.length} of ${wanted.length} unknown)`,
    )
  }
  return flags
}
