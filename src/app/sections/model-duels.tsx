import type { MetricDifferences } from '../../metrics/metric-differences.js'
import type { Difference, OperatingDifferences } from '../../metrics/model-differences.js'
import type { ModelName } from '../../metrics/models.js'
import { betterOf } from '../../report/comparison-words.js'
import { formatChange, formatMetric } from '../format.js'
import { MODELS } from '../pair.js'
import type { Pick } from '../state/state.js'
import { useStore } from '../ui/hooks.js'
import { ModelTag } from '../ui/model-tag.js'
import { OfModel } from '../ui/of-model.js'
import { Linked } from '../ui/parts.js'

interface DuelsProps {
  metrics: MetricDifferences | undefined
  operating: OperatingDifferences | undefined
  /** Whether intervals of `operating` are still to come. */
  isPending: boolean
}

const WHOLE: Pick = { size: '', category: -1, filter: {} }

/** Each metric of both models, and the difference. */
export function Duels({ metrics, operating, isPending }: DuelsProps) {
  const overall = metrics?.overall
  const whole = operating?.whole
  const all: Pick = { ...WHOLE, sizes: 'coco' }
  const detections: Pick = { ...WHOLE, filter: { outcomes: ['TP', 'FP'] } }
  const objects: Pick = { ...WHOLE, filter: { outcomes: ['TP', 'FN'] } }
  return (
    <dl class="duels">
      <Duel name="AP" each={overall?.AP} pick={all} lowest />
      <Duel name="AP50" each={overall?.AP50} pick={{ ...all, iou: 0.5 }} lowest />
      <Duel name="AP75" each={overall?.AP75} pick={{ ...all, iou: 0.75 }} lowest />
      <Duel name="AR" each={overall?.AR} pick={{ ...all, filter: objects.filter }} lowest />
      <Duel name="Precision" each={whole?.precision} isPending={isPending} pick={detections} />
      <Duel name="Recall" each={whole?.recall} isPending={isPending} pick={objects} />
      <Duel name="F1" each={whole?.f1} isPending={isPending} pick={WHOLE} />
    </dl>
  )
}

interface DuelProps {
  name: string
  each: Difference | undefined
  pick: Pick
  /** Whether it is computed from everything down to the lowest score. */
  lowest?: boolean
  isPending?: boolean
}

const Duel = ({ name, each, pick, lowest, isPending = false }: DuelProps) => (
  <div class="duel">
    <dt>{name}</dt>
    <dd>
      {MODELS.map(model => (
        <OfModel key={model} model={model}>
          <Side model={model} name={name} value={each?.[model] ?? null} pick={pick} lowest={lowest} />
        </OfModel>
      ))}
      <DifferenceWords each={each} isPending={isPending} />
    </dd>
  </div>
)

interface SideProps extends Omit<DuelProps, 'each' | 'isPending'> {
  model: ModelName
  value: number | null
}

function Side({ model, name, value, pick, lowest }: SideProps) {
  const { report } = useStore()
  const own = lowest ? { ...pick, score: report.leastScore } : pick
  return (
    <span class="side">
      <ModelTag model={model} brief />
      <span class="value">
        <Linked value={formatMetric(value)} of={`${name} of ${model}`} pick={own} />
      </span>
    </span>
  )
}

/** "+.094", "+.030 to +.167", and whether it may be chance. */
function DifferenceWords({ each, isPending }: { each: Difference | undefined; isPending: boolean }) {
  if (!each) return <span class="delta muted">…</span>
  const { difference, interval, certain } = each
  const better = betterOf(each)
  return (
    <span class={certain ? 'delta certain' : 'delta'}>
      <b>{signed(difference)}</b>
      {difference !== null && (
        <span class="muted">
          {interval
            ? `${signed(interval[0])} to ${signed(interval[1])}`
            : isPending
              ? '…'
              : 'too few images to tell'}
        </span>
      )}
      {interval && !certain && difference !== 0 && <span class="chance">may be chance</span>}
      {better && <span class={`better ${better.toLowerCase()}`}>{better} is better</span>}
    </span>
  )
}

/** +.094, −.003: three decimals, as metrics have. */
export function signed(value: number | null): string {
  if (value === null) return formatChange(value)
  const text = formatMetric(Math.abs(value))
  return text === '.000' ? '0' : `${value < 0 ? '−' : '+'}${text}`
}
