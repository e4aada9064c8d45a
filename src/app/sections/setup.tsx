import { useMemo } from 'preact/hooks'
import type { SizeRange } from '../../data/analysis.js'
import { keptCount } from '../../metrics/outcomes.js'
import { cocoSizes, inSize } from '../../metrics/sizes.js'
import { DASH, formatCount, formatPx, formatScore, formatShare, plural } from '../format.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Count, Explain, Switch } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { Section } from './section.js'

export function Setup() {
  const state = useAppState()
  const report = useReport()
  const { scene, content } = report
  const { config } = scene
  const view = report.viewOf(state)
  const thresholds = config.iouThresholds
  const recalls = config.recallThresholds
  const crowds = useMemo(() => scene.gt.crowds.reduce((sum, crowd) => sum + crowd, 0), [scene])
  const { scores } = report.indexOf(state).ranking
  const below = scores.length - keptCount(scores, view)
  const facts: [string, string][] = [
    ['IoU', config.iouType === 'segm' ? 'of masks (segm)' : 'of boxes (bbox)'],
    ['IoU thresholds', gridWords(thresholds)],
    ['Recall thresholds', gridWords(recalls)],
    [
      'Score threshold',
      state.score === null
        ? `from ${formatScore(view.score)}: the best F1 over all classes and sizes at IoU .50`
        : `${view.scoreStrict ? 'above' : 'from'} ${formatScore(view.score)}, as chosen`,
    ],
    ['Images', formatCount(scene.evaluatedImages.length)],
    ['Classes', formatCount(scene.evaluatedCategories.length)],
    [
      'Ground truths',
      `${formatCount(scene.gt.count)}${crowds > 0 ? `, ${plural(crowds, 'crowd region')}` : ''}`,
    ],
    ['Detections', `${formatCount(scene.dt.count)}, ${formatCount(below)} of them below the score threshold`],
    [
      'Detections kept',
      state.protocol === 'coco' ? `${config.maxDets[config.maxDets.length - 1]} an image and class` : 'all',
    ],
    ['Computed on', content.backend.adapter ?? content.backend.kind],
  ]
  return (
    <Section id="setup" lead="What was evaluated, and by which rules.">
      <Explain term="What are the protocols coco and corrected?">
        “coco” repeats the reference implementation, pycocotools, to the last bit: use it to compare with
        published numbers. “corrected” mends what it gets wrong, such as results that depend on the order of a
        file or detections that are right in two sizes at once; its counts by size add up. The switch above
        governs everything below.
      </Explain>
      <div class="pair">
        <div>
          <dl class="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Classes />
        </div>
        <Sizes />
      </div>
      <Warnings />
    </Section>
  )
}

/** Whether a detection must be of the class of what it finds. */
function Classes() {
  const { classAgnostic } = useAppState()
  const { step } = useActions()
  return (
    <div class="row matching">
      <span class="muted">Matching</span>
      <Switch
        label="Matching"
        value={classAgnostic ? 'any' : 'own'}
        options={[
          { value: 'own', title: 'within a class' },
          { value: 'any', title: 'class-agnostic' },
        ]}
        onChange={value => step(now => ({ ...now, classAgnostic: value === 'any' }))}
      />
    </div>
  )
}

/** ".50 to .95 by .05" for an even grid, else its values. */
function gridWords(values: number[]): string {
  const [first, second] = values
  const last = values[values.length - 1]
  const even = values.every((value, i) => Math.abs(value - first - i * (second - first)) < 1e-9)
  if (values.length < 3 || !even) return values.map(formatScore).join(', ')
  return `${formatScore(first)} to ${formatScore(last)} by ${formatScore(second - first)}`
}

interface SizeRow {
  range: SizeRange
  order: number
  objects: number
  all: number
}

const nameOf = ({ range }: SizeRow): string => range.name

const COCO = new Map(cocoSizes().map(range => [range.name, range]))

