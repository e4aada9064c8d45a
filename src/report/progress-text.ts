import type { ProgressReport } from '../evaluate.js'

/** What the numbers of a stage count: directly behind the number, and in words. Others are plain pieces of work. */
const UNITS: Record<string, { symbol: string; words: string }> = {
  reading: { symbol: 'B', words: '' },
  intersecting: { symbol: '', words: ' masks' },
}

/** A guess from less than this says nothing. */
const LEAST_ELAPSED_S = 1
const LEAST_DONE = 0.02

/** "reading  420MB/1.2GB  35%  310MB/s  3s left"; the time is what this stage still needs. */
export function progressText({ stage, done, total }: ProgressReport, elapsedS: number): string {
  const parts = [stage]
  const { symbol, words } = UNITS[stage] ?? { symbol: '', words: '' }
  const amount = (value: number): string => compact(value) + symbol
  if (total !== null && total > 0) {
    parts.push(
      `${amount(done)}/${amount(total)}${words}`,
      `${Math.floor((100 * Math.min(done, total)) / total)}%`,
    )
  } else if (done > 0) parts.push(amount(done) + words)
  // A rate over a few milliseconds says nothing, nor does "0/s".
  if (elapsedS > 0.2 && done / elapsedS >= 0.5) parts.push(`${amount(done / elapsedS)}${words}/s`)
  if (total !== null && done < total && done >= LEAST_DONE * total && elapsedS >= LEAST_ELAPSED_S)
    parts.push(`${duration((elapsedS / done) * (total - done))} left`)
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

/** 1s, 59s, 1m30s, 2h05m: rounded up, so that it is not 0 before the end. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  const minutes = Math.ceil(whole / 60)
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`
}
