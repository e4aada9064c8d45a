import { useEffect, useRef, useState } from 'preact/hooks'
import { progressText } from '../../report/progress-text.js'
import type { ModelProgress } from './model.js'

/** The text is written anew no more often than this. */
const REFRESH_MS = 200

const STAGES: Record<string, string> = {
  starting: 'Starting',
  drawing: 'Drawing the demo',
  reading: 'Reading the files',
  intersecting: 'Comparing masks',
  matching: 'Matching',
  analysing: 'Counting what the report needs',
}

/** What is at work, how fast, how long it will still take. */
export function ProgressCard({ running, onCancel }: { running: ModelProgress; onCancel: () => void }) {
  const { stage, done, total, name } = running
  const text = useProgressText(running)
  return (
    <section class="progress" aria-labelledby="progress-title">
      <h2 id="progress-title">{STAGES[stage] ?? stage} …</h2>
      {name !== '' && <p class="muted">{name}</p>}
      <progress
        aria-labelledby="progress-title"
        {...(total !== null && total > 0 ? { value: Math.min(done, total), max: total } : {})}
      />
      <div class="row">
        <p class="muted numbers">{text}</p>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  )
}

function useProgressText(running: ModelProgress): string {
  const latest = useRef(running)
  const stageFromMs = useRef(performance.now())
  if (latest.current.stage !== running.stage || latest.current.name !== running.name)
    stageFromMs.current = performance.now()
  latest.current = running
  const [text, set] = useState('')
  useEffect(() => {
    const write = (): void => {
      const elapsedS = (performance.now() - stageFromMs.current) / 1000
      // The stage's name stands above.
      set(progressText(latest.current, elapsedS).split('  ').slice(1).join(' · '))
    }
    const timer = setInterval(write, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return text
}
