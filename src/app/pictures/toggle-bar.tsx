import { FN, FP, TP } from '../../data/analysis.js'
import { MODELS } from '../pair.js'
import type { Seen } from './seen.js'
import { styleOf, type Toggles } from './style.js'
import { type Tally, tallyOf } from './words.js'

interface Props {
  toggles: Toggles
  /** Whose instances are counted: of one model, or of two. */
  sides: Pick<Seen, 'items'>[]
  onChange: (toggles: Toggles) => void
}

type Switchable = Exclude<keyof Toggles, 'fill'>

/** What is drawn: each switch shows how it looks in the picture and how many there are. */
export function ToggleBar({ toggles, sides, onChange }: Props) {
  const tallies = sides.map(({ items }) => tallyOf(items))
  const counts = (name: keyof Tally): number[] => tallies.map(tally => tally[name])
  const kinds: [Switchable, string, number[], string][] = [
    // The same of both models.
    ['groundTruths', 'Ground truth', counts('groundTruths').slice(0, 1), 'solid'],
    ['detections', 'Detections', counts('detections'), 'dashed'],
  ]
  const outcomes: [Switchable, string, number[], string][] = [
    ['tp', 'TP', counts('tp'), styleOf(TP).colour],
    ['fp', 'FP', counts('fp'), styleOf(FP).colour],
    ['fn', 'FN', counts('fn'), styleOf(FN).colour],
  ]
  const others = counts('others')
  if (others.some(count => count > 0)) outcomes.push(['others', 'Not counted', others, styleOf(-1).colour])
  const flip = (key: Switchable) => () => onChange({ ...toggles, [key]: !toggles[key] })
  return (
    <fieldset class="pic-toggles">
      <legend class="unseen">What is drawn</legend>
      {kinds.map(([key, title, counts, line]) => (
        <Toggle key={key} title={title} counts={counts} checked={toggles[key]} onChange={flip(key)}>
          <span class={`pic-line ${line}`} aria-hidden="true" />
        </Toggle>
      ))}
      <span class="pic-gap" />
      {outcomes.map(([key, title, counts, colour]) => (
        <Toggle key={key} title={title} counts={counts} checked={toggles[key]} onChange={flip(key)}>
          <span class="pic-dot" style={{ background: colour }} aria-hidden="true" />
        </Toggle>
      ))}
      <span class="pic-gap" />
      <Toggle title="Labels" counts={[]} checked={toggles.labels} onChange={flip('labels')} />
      <label class="pic-fill">
        <span>Fill</span>
        <input
          type="range"
          min="0"
          max="0.8"
          step="0.05"
          value={toggles.fill}
          aria-valuetext={`${Math.round(100 * toggles.fill)} %`}
          onInput={event => onChange({ ...toggles, fill: Number(event.currentTarget.value) })}
        />
      </label>
    </fieldset>
  )
}

interface ToggleProps {
  title: string
  /** Of each model. */
  counts: number[]
  checked: boolean
  onChange: () => void
  children?: preact.ComponentChildren
}

const Toggle = ({ title, counts, checked, onChange, children }: ToggleProps) => (
  <label class="pic-toggle">
    <input type="checkbox" checked={checked} onChange={onChange} />
    {children}
    <span>{title}</span>
    {counts.length > 0 && (
      <span
        class="muted"
        title={counts.length > 1 ? counts.map((count, i) => `${MODELS[i]} ${count}`).join(', ') : undefined}
      >
        {counts.join(' | ')}
      </span>
    )}
  </label>
)
