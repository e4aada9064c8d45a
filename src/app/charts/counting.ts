/**
 * Charts that count: Plot draws their frame once, and their bars are moved over it and its lines renamed where only the
 * counts have changed, as they do at each step of a slider. A tenth of the time of drawing all of it again.
 */

import * as Plot from '@observablehq/plot'
import type { Drawn } from './figure.js'
import { makeButton, type Pickable } from './picking.js'

const SVG = 'http://www.w3.org/2000/svg'
const CLASS = 'counts'
const QUARTERS = [0, 0.25, 0.5, 0.75, 1]

/** What four lines count by, times a power of ten: bars fill more than half of their chart. */
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** Where an axis of counts ends: four whole steps that hold `most`. */
export function topOf(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, most / 4)))
  const step = STEPS.find(step => Number.isInteger(step * unit) && 4 * step * unit >= most) ?? 10
  return 4 * step * unit
}

/** The scale of counts: 1 is the top, whatever that is. */
export const COUNTS = { domain: [0, 1], label: null }

/** The lines of an axis of counts and their names, which `nameCounts` fills in. */
export const countAxis = (axis: 'x' | 'y'): Plot.Markish[] => {
  const options = { tickFormat: () => '0', className: CLASS }
  return axis === 'x'
    ? [Plot.gridX(QUARTERS), Plot.axisX(QUARTERS, options)]
    : [Plot.gridY(QUARTERS), Plot.axisY(QUARTERS, options)]
}

/** Names the lines of an axis of counts. */
export function nameCounts(drawn: Drawn, top: number, format: (value: number) => string): void {
  drawn.querySelectorAll(`g.${CLASS} text`).forEach((name, i) => {
    const text = format(QUARTERS[i] * top)
    if (name.textContent !== text) name.textContent = text
  })
}

/** A bar at its place, px. */
export interface CountBar extends Pickable {
  x: number
  y: number
  width: number
  height: number
  fill: string
  count: number
}

/** A text beside a bar, whose left end is there, px. */
export interface CountText {
  x: number
  y: number
  text: string
}

/** Marks in which `moveBars` and `moveTexts` put theirs. */
const groupMark =
  (name: string): Plot.RenderFunction =>
  () => {
    const group = document.createElementNS(SVG, 'g')
    group.setAttribute('class', name)
    return group
  }

export const barsMark = groupMark('bars')
export const textsMark = groupMark('texts')

/** Makes the bars of a chart those given: each is the next one's element. */
export function moveBars(drawn: Drawn, bars: CountBar[]): void {
  elementsOf(drawn, 'bars', 'rect', bars.length).forEach((rect, i) => {
    const { x, y, width, height, fill } = bars[i]
    for (const [name, value] of Object.entries({ x, y, width, height, fill })) put(rect, name, String(value))
    makeButton(rect, bars[i])
  })
}

/** The same of its texts. */
export function moveTexts(drawn: Drawn, texts: CountText[]): void {
  elementsOf(drawn, 'texts', 'text', texts.length).forEach((element, i) => {
    const { x, y, text } = texts[i]
    put(element, 'x', String(x))
    put(element, 'y', String(y))
    if (element.textContent !== text) element.textContent = text
  })
}

/** The first `count` elements of a group, new ones where it has fewer; it keeps no others. */
function elementsOf(drawn: Drawn, name: string, kind: 'rect' | 'text', count: number): Element[] {
  const group = drawn.querySelector(`g.${name}`)
  if (!group) return []
  while (group.children.length > count) group.lastElementChild?.remove()
  for (let i = group.children.length; i < count; i++) group.append(document.createElementNS(SVG, kind))
  return [...group.children]
}

function put(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
