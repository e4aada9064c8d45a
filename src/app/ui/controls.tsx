import { useMemo } from 'preact/hooks'
import { formatCount, formatIou, formatScore, plural } from '../format.js'
import { countListed } from '../listing.js'
import type { Pair } from '../pair.js'
import { chipsOf, withoutFilters } from '../state/chips.js'
import type { State } from '../state/state.js'
import { useActions, useAppState, usePair, useReport, useWork } from './hooks.js'
import { ModelTag } from './model-tag.js'
import { OfListed } from './of-model.js'
import { Select } from './parts.js'

interface SliderProps {
  label: string
  value: number
  shown: string
  min: number
  max: number
  step: number
  onInput: (value: number) => void
}

const Slider = ({ label, value, shown, min, max, step, onInput }: SliderProps) => (
  <label class="slider">
    <span>{label}</span>
    <input
      type="range"
      min={min}
      max={max}
      step={step}
      value={value}
      aria-label={label}
      aria-valuetext={shown}
      onInput={event => onInput(event.currentTarget.valueAsNumber)}
    />
    <output>{shown}</output>
  </label>
)

/** The score threshold; of two models with their own ones, both. */
function scoresOf(pair: Pair | null, state: State, score: number): string {
  const other = pair?.B.viewOf(state).score ?? score
  return other === score ? formatScore(score) : `A ${formatScore(score)} · B ${formatScore(other)}`
}

/** Steps of 1 % of a threshold, rounded to what is shown. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** What everything below is computed for; stays in sight. */
export function Controls() {
  const state = useAppState()
  const report = useReport()
  const { slide, step } = useActions()
  const { scene } = report
  const view = report.viewOf(state)
  const pair = usePair()
  const scores = scoresOf(pair, state, view.score)
  const [least, most] = report.scoreBounds
  const thresholds = scene.config.iouThresholds
  const classes = useMemo(
    () => [
      { value: '-1', title: 'all' },
      ...Array.from(scene.evaluatedCategories, row => ({
        value: String(row),
        title: scene.categories.names[row],
      })),
    ],
    [scene],
  )
  return (
    <div class="controls" role="toolbar" aria-label="What the page shows">
      <div class="knobs">
        <Slider
          label={view.scoreStrict ? 'score >' : 'score ≥'}
          value={view.score}
          shown={scores}
          min={least}
          max={most}
          step={(most - least) / 200}
          onInput={value => slide(now => ({ ...now, score: rounded(value), scoreStrict: false }))}
        />
        {state.score !== null && (
          <button type="button" class="plain" onClick={() => step(now => ({ ...now, score: null }))}>
            best F1
          </button>
        )}
        <Slider
          label="IoU ≥"
          value={view.iou}
          shown={formatIou(view.iou)}
          min={Math.min(0.5, ...thresholds)}
          max={Math.max(0.95, ...thresholds)}
          step={0.01}
          onInput={value => slide(now => ({ ...now, iou: rounded(value) }))}
        />
        <Select
          label="size"
          value={state.size}
          options={view.sizes.map(({ name }, i) => ({ value: i === 0 ? '' : name, title: name }))}
          onChange={size => step(now => ({ ...now, size }))}
        />
        <Select
          label="class"
          value={String(state.category)}
          options={classes}
          onChange={value => step(now => ({ ...now, category: Number(value) }))}
        />
      </div>
      <OfListed>
        <Chips />
      </OfListed>
    </div>
  )
}

/** The filters that are on, each with a way out, and how many instances they leave. */
function Chips() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const pair = usePair()
  const counted = useWork(() => countListed(report, state, pair), [report, state, pair])
  const { scene } = report
  const chips = chipsOf(state, report.start, scene.categories, scene.images)
  return (
    <div class="chips">
      {chips.map(chip => (
        <button key={chip.key} type="button" class="chip" onClick={() => step(() => chip.without)}>
          <span class="text">{chip.text}</span>
          <span aria-hidden="true">×</span>
          <span class="unseen">: remove this filter</span>
        </button>
      ))}
      <span class="total" role="status">
        {pair && <ModelTag model={state.model} brief />}
        {counted && counted.all !== counted.count && `${formatCount(counted.all)} → `}
        {counted ? plural(counted.count, 'instance') : '…'}
      </span>
      {!state.list && (
        <button type="button" class="plain" onClick={() => step(now => ({ ...now, list: true }))}>
          show the list
        </button>
      )}
      {chips.length > 0 && (
        <button type="button" class="plain" onClick={() => step(now => withoutFilters(now, report.start))}>
          clear
        </button>
      )}
      {chips.length > 0 && <span class="hint">Esc undoes</span>}
    </div>
  )
}
