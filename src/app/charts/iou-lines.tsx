import * as Plot from '@observablehq/plot'
import { useMemo } from 'preact/hooks'
import type { Protocol } from '../../data/analysis.js'
import { formatIou, formatMetric, formatScore } from '../format.js'
import type { Pick } from '../state/state.js'
import { memo, useActions } from '../ui/hooks.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

export interface IouPoint {
  protocol: Protocol
  iou: number
  value: number
}

/** AP at each IoU threshold by both protocols, each labelled at its line. */
export const IouLines = memo(Lines)

interface LinesProps {
  points: IouPoint[]
  iou: number
  title: string
  /** The threshold that keeps every detection, as AP does. */
  score: number
}

function Lines({ points, iou, title, score }: LinesProps) {
  const { pick } = useActions()
  const stroke = (protocol: string): string => (protocol === 'coco' ? 'var(--ink)' : 'var(--accent-ink)')
  const labels = labelsOf(points)
  return (
    <Figure
      title={title}
      reading="The stricter the threshold, the fewer detections count as right; a steep fall means loose shapes. A click on a point lists every instance at its threshold."
      height={260}
      inputs={[points]}
      over={useMemo(() => ({ kind: 'ruleX' as const, x: iou, dashed: true }), [iou])}
      empty={points.length === 0 ? 'Undefined without objects.' : null}
      draw={() => ({
        marginRight: 72,
        x: {
          label: 'IoU threshold →',
          ticks: [...new Set(points.map(point => point.iou))],
          tickFormat: formatIou,
        },
        y: { domain: [0, 1], grid: true, ticks: 5, label: null, tickFormat: formatScore },
        color: { type: 'identity' },
        marks: [
          Plot.line(points, {
            x: 'iou',
            y: 'value',
            z: 'protocol',
            stroke: ({ protocol }: IouPoint) => stroke(protocol),
            strokeWidth: 1.75,
          }),
          Plot.text(labels, {
            x: 'iou',
            y: 'y',
            text: 'protocol',
            fill: ({ protocol }: Label) => stroke(protocol),
            textAnchor: 'start',
            dx: 8,
          }),
          Plot.dot(points, {
            x: 'iou',
            y: 'value',
            r: 4,
            fill: ({ protocol }: IouPoint) => stroke(protocol),
            stroke: 'var(--paper)',
            ...pickable<IouPoint>({
              data: points,
              words: ({ protocol, iou, value }) =>
                `${protocol}, IoU ${formatIou(iou)}: ${formatMetric(value)}`,
              pick: ({ protocol, iou }) => pick({ ...EVERYTHING, protocol, iou, score }),
            }),
          }),
        ],
      })}
    />
  )
}

const EVERYTHING: Pick = { sizes: 'coco', size: '', category: -1, filter: {} }

interface Label {
  protocol: Protocol
  iou: number
  y: number
}

/** Of the height of the chart, what two lines of text need. */
const APART = 0.085

/** Names beside the right ends of the lines, where no line runs, kept apart. */
function labelsOf(points: IouPoint[]): Label[] {
  const last = new Map(points.map(point => [point.protocol, point]))
  const [lower, upper] = [...last.values()].sort((a, b) => a.value - b.value)
  if (!lower) return []
  const y = Math.min(Math.max(lower.value, 0.03), 0.97)
  const label = ({ protocol, iou }: IouPoint, y: number): Label => ({ protocol, iou, y })
  if (!upper) return [label(lower, y)]
  const above = Math.min(Math.max(upper.value, y + APART), 0.97)
  return [label(lower, Math.min(y, above - APART)), label(upper, above)]
}
