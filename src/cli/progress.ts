import type { Spinner } from 'yocto-spinner'
import type { ProgressReport } from '../evaluate.js'
import { progressText } from '../report/progress-text.js'
import type { Io } from './io.js'

export interface Progress {
  report(progress: ProgressReport): void
  stop(): void
}

const SILENT: Progress = { report: () => {}, stop: () => {} }
const REFRESH_MS = 100

/** A line on stderr while the work goes on, only for people: a terminal, not CI, not --quiet. */
export async function startProgress(io: Io, quiet: boolean, signal: AbortSignal): Promise<Progress> {
  if (quiet || !io.err.isTTY || 'CI' in io.env || io.env.TERM === 'dumb') return SILENT
  const { default: yoctoSpinner } = await import('yocto-spinner')
  // The command handles Ctrl-C itself: it has files to remove before it exits.
  const spinner = yoctoSpinner({ stream: io.err, handleSignals: false }).start('starting')
  // Also where the work does not stop at once: the line would stay, and the cursor hidden.
  const progress = liveProgress(spinner, () => performance.now())
  signal.addEventListener('abort', progress.stop)
  return progress
}

export function liveProgress(spinner: Pick<Spinner, 'text' | 'stop'>, now: () => number): Progress {
  let stopped = false
  let stage = ''
  let stageStartMs = 0
  let shownMs = Number.NEGATIVE_INFINITY
  return {
    report(progress) {
      if (stopped) return
      const nowMs = now()
      if (progress.stage !== stage) {
        stage = progress.stage
        stageStartMs = nowMs
      } else if (nowMs - shownMs < REFRESH_MS) return
      shownMs = nowMs
      spinner.text = progressText(progress, (nowMs - stageStartMs) / 1000)
    },
    stop() {
      stopped = true
      spinner.stop()
    },
  }
}
