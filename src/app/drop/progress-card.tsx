import { useEffect, useRef, useState } from 'preact/hooks'
import type { CocoMetrics } from '../../metrics/coco-summary.js'
import { duration, progressText } from '../../report/progress-text.js'
import { formatMetric } from '../format.js'
import { DoneIcon, OpenIcon } from './icons.js'
import type { Running } from './stages.js'

/** Numbers are written anew no more often than this. */
const REFRESH_MS = 200

const TITLES: Record<string, string> = {
  starting: 'Starting',
  drawing: 'Drawing the demo',
  reading: 'Reading the files',
  intersecting: 'Comparing masks',
  matching: 'Matching detections to objects',
  analysing: 'Counting for the report',
  indexing: 'Preparing the report',
}

/** What is at work, how fast, how long it will still take, and what has been done. */
export function ProgressCard({ running, onCancel }: { running: Running; onCancel: () => void }) {
  const { progress, stages, numbers } = running
  const { done, total, name } = progress
  const text = useProgressText(running)
  return (
    <section class="progress" aria-labelledby="progress-title">
      <div class="row">
        <h2 id="progress-title">{name === '' ? 'Evaluating' : name}</h2>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <ol class="stages">
        {stages.map(({ stage, fromMs, toMs }) => (
          <li key={stage} class={toMs === null ? 'now' : ''}>
            {toMs === null ? <OpenIcon /> : <DoneIcon />}
            <span>{TITLES[stage] ?? stage}</span>
            <span class="numbers">{toMs === null ? text : tookWords(toMs - fromMs)}</span>
            {toMs === null && (
              <progress
                aria-label={TITLES[stage] ?? stage}
                {...(total !== null && total > 0 ? { value: Math.min(done, total), max: total } : {})}
              />
            )}
          </li>
        ))}
      </ol>
      {numbers && <FirstNumbers numbers={numbers} />}
      <p class="unseen" role="status">
        {TITLES[progress.stage] ?? progress.stage}
      </p>
      <p class="hardware">{hereWords()}</p>
    </section>
  )
}

/** What most want to know first stands here while the rest is counted. */
const FirstNumbers = ({ numbers: { AP, AP50, AP75, AR100 } }: { numbers: CocoMetrics }) => (
  <dl class="first" aria-label="First numbers">
    {Object.entries({ AP, AP50, AP75, AR: AR100 }).map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{formatMetric(value)}</dd>
      </div>
    ))}
  </dl>
)

const tookWords = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : duration(ms / 1000))

/** What this browser offers. */
function hereWords(): string {
  const cores = navigator.hardwareConcurrency || 1
  const gpu = 'gpu' in navigator ? 'WebGPU where the masks are worth it' : 'no WebGPU here'
  const memory = crossOriginIsolated ? 'shared memory' : 'memory that is handed over, not shared'
  return `In this browser: ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memory}, ${gpu}.`
}

function useProgressText(running: Running): string {
  const latest = useRef(running)
  latest.current = running
  const [written, set] = useState({ stage: '', text: '' })
  useEffect(() => {
    const write = (): void => {
      const { progress, stages } = latest.current
      const elapsedS = (performance.now() - (stages.at(-1)?.fromMs ?? 0)) / 1000
      // The stage's name stands beside.
      const text = progressText(progress, elapsedS).split('  ').slice(1).join(' · ')
      set({ stage: progress.stage, text })
    }
    const timer = setInterval(write, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  // Numbers of the stage before are none of this one.
  return written.stage === running.progress.stage ? written.text : ''
}