const SIZE_COLUMNS: Column<SizeRow>[] = [
  { id: 'size', title: 'size', text: true, value: row => row.order, cell: nameOf },
  {
    id: 'percentiles',
    title: 'percentiles',
    about: 'Of the areas of the objects',
    value: ({ range }) => range.percentiles?.[0] ?? null,
    cell: ({ range }) => range.percentiles?.join('–') ?? DASH,
  },
  {
    id: 'area',
    title: 'area',
    value: ({ range }) => range.lo,
    cell: ({ range }) => boundsWords(range, formatPx),
  },
  {
    id: 'side',
    title: 'side',
    about: 'Of a square of that area, px',
    value: ({ range }) => range.hi,
    cell: ({ range }) => boundsWords(range, area => `${Math.round(Math.sqrt(area))}`),
  },
  {
    id: 'objects',
    title: 'objects',
    value: row => row.objects,
    cell: ({ objects, all, range, order }) => (
      <>
        <Count
          count={objects}
          of={`objects, ${range.name}`}
          pick={{ size: order === 0 ? '' : range.name, category: -1, filter: { outcomes: ['TP', 'FN'] } }}
        />{' '}
        <span class="muted">{formatShare(objects, all)}</span>
      </>
    ),
  },
]

const COCO_COLUMN: Column<SizeRow> = {
  id: 'coco',
  title: 'COCO’s',
  about: 'The reference’s range of that name',
  value: ({ range }) => COCO.get(range.name)?.lo ?? null,
  cell: ({ range }) => {
    const twin = COCO.get(range.name)
    return twin ? boundsWords(twin, formatPx) : DASH
  },
}

const COMPARED_COLUMNS = [...SIZE_COLUMNS, COCO_COLUMN]

/** Size ranges: their names, bounds and shares. */
function Sizes() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const { protocol, sizes, classAgnostic } = state
  const rows = useMemo(() => {
    const index = report.indexOf({ protocol, classAgnostic })
    const ranges = report.sizeSetOf({ sizes }).ranges
    const areas = index.gtAreas.filter((_, g) => index.gtIgnores[g] === 0)
    const countIn = (range: SizeRange): number => areas.filter(area => inSize(area, range, protocol)).length
    const counts = ranges.map((range, i) =>
      i === 0 && protocol === 'corrected' ? areas.length : countIn(range),
    )
    return ranges.map((range, order): SizeRow => ({ range, order, objects: counts[order], all: counts[0] }))
  }, [report, protocol, sizes, classAgnostic])
  const choice = useMemo(
    () => (
      <Switch
        label="Size ranges"
        value={sizes}
        options={report.sizeSets.map(({ name, title }) => ({ value: name, title }))}
        onChange={next => step(now => ({ ...now, sizes: next, size: '' }))}
      />
    ),
    [report, sizes, step],
  )
  return (
    <div>
      <DataTable
        title="Sizes"
        id="ranges"
        label="Size ranges"
        columns={sizes === 'coco' ? SIZE_COLUMNS : COMPARED_COLUMNS}
        rows={rows}
        first="+size"
        keyOf={nameOf}
        marked={state.size}
      >
        {choice}
      </DataTable>
      <p class="reading">
        {protocol === 'coco'
          ? 'Both ends belong to a range, by the area that the file states.'
          : 'The lower end belongs to a range, the upper does not; areas are those of the shapes.'}
      </p>
    </div>
  )
}

function boundsWords({ lo, hi }: { lo: number; hi: number }, format: (area: number) => string): string {
  if (hi >= 1e10) return lo === 0 ? 'any' : `from ${format(lo)}`
  // Whether ends belong to a range depends on the protocol, and is said below.
  return lo === 0 ? `up to ${format(hi)}` : `${format(lo)} – ${format(hi)}`
}

/** What a reader of the numbers should know. */
function Warnings() {
  const { content } = useReport()
  if (content.warnings.length === 0) return null
  return (
    <div class="warnings">
      <h3>Worth knowing</h3>
      <ul>
        {content.warnings.map(({ code, count, text, example }) => (
          <li key={code}>
            <strong>{plural(count, 'time', 'times')}</strong> {text}.{' '}
            <span class="muted">First: {example}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
