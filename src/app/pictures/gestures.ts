/** What fingers, mouse, wheel and keys do to a picture. Places are CSS px from its top left corner. */

import { useEffect, useRef } from 'preact/hooks'

export type Point = [left: number, top: number]

/** A press that moves less is a click, CSS px. */
const CLICK_SLACK = 4
/** Factor of one step of zoom. */
export const ZOOM_STEP = 1.35

/** A listener of its own: those of the framework may not keep the page from scrolling. */
export function useWheel(
  ref: { current: HTMLElement | null },
  zoom: (factor: number, at: Point) => void,
): void {
  const latest = useRef(zoom)
  latest.current = zoom
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      // Pinches on a touchpad come as small steps with Ctrl.
      const speed = event.ctrlKey ? 0.01 : 0.002
      latest.current(Math.exp(-event.deltaY * lines * speed), [event.clientX - left, event.clientY - top])
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [ref])
}

/** Keys of the page; of pictures that move together one listens. */
export function useZoomKeys(isOn: boolean, zoom: (factor: number) => void, reset: () => void): void {
  const latest = useRef({ zoom, reset })
  latest.current = { zoom, reset }
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '+' || event.key === '=') latest.current.zoom(ZOOM_STEP)
      else if (event.key === '-') latest.current.zoom(1 / ZOOM_STEP)
      else if (event.key === '0') latest.current.reset()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [isOn])
}

export interface Gestures {
  onPan: (dx: number, dy: number) => void
  onPinch: (factor: number, at: Point) => void
  /** null where the pointer has left. */
  onMove: (at: Point | null) => void
  onClick: (at: Point) => void
}

/** Mouse, pen and fingers: one drags, two pinch, a press without a move is a click. */
export function useGestures({ onPan, onPinch, onMove, onClick }: Gestures) {
  const down = useRef(new Map<number, Point>())
  const moved = useRef(0)
  const at = (event: PointerEvent): Point => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }
  const end = (event: PointerEvent): void => {
    down.current.delete(event.pointerId)
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      if (down.current.size === 0) moved.current = 0
      down.current.set(event.pointerId, at(event))
    },
    onPointerMove: (event: PointerEvent) => {
      const now = at(event)
      const before = down.current.get(event.pointerId)
      if (!before) {
        if (event.pointerType !== 'touch') onMove(now)
        return
      }
      const [dx, dy] = [now[0] - before[0], now[1] - before[1]]
      moved.current += Math.hypot(dx, dy)
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1]
      down.current.set(event.pointerId, now)
      if (other) {
        const factor = distance(now, other) / Math.max(1, distance(before, other))
        // Where the middle was goes to where it is, so that what lies under the fingers stays there.
        onPinch(factor, [(before[0] + other[0]) / 2, (before[1] + other[1]) / 2])
        onPan(dx / 2, dy / 2)
      } else if (moved.current > CLICK_SLACK) {
        onMove(null)
        onPan(dx, dy)
      }
    },
    onPointerUp: (event: PointerEvent) => {
      const isClick = down.current.size === 1 && moved.current <= CLICK_SLACK
      if (isClick && down.current.has(event.pointerId)) onClick(at(event))
      end(event)
    },
    onPointerCancel: end,
    onPointerLeave: () => onMove(null),
  }
}

const distance = ([x0, y0]: Point, [x1, y1]: Point): number => Math.hypot(x1 - x0, y1 - y0)
