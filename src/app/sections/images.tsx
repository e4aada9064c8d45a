import { useMemo } from 'preact/hooks'
import type { ImageCounts, InstanceFilter } from '../../data/analysis.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { countsByImage } from '../../metrics/per-image.js'
import { ImageBars } from '../charts/image-bars.js'
import { DASH, formatCount, formatMetric, formatPx, named, plural } from '../format.js'
import type { InstanceRef } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { Count, Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { sumOf } from './metric-columns.js'
import { Section } from './section.js'

export interface ImageRow extends ImageCounts {
  name: string
  errors: number
  worstScore: number | null
  worstArea: number | null
}

/** Images whose counts a filter admits. */
function isWanted({ groundTruths, detections }: ImageCounts, filter: InstanceFilter): boolean {
  const isIn = (value: number, range: [number, number] | undefined): boolean =>
    !range || (value >= range[0] && value < range[1])
  return isIn(groundTruths, filter.imageGroundTruths) && isIn(detections, filter.imageDetections)
}

export function Images() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const rows = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      const view = report.viewOf(state)
      const size = report.sizeIndexOf(state)
      matchesIn(scene, index, view, size)
      yield
      const category = state.category < 0 ? undefined : state.category
      const counted = countsByImage(scene, index, view, size, category)
      yield
      return counted.map(
        (counts): ImageRow => ({
          ...counts,
          name: scene.images.fileNames[counts.image] || `image ${scene.images.ids[counts.image]}`,
          errors: counts.fp + counts.fn,
          worstScore: counts.worstFp < 0 ? null : scene.dt.scores[counts.worstFp],
          worstArea: counts.worstFn < 0 ? null : index.gtAreas[counts.worstFn],
        }),
      )
    },
    [report, state],
  )
  const columns = useMemo(
    () =>
      imageColumns(
        image => step(now => ({ ...now, filter: { image }, list: true })),
        open => step(now => ({ ...now, open })),
      ),
    [step],
  )
  const { filter } = state
  const wanted = useMemo(() => rows?.filter(row => isWanted(row, filter)), [rows, filter])
  const count = wanted?.length ?? 0
  return (
    <Section id="images" lead="Where errors gather. The chart follows the order of the table.">
      <DataTable
        title={
          count === rows?.length
            ? plural(count, 'image')
            : `${plural(count, 'image')} of ${formatCount(rows?.length ?? 0)}`
        }
        id="images"
        label="Counts by image"
        columns={columns}
        rows={wanted}
        first="-errors"
        keyOf={imageOf}
        marked={filter.image}
        above={drawImages}
      />
    </Section>
  )
}

const imageOf = ({ image }: ImageRow): number => image
const drawImages = (rows: ImageRow[]) => <ImageBars rows={rows} />

function imageColumns(choose: (image: number) => void, open: (ref: InstanceRef) => void): Column<ImageRow>[] {
  const worst = (value: string, { name }: ImageRow, of: string, ref: InstanceRef) =>
    value === DASH ? (
      value
    ) : (
      <button
        type="button"
        class="linked"
        aria-label={`${value}, ${of}, ${name}: open its picture`}
        onClick={() => open(ref)}
      >
        {value}
      </button>
    )
  const count = (
    id: 'groundTruths' | 'detections' | 'tp' | 'fp' | 'fn',
    title: string,
    of: string,
    outcomes: InstanceFilter['outcomes'],
  ): Column<ImageRow> => ({
    id,
    title,
    value: row => row[id],
    cell: row => (
      <Count count={row[id]} of={`${of}, ${row.name}`} pick={{ filter: { image: row.image, outcomes } }} />
    ),
  })
  const metric = (
    id: 'precision' | 'recall' | 'f1' | 'meanIou',
    title: string,
    about: string,
    outcomes: ('TP' | 'FP' | 'FN')[],
  ): Column<ImageRow> => ({
    id,
    title,
    about,
    value: row => row[id],
    cell: row => (
      <Linked
        value={formatMetric(row[id])}
        of={`${title}, ${row.name}`}
        pick={{ filter: { image: row.image, outcomes } }}
        count={sumOf(row, outcomes)}
      />
    ),
  })
  return [
    {
      id: 'image',
      title: 'image',
      text: true,
      value: row => row.name,
      cell: row => (
        <button type="button" class="link" onClick={() => choose(row.image)}>
          {named(row.name)}
        </button>
      ),
    },
    count('groundTruths', 'GT', 'ground truths', ['TP', 'FN']),
    count('detections', 'DT', 'detections', ['TP', 'FP']),
    count('tp', 'TP', 'true positives', ['TP']),
    count('fp', 'FP', 'false positives', ['FP']),
    count('fn', 'FN', 'false negatives', ['FN']),
    {
      id: 'errors',
      title: 'errors',
      about: 'FP + FN',
      value: row => row.errors,
      cell: row => (
        <Count
          count={row.errors}
          of={`errors, ${row.name}`}
          pick={{ filter: { image: row.image, outcomes: ['FP', 'FN'] } }}
        />
      ),
    },
    metric('precision', 'precision', 'TP / DT', ['TP', 'FP']),
    metric('recall', 'recall', 'TP / GT', ['TP', 'FN']),
    metric('f1', 'F1', 'Harmonic mean of precision and recall', ['TP', 'FP', 'FN']),
    metric('meanIou', 'mean IoU', 'Of the true positives', ['TP']),
    {
      id: 'worstScore',
      title: 'worst FP',
      about: 'Score of the highest-scored false positive',
      value: row => row.worstScore,
      cell: row =>
        worst(formatMetric(row.worstScore), row, 'worst false positive', { kind: 'dt', row: row.worstFp }),
    },
    {
      id: 'worstArea',
      title: 'largest FN',
      about: 'Area of the largest missed object',
      value: row => row.worstArea,
      cell: row =>
        worst(row.worstArea === null ? DASH : formatPx(row.worstArea), row, 'largest missed object', {
          kind: 'gt',
          row: row.worstFn,
        }),
    },
  ]
}
