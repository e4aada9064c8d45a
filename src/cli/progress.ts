import type { Spinner } from 'yocto-spinner'
import type { Io } from './io.js'

/** One report of the pipeline; `total` is null where it is not known. */
export interface ProgressReport {
  stage: string
  done: number
  total: number | null
}

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

/** What the numbers of a stage count, where it is not plain pieces of work. */
const UNITS: Record<string, string> = { reading: 'B' }

/** "reading  420MB/1.2GB  35%  310MB/s" */
export function progressText({ stage, done, total }: ProgressReport, elapsedS: number): string {
  const parts = [stage]
  const amount = (value: number): string => compact(value) + (UNITS[stage] ?? '')
  if (total !== null && total > 0) {
    parts.push(`${amount(done)}/${amount(total)}`, `${Math.floor((100 * Math.min(done, total)) / total)}%`)
  } else if (done > 0) parts.push(amount(done))
  // A rate over a few milliseconds says nothing.
  if (done > 0 && elapsedS > 0.2) parts.push(`${amount(done / elapsedS)}/s`)
  return parts.join('  ')
}

/** 999, 1.2k, 34M: at most three digits. */
export function compact(value: number): string {
  const units = ['', 'k', 'M', 'G', 'T']
  let unit = 0
  let scaled = value
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  const digits = unit > 0 && scaled < 9.95 ? 1 : 0
  return scaled.toFixed(digits) + units[unit]
}
