import type { RenderFunction } from '@observablehq/plot'

/** What a click on a datum does, and its words for pointers and screen readers. */
export interface Picking<Datum> {
  data: Datum[]
  words: (datum: Datum) => string
  pick: (datum: Datum) => void
  /** Number of instances behind it, where it counts some. */
  count?: (datum: Datum) => number
}

/** The same of one shape. */
export interface Pickable {
  words: string
  pick: () => void
  count?: number
}

const handlers = new WeakMap<Element, () => void>()

/** Makes a shape a button, or one that is a button another. */
export function makeButton(shape: Element, { words, pick, count }: Pickable): void {
  if (shape.getAttribute('aria-label') !== words) shape.setAttribute('aria-label', words)
  if (count !== undefined) shape.setAttribute('data-count', String(count))
  handlers.set(shape, pick)
  if (shape.hasAttribute('data-pick')) return
  shape.setAttribute('role', 'button')
  shape.setAttribute('data-pick', '')
  shape.setAttribute('tabindex', '-1')
}

/** Makes the shapes of a mark buttons. Goes into the mark's options as `render`. */
export function pickable<Datum>({ data, words, pick, count }: Picking<Datum>): { render: RenderFunction } {
  return {
    render(index, scales, values, dimensions, context, next) {
      const group = next?.(index, scales, values, dimensions, context) ?? null
      index.forEach((i, at) => {
        const shape = group?.children[at]
        const datum = data[i]
        if (!shape || datum === undefined) return
        makeButton(shape, { words: words(datum), pick: () => pick(datum), count: count?.(datum) })
      })
      return group
    },
  }
}

const shapeAt = (event: Event): Element | null =>
  event.target instanceof Element ? event.target.closest('[data-pick]') : null

/** One stop for the tab key; arrows walk the shapes, Enter and the space bar pick. */
export function listenForPicks(
  figure: HTMLElement,
  say: (words: string | null, at: Element | null) => void,
): () => void {
  const onClick = (event: Event): void => {
    const shape = shapeAt(event)
    if (shape) handlers.get(shape)?.()
  }
  const onKey = (event: KeyboardEvent): void => {
    const shape = shapeAt(event)
    if (!shape) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      handlers.get(shape)?.()
      return
    }
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const shapes = [...figure.querySelectorAll('[data-pick]')]
    const next = shapes[(shapes.indexOf(shape) + step + shapes.length) % shapes.length]
    shape.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    if (next instanceof SVGElement) next.focus()
  }
  const onEnter = (event: Event): void => {
    const shape = shapeAt(event)
    say(shape?.getAttribute('aria-label') ?? null, shape)
  }
  const onLeave = (): void => say(null, null)
  figure.addEventListener('click', onClick)
  figure.addEventListener('keydown', onKey)
  figure.addEventListener('pointerover', onEnter)
  figure.addEventListener('focusin', onEnter)
  figure.addEventListener('pointerleave', onLeave)
  figure.addEventListener('focusout', onLeave)
  return () => {
    figure.removeEventListener('click', onClick)
    figure.removeEventListener('keydown', onKey)
    figure.removeEventListener('pointerover', onEnter)
    figure.removeEventListener('focusin', onEnter)
    figure.removeEventListener('pointerleave', onLeave)
    figure.removeEventListener('focusout', onLeave)
  }
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
