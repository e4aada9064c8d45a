import type { SizeRange } from '../../data/analysis.js'
import { cocoSizes, inSize } from '../../metrics/sizes.js'
import { formatCount, formatPx, formatScore, formatShare, plural } from '../format.js'
import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Explain, Switch } from '../ui/parts.js'
import { Section } from './section.js'

export function Setup() {
  const state = useAppState()
  const report = useReport()
  const { scene, content } = report
  const { config } = scene
  const view = report.viewOf(state)
  const thresholds = config.iouThresholds
  const recalls = config.recallThresholds
  const crowds = scene.gt.crowds.reduce((sum, crowd) => sum + crowd, 0)
  const facts: [string, string][] = [
    ['IoU', config.iouType === 'segm' ? 'of masks (segm)' : 'of boxes (bbox)'],
    ['IoU thresholds', gridWords(thresholds)],
    ['Recall thresholds', gridWords(recalls)],
    [
      'Score threshold',
      state.score === null
        ? `${formatScore(view.score)}: the best F1 over all classes and sizes at IoU .5`
        : `${formatScore(view.score)}, ${view.scoreStrict ? 'itself left out' : 'as chosen'}`,
    ],
    ['Images', formatCount(scene.evaluatedImages.length)],
    ['Classes', formatCount(scene.evaluatedCategories.length)],
    [
      'Ground truths',
      `${formatCount(scene.gt.count)}${crowds > 0 ? `, ${plural(crowds, 'crowd region')}` : ''}`,
    ],
    ['Detections', formatCount(scene.dt.count)],
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
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Sizes />
      </div>
      <Warnings />
    </Section>
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

/** Size ranges: their names, bounds and shares. */
function Sizes() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const index = report.indexOf(state)
  const ranges = report.sizesOf(state)
  const regular = index.gtIgnores.reduce((sum, ignored) => sum + 1 - ignored, 0)
  const countIn = (range: SizeRange): number =>
    index.gtAreas.reduce(
      (sum, area, g) => sum + (index.gtIgnores[g] === 0 && inSize(area, range, state.protocol) ? 1 : 0),
      0,
    )
  const coco = new Map(cocoSizes().map(range => [range.name, range]))
  return (
    <div>
      <div class="row">
        <h3>Sizes</h3>
        <Switch
          label="Size ranges"
          value={state.sizes}
          options={report.sizeSets.map(({ name, title }) => ({ value: name, title }))}
          onChange={sizes => step(now => ({ ...now, sizes, size: '' }))}
        />
      </div>
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                size
              </th>
              <th scope="col">percentiles</th>
              <th scope="col">area</th>
              <th scope="col">side of a square</th>
              <th scope="col">objects</th>
              <th scope="col">share</th>
              {state.sizes !== 'coco' && <th scope="col">COCO’s</th>}
            </tr>
          </thead>
          <tbody>
            {ranges.map(range => {
              const count = countIn(range)
              const twin = coco.get(range.name)
              return (
                <tr key={range.name}>
                  <th scope="row" class="text">
                    {range.name}
                  </th>
                  <td>{range.percentiles ? range.percentiles.join('–') : '–'}</td>
                  <td>{boundsWords(range, formatPx)}</td>
                  <td>{boundsWords(range, area => `${Math.round(Math.sqrt(area))}`)}</td>
                  <td>{formatCount(count)}</td>
                  <td>{formatShare(count, regular)}</td>
                  {state.sizes !== 'coco' && <td>{twin ? boundsWords(twin, formatPx) : '–'}</td>}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p class="reading">
        {state.protocol === 'coco'
          ? 'Both ends belong to a range, by the area that the file states.'
          : 'The lower end belongs to a range, the upper does not; areas are those of the shapes.'}
      </p>
    </div>
  )
}

function boundsWords({ lo, hi }: { lo: number; hi: number }, format: (area: number) => string): string {
  if (hi >= 1e10) return lo === 0 ? 'any' : `≥ ${format(lo)}`
  return lo === 0 ? `< ${format(hi)}` : `${format(lo)} – ${format(hi)}`
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
