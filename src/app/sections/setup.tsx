import { useMemo } from 'preact/hooks'
import { keptCount } from '../../metrics/outcomes.js'
import { formatCount, formatScore, plural } from '../format.js'
import { useAppState, useReport } from '../ui/hooks.js'
import { Explain } from '../ui/parts.js'
import { MatchRules } from './match-rules.js'
import { Section } from './section.js'
import { Sizes } from './sizes.js'

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
      state.protocol === 'coco'
        ? `${formatCount(report.capOf(state))} an image${state.classAgnostic ? '' : ' and class'}`
        : 'all',
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
          <MatchRules />
        </div>
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
