import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Scene } from '../../data/scene.js'
import { formatCount } from '../format.js'
import { MODELS } from '../pair.js'
import type { Report } from '../report.js'
import { usePace, usePair, useReport } from './hooks.js'
import { remember, remembered } from './memory.js'

const KEY = 'detscope-readout'

interface Step {
  /** Of the changes so far. */
  number: number
  matchedMs: number
  drawnMs: number
}

/** In a corner: how long the last change took, and of how much. Can be folded away, which is remembered. */
export function Readout() {
  const reports = useReports()
  const counts = (of: (scene: Scene) => number): string =>
    reports.map(({ scene }) => formatCount(of(scene))).join('\n')
  const [open, setOpen] = useState(() => remembered(KEY) !== 'off')
  const step = useLastStep()
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(0)} ms`)
  const toggle = (): void => {
    remember(KEY, open ? 'off' : 'on')
    setOpen(!open)
  }
  return (
    <aside
      class="readout"
      aria-label="Speed of the last change"
      aria-live="off"
      data-step={step?.number}
      data-drawn={step?.drawnMs}
    >
      <button type="button" aria-expanded={open} onClick={toggle}>
        speed
        <span class="arrow" aria-hidden="true">
          {open ? '▾' : '▸'}
        </span>
      </button>
      {open && (
        <dl>
          <div>
            <dt>matched</dt>
            <dd>{ms(step?.matchedMs)}</dd>
          </div>
          <div>
            <dt>drawn after</dt>
            <dd>{ms(step?.drawnMs)}</dd>
          </div>
          <div>
            <dt>objects</dt>
            <dd>{formatCount(reports[0].scene.gt.count)}</dd>
          </div>
          <div>
            <dt>detections</dt>
            <dd>{counts(({ dt }) => dt.count)}</dd>
          </div>
          <div>
            <dt>pairs</dt>
            <dd>{counts(({ pairs }) => pairs.gts.length)}</dd>
          </div>
        </dl>
      )}
    </aside>
  )
}

/** Of one model or of two. */
function useReports(): Report[] {
  const report = useReport()
  const pair = usePair()
  return useMemo(() => (pair ? MODELS.map(model => pair[model]) : [report]), [report, pair])
}

const matchingMsOf = (reports: Report[]): number =>
  reports.reduce((sum, { matchingMs }) => sum + matchingMs, 0)

function useLastStep(): Step | undefined {
  const reports = useReports()
  const pace = usePace()
  const [step, set] = useState<Step>()
  const before = useRef(0)
  useEffect(() => {
    before.current = matchingMsOf(reports)
    const stopBeginning = pace.onBegin(() => {
      before.current = matchingMsOf(reports)
    })
    const stop = pace.onDrawn(() => {
      if (pace.drawnMs === null) return
      const { drawnMs } = pace
      const matchedMs = Math.max(0, matchingMsOf(reports) - before.current)
      set(last => ({ number: (last?.number ?? 0) + 1, matchedMs, drawnMs }))
    })
    return () => {
      stopBeginning()
      stop()
    }
  }, [reports, pace])
  return step
}
