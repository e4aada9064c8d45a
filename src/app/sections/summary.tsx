import type { ComponentChildren } from 'preact'
import { countOutcomes } from '../../metrics/counts.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { formatMetric, formatScore } from '../format.js'
import { headlineOf } from '../headline.js'
import type { Pick } from '../state/state.js'
import { useAppState, useReport, useWork } from '../ui/hooks.js'
import { Count, Explain, Linked } from '../ui/parts.js'
import { Section } from './section.js'

interface TileProps {
  name: string
  value: number | null
  /** What it is computed from, and how many instances that are. */
  pick: Pick
  count?: number
  children?: ComponentChildren
}

const Tile = ({ name, value, pick, count, children }: TileProps) => (
  <div class="tile">
    <dt>{name}</dt>
    <dd>
      <span class="value">
        <Linked value={formatMetric(value)} of={name} pick={pick} count={count} />
      </span>
      {children && <span class="detail">{children}</span>}
    </dd>
  </div>
)

export function Summary() {
  const state = useAppState()
  const report = useReport()
  const { content, scene } = report
  const shown = headlineOf(content, state, scene.evaluatedCategories.indexOf(state.category))
  const all: Pick = { sizes: 'coco', size: '', score: report.leastScore, filter: {} }
  const whose = state.category < 0 ? 'over all classes' : `of ${scene.categories.names[state.category]}`
  return (
    <Section id="summary">
      <div class="tiles">
        <dl aria-label={`Metrics ${whose}`}>
          <Tile name="AP" value={shown.AP} pick={all}>
            {whose}
          </Tile>
          <Tile name="AP50" value={shown.AP50} pick={{ ...all, iou: 0.5 }}>
            at IoU .50
          </Tile>
          <Tile name="AP75" value={shown.AP75} pick={{ ...all, iou: 0.75 }}>
            at IoU .75
          </Tile>
          <Tile name="AR" value={shown.AR} pick={{ ...all, filter: { outcomes: ['TP', 'FN'] } }}>
            best recall
          </Tile>
        </dl>
        <OperatingPoint />
      </div>
      <Explain term="What do AP and AR mean?">
        Average precision (AP) is the share of detections that are right, averaged over all levels of recall,
        over the classes and over IoU thresholds from .50 to .95; AP50 and AP75 take one threshold. Average
        recall (AR) is the share of objects found when every detection counts. IoU, intersection over union,
        says how well two shapes agree: 1 for equal ones.
      </Explain>
    </Section>
  )
}

const DETECTIONS: Pick = { filter: { outcomes: ['TP', 'FP'] } }
const OBJECTS: Pick = { filter: { outcomes: ['TP', 'FN'] } }

/** Precision, recall and F1 at the thresholds of the moment. */
function OperatingPoint() {
  const state = useAppState()
  const report = useReport()
  const counted = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      yield
      const view = report.viewOf(state)
      const matched = matchesIn(scene, index, view, report.sizeIndexOf(state))
      yield
      const scope = state.category < 0 ? {} : { category: state.category }
      return { view, counts: countOutcomes(scene, index, { ...matched, cut: view, scope }) }
    },
    [report, state],
  )
  if (!counted) return <dl class="point" />
  const { view, counts } = counted
  const sign = view.scoreStrict ? '>' : '≥'
  return (
    <dl class="point" aria-label="At the operating point">
      <Tile name="Precision" value={counts.precision} pick={DETECTIONS} count={counts.detections}>
        <Count count={counts.tp} of="true positives" pick={{ filter: { outcomes: ['TP'] } }} /> of{' '}
        <Count count={counts.detections} of="detections" pick={DETECTIONS} /> right
      </Tile>
      <Tile name="Recall" value={counts.recall} pick={OBJECTS} count={counts.groundTruths}>
        <Count count={counts.fn} of="missed objects" pick={{ filter: { outcomes: ['FN'] } }} /> of{' '}
        <Count count={counts.groundTruths} of="objects" pick={OBJECTS} /> missed
      </Tile>
      <Tile name="F1" value={counts.f1} pick={{ filter: {} }} count={counts.tp + counts.fp + counts.fn}>
        at score {sign} {formatScore(view.score)}
        {state.score === null && counts.tp > 0 ? ', the best' : ''}
      </Tile>
    </dl>
  )
}
