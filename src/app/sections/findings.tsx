import type { Finding, Protocol } from '../../data/analysis.js'
import { countInstances } from '../listing.js'
import type { Report } from '../report.js'
import { type State, startState } from '../state/state.js'
import { useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { FindingLine } from './finding-line.js'
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

/** They are looked for when a protocol is shown that the page does not open with. */
function* findingsIn(report: Report, protocol: Protocol) {
  return { protocol, findings: yield* report.findings(protocol) }
}

export function Findings() {
  const { protocol } = useAppState()
  const report = useReport()
  const found = useWork(() => findingsIn(report, protocol), [report, protocol])
  if (report.content.findings === null) return null
  const findings = found?.protocol === protocol ? found.findings : (report.content.findings[protocol] ?? null)
  return (
    <Section id="findings">
      {findings === null ? (
        <p class="lead">Looking for what stands out from chance.</p>
      ) : findings.length === 0 ? (
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
    <FindingLine text={finding.text} count={count} onList={() => step(now => stateOf(finding, now, start))} />
  )
}
