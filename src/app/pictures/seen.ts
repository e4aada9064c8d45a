import type { ModelName } from '../../metrics/models.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { reasonOf } from '../../metrics/reasons.js'
import { type InstanceRef, isNear, type PictureItem, pictureItems } from '../../report/picture.js'
import type { Report } from '../report.js'
import type { State } from '../state/state.js'
import { isSame } from './paint.js'

/** An image as one model sees it. */
export interface Seen {
  model: ModelName
  report: Report
  items: PictureItem[]
  /** Why an instance has its outcome, in words. */
  explain: (ref: InstanceRef) => string
}

/** An instance of one of the models. */
export interface ModelRef extends InstanceRef {
  model: ModelName
}

export function seenBy(model: ModelName, report: Report, state: State, image: number): Seen {
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const view = report.viewOf(state)
  const size = report.sizeIndexOf(state)
  const { matches } = matchesIn(scene, index, view, size)
  return {
    model,
    report,
    items: pictureItems(scene, index, view, size, image),
    explain: ({ kind, row }) => reasonOf(scene, index, view, matches, kind, row, view.sizes[size]).text,
  }
}

const itemOf = ({ items }: Seen, ref: InstanceRef | null): PictureItem | undefined =>
  items.find(one => isSame(one, ref))

/** Row of the ground truth that an instance is, or is matched with or near to; -1 for none. */
function gtOf(item: PictureItem | undefined): number {
  if (!item) return -1
  if (item.kind === 'gt') return item.row
  return isNear(item) ? item.partner : -1
}

/**
 * What a model has where an instance is, which may be of the other model: ground truths are the same of both, and a
 * detection of the other stands for the ground truth that it is about. null for none.
 */
export function counterpart(seen: Seen, ref: ModelRef | null, sides: Seen[]): InstanceRef | null {
  if (!ref || ref.model === seen.model) return ref && { kind: ref.kind, row: ref.row }
  const owner = sides.find(({ model }) => model === ref.model)
  const row = owner ? gtOf(itemOf(owner, ref)) : -1
  return row < 0 ? null : { kind: 'gt', row }
}

/** An instance and its partner. */
export function pairOf(items: PictureItem[], ref: InstanceRef | null): InstanceRef[] {
  const item = ref && items.find(one => isSame(one, ref))
  if (!item) return []
  const { kind, row, partner } = item
  const pair: InstanceRef[] = [{ kind, row }]
  if (partner >= 0 && isNear(item)) pair.push({ kind: kind === 'dt' ? 'gt' : 'dt', row: partner })
  return pair
}
