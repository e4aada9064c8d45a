import { plural } from '../format.js'

interface FindingLineProps {
  text: string
  /** Instances that prove it; undefined before they have been counted. */
  count: number | undefined
  onList: () => void
}

/** What a report says in words, with a link to the instances behind it. */
export const FindingLine = ({ text, count, onList }: FindingLineProps) => (
  <li>
    <span>{text}</span>{' '}
    {count !== undefined && (
      <button type="button" class="plain" data-count={count} onClick={onList}>
        {plural(count, 'instance')}
      </button>
    )}
  </li>
)
