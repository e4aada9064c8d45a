import { useMemo } from 'preact/hooks'
import type { Finding } from '../../data/analysis.js'
import type { BootstrapOptions } from '../../metrics/bootstrap.js'
import type { MetricDifferences } from '../../metrics/metric-differences.js'
import { type OperatingDifferences, operatingDifferenceSteps } from '../../metrics/model-differences.js'
import { gaps, isAnyCertain, NO_FINDING, verdict } from '../../report/comparison-words.js'
import { FlipBars } from '../charts/flip-bars.js'
import { countInstances } from '../listing.js'
import type { Pair } from '../pair.js'
import type { Owner } from '../schedule.js'
import type { State } from '../state/state.js'
import { useActions, useAppState, usePair, useWork } from '../ui/hooks.js'
import { ModelTag } from '../ui/model-tag.js'
import { Count, Explain } from '../ui/parts.js'
import { FindingLine } from './finding-line.js'
import { FlippedObjects } from './flipped-objects.js'
import { DifferencesByClass } from './model-classes.js'
import { Duels } from './model-duels.js'
import { Section } from './section.js'

/** What decides the numbers of a comparison: the state without what is listed, sorted and open. */
export function viewKey({ model, filter, sorts, find, layout, list, open, ...view }: State): string {
  const { size, category, objective, scores, ...rest } = view
  return JSON.stringify(rest)
}

/** The differences at the thresholds of the moment. */
function* operatingOf(
  pair: Pair,
  state: State,
  options?: BootstrapOptions,
): Generator<void, { key: string; value: OperatingDifferences }> {
  yield* pair.prepare(state)
  const value = yield* operatingDifferenceSteps(pair.viewsOf(state), options)
  return { key: viewKey(state), value }
}

/** Is worked at when nothing on the screen is to be done any more. */
const AT_REST: Owner = { visible: false }

/** The numbers at once; intervals and findings, which take a second for many instances, when nothing moves. */
function useOperating(pair: Pair, state: State, key: string): Operating | undefined {
  const numbers = useWork(() => operatingOf(pair, state, { replicates: 0 }), [pair, key])
  const whole = useWork(() => operatingOf(pair, state), [pair, key], AT_REST)
  return useMemo(() => {
    if (!numbers) return undefined
    const isPending = whole?.key !== numbers.key
    return { shown: isPending ? numbers.value : whole.value, isPending, told: whole?.value }
  }, [numbers, whole])
}

/** What tells the second model from the first. */
export function ModelComparison() {
  const pair = usePair()
  return pair ? <Compared pair={pair} /> : null
}

function Compared({ pair }: { pair: Pair }) {
  const state = useAppState()
  const { protocol } = state
  const metrics = useWork(() => pair.metrics(protocol), [pair, protocol])
  const key = viewKey(state)
  const operating = useOperating(pair, state, key)
  const { shown, isPending = true } = operating ?? {}
  return (
    <Section
      id="comparison"
      lead={
        <>
          <ModelTag model="A" /> against <ModelTag model="B" />, over the same ground truth. Differences are
          {' B\u00a0−\u00a0A'}.
        </>
      }
    >
      <Verdict pair={pair} metrics={metrics} operating={operating} />
      <Duels metrics={metrics} operating={shown} isPending={isPending} />
      <Explain term="How are the models compared?">
        Both are matched by the same protocol and IoU threshold, each at the score with its own best F1 unless
        a score is chosen. The 95 % interval of a difference comes from drawing the images anew, the same for
        both models; where it holds 0, the difference may be chance.
      </Explain>
      <Findings metrics={metrics} operating={operating} />
      <Found operating={shown} />
      <FlipBars operating={shown} />
      <DifferencesByClass metrics={metrics} operating={shown} isPending={isPending} />
      <FlippedObjects viewKey={key} />
    </Section>
  )
}

interface Operating {
  /** Without intervals while they are pending. */
  shown: OperatingDifferences
  isPending: boolean
  /** The last with intervals and findings. */
  told: OperatingDifferences | undefined
}

interface OperatingProps {
  operating: OperatingDifferences | undefined
}

interface VerdictProps {
  pair: Pair
  metrics: MetricDifferences | undefined
  operating: Operating | undefined
}

/** Which model is better in what, in words. */
function Verdict({ pair, metrics, operating }: VerdictProps) {
  const lines = useMemo(() => gaps({ A: pair.A.scene, B: pair.B.scene }), [pair])
  return (
    <>
      <p class={operating?.isPending ? 'verdict stale' : 'verdict'} role="status">
        {metrics && operating?.told
          ? verdict(metrics, operating.told)
          : 'Looking for what differs beyond chance …'}
      </p>
      {lines.map(line => (
        <p key={line} class="lead">
          {line}
        </p>
      ))}
    </>
  )
}

/** Those of the last thresholds stay until the new ones are known, greyed: else all below would jump. */
function Findings({ metrics, operating }: Omit<VerdictProps, 'pair'>) {
  const told = operating?.told
  if (!told || !metrics) return null
  if (told.findings.length === 0) return isAnyCertain(metrics, told) ? <p class="lead">{NO_FINDING}</p> : null
  return (
    <ul class={operating.isPending ? 'findings stale' : 'findings'}>
      {told.findings.map(finding => (
        <Told key={finding.code} finding={finding} />
      ))}
    </ul>
  )
}

/** The state in which a finding's instances are listed. */
function stateOf(
  now: State,
  { filter: { model = 'A', size = '', category = -1, iou: _, ...filter } }: Finding,
): State {
  return { ...now, model, size, category, filter, find: '', list: true, open: null }
}

function Told({ finding }: { finding: Finding }) {
  const state = useAppState()
  const pair = usePair()
  const { step } = useActions()
  const asked = stateOf(state, finding)
  const report = pair?.[asked.model] ?? null
  const count = useWork(
    function* () {
      return report && pair ? yield* countInstances(report, asked, pair) : undefined
    },
    [report, finding, viewKey(state)],
  )
  return <FindingLine text={finding.text} count={count} onList={() => step(now => stateOf(now, finding))} />
}

const PARTS = [
  { by: 'both', title: 'both' },
  { by: 'A', title: 'A alone' },
  { by: 'B', title: 'B alone' },
  { by: 'neither', title: 'neither' },
] as const

/** Who finds the objects: one bar, each part of which lists its own. */
function Found({ operating }: OperatingProps) {
  const found = operating?.whole.found
  const total = operating?.whole.counts.A.groundTruths ?? 0
  const parts = useMemo(() => PARTS.map(part => ({ ...part, count: found?.[part.by] ?? 0 })), [found])
  if (!found || total === 0) return null
  return (
    <div class="found">
      <h3>Who finds the objects</h3>
      <div class="stack" aria-hidden="true">
        {parts.map(
          ({ by, count }) => count > 0 && <span key={by} class={`by-${by}`} style={{ flexGrow: count }} />,
        )}
      </div>
      <dl>
        {parts.map(({ by, title, count }) => (
          <div key={by}>
            <dt>
              <span class={`dot by-${by}`} aria-hidden="true" />
              {title}
            </dt>
            <dd>
              <Count
                count={count}
                of={`objects found by ${title}`}
                pick={{ size: '', category: -1, filter: { foundBy: [by] } }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
