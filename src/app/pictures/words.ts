/** Instances of a picture in words. Names come from files and are text only. */

import { FN, FP, TP } from '../../data/analysis.js'
import type { Scene } from '../../data/scene.js'
import type { InstanceRow } from '../../metrics/instances.js'
import type { PictureItem } from '../../report/picture.js'
import { formatMetric } from '../format.js'
import { styleOf } from './style.js'

/** "ground truth 8", "detection 41": files number ground truths by id, detections by place. */
export const nameOf = ({ gt, dt }: Scene, kind: 'dt' | 'gt', row: number): string =>
  kind === 'gt' ? `ground truth ${gt.ids[row]}` : `detection ${dt.records[row]}`

export const classOf = (scene: Scene, { kind, row }: PictureItem): string => {
  const category = scene[kind].categories[row]
  return scene.categories.names[category] || `class ${scene.categories.ids[category]}`
}

/** What a similarity is called: IoU, or in a crowd the part of the detection that lies in it. */
function similarityWords(scene: Scene, item: PictureItem): string {
  const gt = item.kind === 'gt' ? item.row : item.partner
  const name = scene.gt.crowds[gt] === 1 ? 'overlap' : 'IoU'
  return `${item.isMatched ? name : `best ${name}`} ${formatMetric(item.similarity)}`
}

/** "score .91 · IoU .62" */
export function numbersOf(scene: Scene, item: PictureItem): string {
  const score = item.kind === 'dt' ? `score ${formatMetric(scene.dt.scores[item.row])}` : ''
  const similarity = item.partner >= 0 ? similarityWords(scene, item) : ''
  return [score, similarity].filter(part => part !== '').join(' · ')
}

/** ".91 · IoU .62": the badge tells the rest. */
export function briefly({ score, iou, bestIou }: InstanceRow): string {
  const overlap = iou ?? bestIou
  const parts = [
    score === null ? '' : formatMetric(score),
    overlap > 0 ? `${iou === null ? 'best ' : ''}IoU ${formatMetric(overlap)}` : '',
  ]
  return parts.filter(part => part !== '').join(' · ') || 'nothing near'
}

const shortened = (name: string): string => (name.length > 32 ? `${name.slice(0, 31)}…` : name)

/** How an instance stands in a picture: `told` is pointed at or open, `partner` belongs to one that is. */
export type Role = 'told' | 'partner' | 'other'

/** What stands on an instance in the picture; a found ground truth leaves the label to its detection. */
export function labelOf(scene: Scene, item: PictureItem, role: Role): string | null {
  const { letters } = styleOf(item.outcome)
  if (role === 'told') {
    const words = `${letters} ${shortened(classOf(scene, item))}`
    return `${words} · ${numbersOf(scene, item)}`.replace(/ · $/, '')
  }
  if (item.kind === 'dt') return `${letters} ${formatMetric(scene.dt.scores[item.row])}`
  if (role === 'partner') return `${letters} GT ${scene.gt.ids[item.row]}`
  if (item.outcome === TP) return null
  return scene.gt.crowds[item.row] === 1 ? 'crowd' : letters
}

/** "false positive: forklift, score .91 · best IoU .42 with ground truth 8" */
export function sentenceOf(scene: Scene, item: PictureItem): string {
  const partner =
    item.partner >= 0 ? ` with ${nameOf(scene, item.kind === 'dt' ? 'gt' : 'dt', item.partner)}` : ''
  const numbers = numbersOf(scene, item)
  const { words } = styleOf(item.outcome)
  return `${words}: ${classOf(scene, item)}${numbers === '' ? '' : `, ${numbers}`}${partner}`
}

/** Counts of a picture: what its description says and its toggles show. */
export interface Tally {
  groundTruths: number
  detections: number
  tp: number
  fp: number
  fn: number
  others: number
}

export function tallyOf(items: PictureItem[]): Tally {
  const tally: Tally = { groundTruths: 0, detections: 0, tp: 0, fp: 0, fn: 0, others: 0 }
  for (const { kind, outcome } of items) {
    if (kind === 'gt') tally.groundTruths++
    else tally.detections++
    if (outcome === FP) tally.fp++
    else if (outcome === FN) tally.fn++
    else if (outcome !== TP) tally.others++
    else if (kind === 'dt') tally.tp++
  }
  return tally
}

/** Errors first. */
export const GROUPS = [
  { title: 'Missed', has: ({ outcome }: PictureItem) => outcome === FN },
  { title: 'False positives', has: ({ outcome }: PictureItem) => outcome === FP },
  // One line a pair: that of the detection.
  { title: 'True positives', has: ({ outcome, kind }: PictureItem) => outcome === TP && kind === 'dt' },
  {
    title: 'Not counted',
    has: ({ outcome }: PictureItem) => outcome !== TP && outcome !== FP && outcome !== FN,
  },
]
