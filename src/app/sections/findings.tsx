import type { Finding } from '../../data/analysis.js'
import { plural } from '../format.js'
import { countInstances } from '../listing.js'
import { type State, startState } from '../state/state.js'
import { useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { Section } from './section.js'

/** The state in which a finding's instances are listed: that in which it was found. */
function stateOf({ filter }: Finding, now: State, start: State): State {
  const { size = '', iou = start.iou, category = -1, ...rest } = filter
  return {
    ...start,
    protocol: now.protocol,
    sorts: now.sorts,
    iou,
    size,
    category,
    filter: rest,
    list: true,
  }
}

export function Findings() {
  const state = useAppState()
  const { content } = useReport()
  const findings = content.findings?.[state.protocol]
  if (!findings) return null
  return (
    <Section id="findings">
      {findings.length === 0 ? (
        <p class="lead">
          Nothing stands out from chance: no rule found an effect whose 95 % interval over images excludes
          none.
        </p>
      ) : (
        <ul class="findings">
          {findings.map(finding => (
            <Told key={finding.code + finding.text} finding={finding} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Told({ finding }: { finding: Finding }) {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const start = report.start
  const { protocol } = state
  const count = useWork(
    () => countInstances(report, report.checked(stateOf(finding, { ...startState({}), protocol }, start))),
    [report, finding, protocol],
  )
  return (
    <li>
      <span>{finding.text}</span>{' '}
      {count !== undefined && (
        <button
          type="button"
          class="plain"
          data-count={count}
          onClick={() => step(now => stateOf(finding, now, start))}
        >
          {plural(count, 'instance')}
        </button>
      )}
    </li>
  )
}
