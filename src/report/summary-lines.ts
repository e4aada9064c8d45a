import type { Config } from '../data/config.js'
import { pythonFixed } from './python-format.js'

/** One line of the familiar summary. */
export interface SummaryLine {
  kind: 'AP' | 'AR'
  /** One IoU threshold; null for the mean over all. */
  iou: number | null
  area: string
  maxDets: number
  /** -1 where there is nothing to measure. */
  value: number
}

/** The line as pycocotools 2.0.11 prints it (cocoeval.py, summarize). */
export function summaryLine(config: Config, line: SummaryLine): string {
  const title = line.kind === 'AP' ? 'Average Precision' : 'Average Recall'
  const thresholds = config.iouThresholds
  const iou =
    line.iou === null
      ? `${pythonFixed(thresholds[0], 2)}:${pythonFixed(thresholds[thresholds.length - 1], 2)}`
      : pythonFixed(line.iou, 2)
  const scope = `IoU=${iou.padEnd(9)} | area=${line.area.padStart(6)} | maxDets=${String(line.maxDets).padStart(3)}`
  return ` ${title.padEnd(18)} (${line.kind}) @[ ${scope} ] = ${pythonFixed(line.value, 3)}`
}

/**
 * The reference's twelve lines for `stats`, its twelve numbers. The first asks for 100 detections whatever the caps
 * are, the others for the configured ones.
 */
export function familiarLines(config: Config, stats: ArrayLike<number>): string[] {
  const [few, some, most] = config.maxDets
  const ap = (iou: number | null, area: string, maxDets: number) => ({
    kind: 'AP' as const,
    iou,
    area,
    maxDets,
  })
  const ar = (area: string, maxDets: number) => ({ kind: 'AR' as const, iou: null, area, maxDets })
  return [
    ap(null, 'all', 100),
    ap(0.5, 'all', most),
    ap(0.75, 'all', most),
    ap(null, 'small', most),
    ap(null, 'medium', most),
    ap(null, 'large', most),
    ar('all', few),
    ar('all', some),
    ar('all', most),
    ar('small', most),
    ar('medium', most),
    ar('large', most),
  ].map((line, i) => summaryLine(config, { ...line, value: stats[i] }))
}
