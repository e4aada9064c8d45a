import { createContext, type RefObject } from 'preact'
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Report } from '../report.js'
import { cancel, type Job, type Owner, schedule } from '../schedule.js'
import { type Pick, pickInstances, type State } from '../state/state.js'
import type { Store } from '../state/store.js'

export const StoreContext = createContext<{ store: Store; report: Report } | null>(null)

/** Who is on the screen: sections say so to what they hold. */
export const VisibleContext = createContext<Owner>({ visible: true })

function useStore(): { store: Store; report: Report } {
  const context = useContext(StoreContext)
  if (!context) throw new Error('no store')
  return context
}

export const useReport = (): Report => useStore().report

/** The whole state; the component is drawn again with each change. */
export function useAppState(): State {
  const { store } = useStore()
  const [state, set] = useState(store.state)
  useLayoutEffect(() => {
    set(store.state)
    return store.subscribe(() => set(store.state))
  }, [store])
  return state
}

export interface Actions {
  /** A step that Esc undoes. */
  step: (next: (state: State) => State) => void
  slide: (next: (state: State) => State) => void
  adjust: (next: (state: State) => State) => void
  undo: () => void
  pick: (pick: Pick) => void
}

export function useActions(): Actions {
  const { store } = useStore()
  return useMemo(
    () => ({
      step: next => store.step(next(store.state)),
      slide: next => store.slide(next(store.state)),
      adjust: next => store.adjust(next(store.state)),
      undo: () => store.undo(),
      pick: pick => store.step(pickInstances(store.state, pick)),
    }),
    [store],
  )
}

/**
 * The result of `work` for these inputs, computed in slices; until it is there the last one, at first undefined.
 * Nothing is computed for inputs that have changed again meanwhile.
 */
export function useWork<T>(work: () => Generator<void, T>, inputs: unknown[]): T | undefined {
  const [result, set] = useState<{ value: T } | undefined>(undefined)
  const surroundings = useContext(VisibleContext)
  const owner = useMemo<Owner>(
    () => ({
      get visible() {
        return surroundings.visible
      },
    }),
    [surroundings],
  )
  useLayoutEffect(() => {
    function* job(): Job {
      const value = yield* work()
      set({ value })
    }
    schedule(owner, job())
  }, [owner, ...inputs])
  useEffect(() => () => void cancel(owner), [owner])
  return result?.value
}

/** Whether an element is on the screen or within a screen of it. */
export function useVisible(): [RefObject<HTMLElement | null>, Owner] {
  const ref = useRef<HTMLElement>(null)
  const owner = useMemo<Owner>(() => ({ visible: false }), [])
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        owner.visible = entry.isIntersecting
      },
      { rootMargin: '25% 0px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [owner])
  return [ref, owner]
}

/** Width of an element in px, 0 before it is known. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null)
  const [width, set] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    set(element.clientWidth)
    const observer = new ResizeObserver(() => set(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
