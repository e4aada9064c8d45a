import type { InstanceRow } from '../../metrics/instances.js'
import { formatMetric, formatPx, formatScore } from '../format.js'
import { Crop } from '../pictures/crop.js'
import type { Report } from '../report.js'
import { Badge } from './parts.js'
import type { Column } from './table.js'

export const imageName = ({ scene }: Report, image: number): string =>
  scene.images.fileNames[image] || `image ${scene.images.ids[image]}`

/** Columns of the table of instances, whose rows open their picture. Files number detections by place, ground truths by id. */
export const instanceColumns = (report: Report): Column<InstanceRow>[] => [
  {
    id: 'outcome',
    title: 'outcome',
    text: true,
    width: 112,
    value: row => row.outcome,
    cell: row => (
      <button type="button" class="open" aria-label={`${row.outcome}, ${nameOf(row)}: open its picture`}>
        <Crop kind={row.kind} row={row.row} side={36} />
        <Badge outcome={row.outcome} />
      </button>
    ),
  },
  { id: 'category', title: 'class', text: true, value: row => report.scene.categories.names[row.category] },
  { id: 'image', title: 'image', text: true, value: row => imageName(report, row.image) },
  { id: 'score', title: 'score', width: 72, value: row => row.score, cell: row => formatMetric(row.score) },
  {
    id: 'iou',
    title: 'IoU',
    about: 'With the matched instance',
    width: 72,
    value: row => row.iou,
    cell: row => formatMetric(row.iou),
  },
  {
    id: 'bestIou',
    title: 'best IoU',
    about: 'With the most similar instance of the other kind, of any class, and which it is',
    width: 110,
    value: row => row.bestIou,
    cell: row => (
      <>
        {formatMetric(row.bestIou)} {row.bestId !== null && <span class="muted">{row.bestId}</span>}
      </>
    ),
  },
  {
    id: 'partnerId',
    title: 'matched',
    about: 'Id of the ground truth, or place of the detection in its file',
    width: 92,
    value: row => row.partnerId,
  },
  { id: 'area', title: 'area', width: 96, value: row => row.area, cell: row => formatPx(row.area) },
  { id: 'size', title: 'size', text: true, width: 84, value: row => row.size },
  {
    id: 'reason',
    title: 'why',
    text: true,
    value: row => row.reason.text,
    cell: row => <span title={row.reason.text}>{row.reason.text}</span>,
  },
]

const nameOf = (row: InstanceRow): string =>
  row.kind === 'dt' ? `detection ${row.id}` : `ground truth ${row.id}`

/** "score .91 · IoU .62" */
export const numbersOf = (row: InstanceRow): string =>
  [
    row.score === null ? '' : `score ${formatScore(row.score)}`,
    row.iou === null
      ? row.bestIou > 0
        ? `best IoU ${formatScore(row.bestIou)}`
        : ''
      : `IoU ${formatScore(row.iou)}`,
    row.size ?? '',
  ]
    .filter(part => part !== '')
    .join(' · ')
