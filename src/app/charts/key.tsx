import { Badge, type Outcome } from '../ui/parts.js'

const WORDS: Record<Outcome, string> = {
  TP: 'found',
  FP: 'false alarm',
  FN: 'missed',
  ignored: 'ignored',
  cut: 'beyond the cap',
}

/** The outcomes in words, by colour and by letter. */
export const Key = ({ outcomes }: { outcomes: Outcome[] }) => (
  <p class="key">
    {outcomes.map(outcome => (
      <span key={outcome}>
        <Badge outcome={outcome} /> {WORDS[outcome]}
      </span>
    ))}
  </p>
)
