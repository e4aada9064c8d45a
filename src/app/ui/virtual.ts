import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks'

export interface VirtualRows {
  /** Goes on the element that scrolls. */
  ref: RefObject<HTMLDivElement | null>
  items: VirtualItem[]
  /** px before the first and after the last item. */
  before: number
  after: number
  scrollTo: (index: number) => void
}

/** Which of `count` rows of `height` px are in sight of a scrolling element, and a few more. */
export function useVirtualRows(count: number, height: number): VirtualRows {
  const ref = useRef<HTMLDivElement>(null)
  const [, redraw] = useReducer((n: number, _: undefined) => n + 1, 0)
  const options = {
    count,
    estimateSize: () => height,
    getScrollElement: () => ref.current,
    overscan: 8,
    initialRect: { width: 0, height: 20 * height },
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  }
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLElement>(options))
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height])
  useEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  const items = virtualizer.getVirtualItems()
  const total = virtualizer.getTotalSize()
  const first = items[0]
  const last = items[items.length - 1]
  return {
    ref,
    items,
    before: first?.start ?? 0,
    after: last ? total - last.end : 0,
    scrollTo: index => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}
