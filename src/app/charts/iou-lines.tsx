import * as Plot from '@observablehq/plot'
import { formatIou, formatMetric, formatScore } from '../format.js'
import { memo, useActions } from '../ui/hooks.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

export interface IouPoint {
  protocol: string
  iou: number
  value: number
}

/** AP at each IoU threshold by both protocols, each labelled at its line. */
export const IouLines = memo(Lines)

function Lines({ points, iou, title }: { points: IouPoint[]; iou: number; title: string }) {
  const { step } = useActions()
  const protocols = [...new Set(points.map(point => point.protocol))]
  const ends = protocols.flatMap(protocol => points.filter(point => point.protocol === protocol).slice(0, 1))
  const stroke = (protocol: string): string => (protocol === 'coco' ? 'var(--ink)' : 'var(--accent)')
  const upper = ends.reduce<IouPoint | null>(
    (best, point) => (best && best.value >= point.value ? best : point),
    null,
  )
  const isUpper = (point: IouPoint): boolean => point === upper
  return (
    <Figure
      title={title}
      reading="The stricter the threshold, the fewer detections count as right; a steep fall means loose shapes. A click on a point takes its threshold for the whole page."
      height={260}
      inputs={[points, iou]}
      empty={points.length === 0 ? 'Undefined without objects.' : null}
      draw={() => ({
        x: {
          label: 'IoU threshold →',
          ticks: [...new Set(points.map(point => point.iou))],
          tickFormat: formatIou,
        },
        y: { domain: [0, 1], grid: true, ticks: 5, label: null, tickFormat: formatScore },
        color: { type: 'identity' },
        marks: [
          Plot.ruleX([iou], { stroke: 'var(--muted)', strokeDasharray: '2 3' }),
          Plot.line(points, {
            x: 'iou',
            y: 'value',
            z: 'protocol',
            stroke: ({ protocol }: IouPoint) => stroke(protocol),
            strokeWidth: 1.75,
          }),
          Plot.text(ends, {
            x: 'iou',
            y: 'value',
            text: 'protocol',
            fill: ({ protocol }: IouPoint) => stroke(protocol),
            textAnchor: 'start',
            dx: 8,
            dy: -6,
            lineAnchor: 'bottom',
            filter: isUpper,
          }),
          Plot.text(ends, {
            x: 'iou',
            y: 'value',
            text: 'protocol',
            fill: ({ protocol }: IouPoint) => stroke(protocol),
            textAnchor: 'start',
            dx: 8,
            dy: 6,
            lineAnchor: 'top',
            filter: point => !isUpper(point),
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
              pick: ({ iou }) => step(state => ({ ...state, iou })),
            }),
          }),
        ],
      })}
    />
  )
}
