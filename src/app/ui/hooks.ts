import { Component, type ComponentType, createContext, h, type RefObject } from 'preact'
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

/** A part of the state; the component is drawn again when it is another. */
export function useSelected<T>(select: (state: State) => T): T {
  const { store } = useStore()
  const [part, set] = useState(() => select(store.state))
  const latest = useRef(select)
  latest.current = select
  useLayoutEffect(() => {
    const follow = () => set(() => latest.current(store.state))
    follow()
    return store.subscribe(follow)
  }, [store])
  return part
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
  const { store, report } = useStore()
  return useMemo(
    () => ({
      step: next => change(store, report, next(store.state)),
      slide: next => store.slide(next(store.state)),
      adjust: next => store.adjust(next(store.state)),
      undo: () => store.undo(),
      pick: pick => change(store, report, pickInstances(store.state, pick)),
    }),
    [store, report],
  )
}

/** Whoever indexes the scene for another protocol. */
const PREPARING: Owner = { visible: true }

/** A step, once the data are ready for it. */
function change(store: Store, report: Report, next: State): void {
  if (report.isReady(next)) {
    store.step(next)
    return
  }
  schedule(
    PREPARING,
    (function* (): Job {
      yield* report.prepare(next)
      store.step(next)
    })(),
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
  // Until it is known, everything may be on the screen.
  const owner = useMemo(() => ({ visible: true }), [])
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

/** A component that is drawn again only when one of its properties is another. */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const names = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof P>
      return [...names].some(name => name !== 'children' && next[name] !== (this.props as P)[name])
    }
    override render() {
      return h(Inner, this.props as P)
    }
  }
}
