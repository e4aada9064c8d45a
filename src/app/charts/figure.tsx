import type { PlotOptions } from '@observablehq/plot'
import * as Plot from '@observablehq/plot'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { newSight, useSight, useWhereabouts, useWidth, useWork } from '../ui/hooks.js'
import { listenForPicks } from './picking.js'

interface FigureProps {
  title: string
  /** One sentence on how to read it; small multiples share one. */
  reading?: string
  /** px */
  height?: number
  /** The chart at a width, null while there is nothing to draw. */
  draw: ((width: number) => PlotOptions) | null
  /** What the chart depends on. */
  inputs: unknown[]
  /** Marks of the moment, put over a chart that has not changed. Null for none. */
  over?: Over | null
  /** Puts the numbers of the moment into a chart that has not changed otherwise. */
  adjust?: ((drawn: Drawn) => void) | null
  wide?: boolean
  /** Beside the title. */
  beside?: ComponentChildren
  /** Said instead of a chart that would be empty. */
  empty?: string | null
}

/** A point or a line that moves more often than its chart is drawn. */
export type Over = { kind: 'dot'; x: number; y: number } | { kind: 'ruleX'; x: number; dashed?: boolean }

export type Drawn = ReturnType<typeof Plot.plot>

/** What all charts share: the page's type, no frame, colours from the style sheet. */
export function plot(options: PlotOptions, title: string): Drawn {
  const figure = Plot.plot({
    marginTop: 20,
    marginBottom: 36,
    marginLeft: 44,
    marginRight: 12,
    ariaLabel: title,
    ...options,
    style: { fontFamily: 'inherit', fontSize: '12px', background: 'transparent', overflow: 'visible' },
  })
  const svg = figure.matches('svg') ? figure : figure.querySelector('svg')
  svg?.setAttribute('role', 'group')
  // Plot names its marks, which have no role that could have a name.
  for (const mark of svg?.querySelectorAll('g[aria-label]') ?? []) mark.removeAttribute('aria-label')
  return figure
}

interface Tip {
  words: string
  x: number
  y: number
}

/** A chart with its title, drawn when it is in sight and the data are there. */
export function Figure({
  title,
  reading,
  height = 240,
  draw,
  inputs,
  over,
  adjust,
  wide,
  beside,
  empty,
}: FigureProps) {
  const [box, width] = useWidth()
  const around = useSight()
  const sight = useMemo(() => newSight(around.visible), [around])
  useWhereabouts(sight)
  const slot = useRef<HTMLDivElement>(null)
  const [tip, setTip] = useState<Tip | null>(null)
  const drawn = useWork(
    function* () {
      yield
      return draw && !empty && width > 0 ? plot({ width, height, ...draw(width) }, title) : null
    },
    [width, height, title, empty, ...inputs],
    sight,
  )
  useLayoutEffect(() => {
    const focused = focusedPlace(slot.current)
    slot.current?.replaceChildren(...(drawn ? [drawn] : []))
    restoreFocus(slot.current, focused)
    setTip(null)
  }, [drawn])
  useLayoutEffect(() => {
    if (!drawn || !adjust) return
    const focused = focusedPlace(slot.current)
    adjust(drawn)
    restoreFocus(slot.current, focused)
    setTip(null)
  }, [drawn, adjust])
  useLayoutEffect(() => {
    if (drawn) putOver(drawn, over ?? null)
  }, [drawn, over])
  useEffect(() => {
    const figure = box.current
    if (!figure) return
    return listenForPicks(figure, (words, shape) =>
      setTip(words && shape ? tipAt(words, shape, figure) : null),
    )
  }, [box])
  return (
    <figure class={wide ? 'chart wide' : 'chart'} ref={sight.ref}>
      <figcaption>
        <h4>{title}</h4>
        {beside}
      </figcaption>
      <div class="plot" ref={box} style={{ '--least': `${height}px` }}>
        <div ref={slot} />
        {empty && <p class="empty">{empty}</p>}
        {tip && (
          <div class="tip" role="status" style={{ left: `${tip.x}px`, top: `${tip.y}px` }}>
            {tip.words}
          </div>
        )}
      </div>
      {reading && <p class="reading">{reading}</p>}
    </figure>
  )
}

const SVG = 'http://www.w3.org/2000/svg'

/** The mark of the moment, at its place by the scales of the chart. */
function putOver(drawn: Drawn, over: Over | null): void {
  const svg = drawn.matches('svg') ? drawn : drawn.querySelector('svg')
  svg?.querySelector('.over')?.remove()
  const [x, y] = [drawn.scale('x'), drawn.scale('y')]
  if (!svg || !over || !x || !y) return
  const [bottom, top] = y.range as number[]
  const shape = document.createElementNS(SVG, over.kind === 'dot' ? 'circle' : 'line')
  const numbers =
    over.kind === 'dot'
      ? { cx: x.apply(over.x), cy: y.apply(over.y), r: 4.5 }
      : { x1: x.apply(over.x), x2: x.apply(over.x), y1: bottom, y2: top }
  for (const [name, value] of Object.entries(numbers)) shape.setAttribute(name, String(value))
  shape.setAttribute('class', over.kind === 'dot' || !over.dashed ? `over ${over.kind}` : 'over ruleX dashed')
  svg.append(shape)
}

function tipAt(words: string, shape: Element, figure: Element): Tip {
  const { left, top, width } = shape.getBoundingClientRect()
  const frame = figure.getBoundingClientRect()
  const x = left + width / 2 - frame.left
  return { words, x: Math.min(Math.max(x, 90), Math.max(90, frame.width - 90)), y: top - frame.top }
}

/** Which of the shapes that can be picked has the focus, -1 for none; the first is the tab key's stop. */
function focusedPlace(slot: HTMLElement | null): number {
  const focused = document.activeElement
  return slot?.contains(focused) && focused ? [...slot.querySelectorAll('[data-pick]')].indexOf(focused) : -1
}

function restoreFocus(slot: HTMLElement | null, place: number): void {
  const shapes = slot?.querySelectorAll<SVGElement>('[data-pick]')
  if (!shapes || shapes.length === 0) return
  const shape = shapes[Math.min(Math.max(place, 0), shapes.length - 1)]
  for (const other of slot?.querySelectorAll('[data-pick][tabindex="0"]') ?? [])
    if (other !== shape) other.setAttribute('tabindex', '-1')
  shape.setAttribute('tabindex', '0')
  if (place >= 0) shape.focus({ preventScroll: true })
}
