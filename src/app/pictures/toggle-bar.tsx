import { FN, FP, TP } from '../../data/analysis.js'
import type { PictureItem } from '../../report/picture.js'
import { styleOf, type Toggles } from './style.js'
import { tallyOf } from './words.js'

interface Props {
  toggles: Toggles
  items: PictureItem[]
  onChange: (toggles: Toggles) => void
}

type Switchable = Exclude<keyof Toggles, 'fill'>

/** What is drawn: each switch shows how it looks in the picture and how many there are. */
export function ToggleBar({ toggles, items, onChange }: Props) {
  const tally = tallyOf(items)
  const kinds: [Switchable, string, number | null, string][] = [
    ['groundTruths', 'Ground truth', tally.groundTruths, 'solid'],
    ['detections', 'Detections', tally.detections, 'dashed'],
  ]
  const outcomes: [Switchable, string, number, string][] = [
    ['tp', 'TP', tally.tp, styleOf(TP).colour],
    ['fp', 'FP', tally.fp, styleOf(FP).colour],
    ['fn', 'FN', tally.fn, styleOf(FN).colour],
  ]
  if (tally.others > 0) outcomes.push(['others', 'Not counted', tally.others, styleOf(-1).colour])
  const flip = (key: Switchable) => () => onChange({ ...toggles, [key]: !toggles[key] })
  return (
    <fieldset class="pic-toggles">
      <legend class="unseen">What is drawn</legend>
      {kinds.map(([key, title, count, line]) => (
        <Toggle key={key} title={title} count={count} checked={toggles[key]} onChange={flip(key)}>
          <span class={`pic-line ${line}`} aria-hidden="true" />
        </Toggle>
      ))}
      <span class="pic-gap" />
      {outcomes.map(([key, title, count, colour]) => (
        <Toggle key={key} title={title} count={count} checked={toggles[key]} onChange={flip(key)}>
          <span class="pic-dot" style={{ background: colour }} aria-hidden="true" />
        </Toggle>
      ))}
      <span class="pic-gap" />
      <Toggle title="Labels" count={null} checked={toggles.labels} onChange={flip('labels')} />
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
  count: number | null
  checked: boolean
  onChange: () => void
  children?: preact.ComponentChildren
}

const Toggle = ({ title, count, checked, onChange, children }: ToggleProps) => (
  <label class="pic-toggle">
    <input type="checkbox" checked={checked} onChange={onChange} />
    {children}
    <span>{title}</span>
    {count !== null && <span class="muted">{count}</span>}
  </label>
)
