import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { DASH, formatCount } from '../format.js'
import type { Pick } from '../state/state.js'
import { useActions } from './hooks.js'

export type Outcome = 'TP' | 'FP' | 'FN' | 'ignored' | 'cut'

/** Colour by outcome; every picture and chart takes these. */
export const OUTCOME_COLOURS: Record<Outcome, string> = {
  TP: 'var(--tp)',
  FP: 'var(--fp)',
  FN: 'var(--fn)',
  ignored: 'var(--ignored)',
  cut: 'var(--ignored)',
}

export const Badge = ({ outcome }: { outcome: Outcome }) => (
  <span class={`badge ${outcome.toLowerCase()}`}>{outcome}</span>
)

interface CountProps {
  count: number
  /** Of what, in words: "false positives among small". */
  of: string
  pick: Pick
}

/** A count that lists its instances when clicked: as many rows as it says. */
export function Count({ count, of, pick }: CountProps) {
  const actions = useActions()
  if (count === 0) return <span class="count none">0</span>
  return (
    <button
      type="button"
      class="count"
      data-count={count}
      aria-label={`${formatCount(count)} ${of}: list them`}
      onClick={event => {
        event.stopPropagation()
        actions.pick(pick)
      }}
    >
      {formatCount(count)}
    </button>
  )
}

interface LinkedProps {
  /** As it is shown. */
  value: string
  /** Of what, in words: "precision of small". */
  of: string
  pick: Pick
  /** How many instances are behind it, where that is known. */
  count?: number
}

/** A number that is no count; clicked, it lists the instances that it is computed from. */
export function Linked({ value, of, pick, count }: LinkedProps) {
  const actions = useActions()
  if (value === DASH || count === 0) return <>{value}</>
  return (
    <button
      type="button"
      class="linked"
      data-count={count}
      aria-label={`${value}, ${of}: list what it is computed from`}
      onClick={event => {
        event.stopPropagation()
        actions.pick(pick)
      }}
    >
      {value}
    </button>
  )
}

/** A term explained where it is met first, in a line that can be opened. */
export const Explain = ({ term, children }: { term: string; children: ComponentChildren }) => (
  <details class="explain">
    <summary>{term}</summary>
    <p>{children}</p>
  </details>
)

interface SwitchProps<T extends string> {
  label: string
  value: T
  options: { value: T; title: string }[]
  onChange: (value: T) => void
}

/** A choice of a few, all in sight. */
export function Switch<T extends string>({ label, value, options, onChange }: SwitchProps<T>) {
  const name = useId()
  return (
    <fieldset class="switch">
      <legend class="unseen">{label}</legend>
      {options.map(option => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.title}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface SelectProps {
  label: string
  value: string
  options: { value: string; title: string }[]
  onChange: (value: string) => void
}

export const Select = ({ label, value, options, onChange }: SelectProps) => (
  <label class="field">
    <span>{label}</span>
    <select aria-label={label} value={value} onChange={event => onChange(event.currentTarget.value)}>
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.title}
        </option>
      ))}
    </select>
  </label>
)
