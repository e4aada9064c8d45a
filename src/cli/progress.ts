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
export async function startProgress(io: Io, quiet: boolean): Promise<Progress> {
  if (quiet || !io.err.isTTY || 'CI' in io.env || io.env.TERM === 'dumb') return SILENT
  const { default: yoctoSpinner } = await import('yocto-spinner')
  // The command handles Ctrl-C itself: it has files to remove before it exits.
  const spinner = yoctoSpinner({ stream: io.err, handleSignals: false }).start('starting')
  return liveProgress(spinner, () => performance.now())
}

export function liveProgress(spinner: Pick<Spinner, 'text' | 'stop'>, now: () => number): Progress {
  let stage = ''
  let stageStartMs = 0
  let shownMs = Number.NEGATIVE_INFINITY
  return {
    report(progress) {
      const nowMs = now()
      if (progress.stage !== stage) {
        stage = progress.stage
        stageStartMs = nowMs
      } else if (nowMs - shownMs < REFRESH_MS) return
      shownMs = nowMs
      spinner.text = progressText(progress, (nowMs - stageStartMs) / 1000)
    },
    stop: () => void spinner.stop(),
  }
}

/** "matching  420/1000 images  42%  1.2k/s" */
export function progressText({ stage, done, total }: ProgressReport, elapsedS: number): string {
  const parts = [stage]
  if (total !== null && total > 0) {
    parts.push(`${compact(done)}/${compact(total)}`, `${Math.floor((100 * Math.min(done, total)) / total)}%`)
  } else if (done > 0) parts.push(compact(done))
  // A rate over a few milliseconds says nothing.
  if (done > 0 && elapsedS > 0.2) parts.push(`${compact(done / elapsedS)}/s`)
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
