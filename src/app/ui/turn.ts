import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { cancel, type Job, type Owner, schedule } from '../schedule.js'
import { useSight } from './hooks.js'
import { usePrinting } from './printing.js'

/**
 * Whether a part of the page is to be drawn: at once where it starts on the screen and on paper, else in a task of its
 * own, so that opening the page is no long one; those that come into sight first.
 */
export function useTurn(): boolean {
  const sight = useSight()
  const isPrinting = usePrinting()
  const [hasTurn, set] = useState(sight.visible)
  const owner = useMemo<Owner>(
    () => ({
      draws: true,
      get visible() {
        return sight.visible
      },
    }),
    [sight],
  )
  useLayoutEffect(() => {
    // biome-ignore lint/correctness/useYield: a single step
    function* turn(): Job {
      set(true)
    }
    if (!hasTurn) schedule(owner, turn())
    return () => void cancel(owner)
  }, [owner])
  const isDrawn = useRef(false)
  isDrawn.current ||= hasTurn || isPrinting
  return isDrawn.current
}
