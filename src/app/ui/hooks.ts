import {
  Component,
  type ComponentChildren,
  type ComponentType,
  createContext,
  h,
  type RefObject,
} from 'preact'
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ModelName } from '../../metrics/models.js'
import type { Pace } from '../pace.js'
import type { Pair } from '../pair.js'
import type { Report } from '../report.js'
import { cancel, type Job, type Owner, schedule, wake } from '../schedule.js'
import { type Pick, pickInstances, type State } from '../state/state.js'
import type { Store } from '../state/store.js'

/** What the page shows. */
export interface Shown {
  store: Store
  /** The model that this part of the page is about. */
  report: Report
  /** Both models, where two are compared. */
  pair?: Pair
  /** Which of them this part of the page is about: its steps turn to it. */
  model?: ModelName
}

export const StoreContext = createContext<Shown | null>(null)

/** A part of the page that may be off the screen, and what it shows. */
export interface Sight extends Owner {
  /** Goes on its element. */
  ref: RefObject<HTMLElement | null>
}

const SightContext = createContext<Sight>({ visible: true, ref: { current: null } })

/** The state as a part of the page shows it; null outside of such parts. */
const StateContext = createContext<State | null>(null)

export function useStore(): Shown {
  const context = useContext(StoreContext)
  if (!context) throw new Error('no store')
  return context
}

export const usePace = (): Pace => useStore().store.pace

export const useReport = (): Report => useStore().report

export const usePair = (): Pair | null => useStore().pair ?? null

/** The whole state; the component is drawn again with each change, a while later where it is off the screen. */
export function useAppState(): State {
  const { store } = useStore()
  const shown = useContext(StateContext)
  const isHeld = shown !== null
  const [state, set] = useState(store.state)
  useLayoutEffect(() => {
    if (isHeld) return
    set(store.state)
    return store.subscribe(() => set(store.state))
  }, [store, isHeld])
  return shown ?? state
}

export const useSight = (): Sight => useContext(SightContext)

interface InSightProps {
  sight?: Sight
  /** Whether it starts off the screen, as far as is known. */
  below?: boolean
  children: ComponentChildren
}

/**
 * A part of the page that takes no time while it is off the screen: a change of the state reaches it when it comes into
 * sight, or when everything on the screen has been drawn. Who holds `sight` knows where it is. Its children are those
 * that it had first: they ask for what they show themselves.
 */
export const InSight = memo(Sighted)

function Sighted({ sight, below, children }: InSightProps) {
  const { store } = useStore()
  const here = useMemo(() => sight ?? newSight(!below), [sight, below])
  const [state, set] = useState(store.state)
  useWhereabouts(here)
  useLayoutEffect(() => {
    const late: Owner = {
      get visible() {
        return here.visible
      },
    }
    // biome-ignore lint/correctness/useYield: a single step
    function* catchUp(): Job {
      set(store.state)
    }
    const follow = (): void => {
      if (here.visible) {
        cancel(late)
        set(store.state)
      } else schedule(late, catchUp())
    }
    follow()
    const stop = store.subscribe(follow)
    return () => {
      stop()
      cancel(late)
    }
  }, [store, here])
  return h(StateContext.Provider, { value: state }, h(SightContext.Provider, { value: here }, children))
}

/** A part of a section that takes no time while it is off the screen. */
export function Part({ children }: { children: ComponentChildren }) {
  const around = useSight()
  const sight = useMemo(() => newSight(around.visible), [around])
  return h(
    'div',
    { class: 'part', ref: sight.ref as RefObject<HTMLDivElement> },
    h(Sighted, { sight, children }),
  )
}

/** Until it is known, everything may be on the screen that is not `below` it. */
export const newSight = (visible = true): Sight => ({ visible, ref: { current: null } })

/** The controls, which stay in sight, cover the end of the section before the one that was gone to: px, and a few more. */
const COVERED = 116

/** Keeps up whether the element of a sight is on the screen. */
export function useWhereabouts(sight: Sight): void {
  useEffect(() => {
    const element = sight.ref.current
    if (!element) return
    const rootMargin = element.closest('.controls ~ *') ? `-${COVERED}px 0px 0px` : '0px'
    const observer = new IntersectionObserver(
      entries => {
        Object.assign(sight, { visible: entries[entries.length - 1].isIntersecting })
        if (sight.visible) wake()
      },
      { rootMargin },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [sight])
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
  /** Lists the instances of the other model. */
  show: (model: ModelName) => void
}

export function useActions(): Actions {
  const { store, report, pair, model } = useStore()
  return useMemo(() => {
    const source = pair ?? report
    const own = (next: State): State => (model ? { ...next, model } : next)
    return {
      step: next => change(store, source, own(next(store.state))),
      slide: next => store.slide(next(store.state)),
      adjust: next => store.adjust(next(store.state)),
      undo: () => store.undo(),
      pick: pick => change(store, source, own(pickInstances(store.state, pick))),
      show: model => change(store, source, { ...store.state, model, open: null }),
    }
  }, [store, report, pair, model])
}

/** Whoever indexes the scene for another protocol. */
const PREPARING: Owner = { visible: true }

/** A step, once the data are ready for it. */
function change(store: Store, report: Report | Pair, next: State): void {
  store.pace.begin()
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
 * Nothing is computed for inputs that have changed again meanwhile. It is urgent where `asker` is visible, by default the
 * part of the page around it.
 */
export function useWork<T>(work: () => Generator<void, T>, inputs: unknown[], asker?: Owner): T | undefined {
  const [result, set] = useState<{ value: T } | undefined>(undefined)
  const sight = useContext(SightContext)
  const surroundings = asker ?? sight
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

/** A component that is drawn again only when one of its properties is another, by `isSame`. */
export function memo<P extends object>(
  Inner: ComponentType<P>,
  isSame: (one: unknown, other: unknown) => boolean = (one, other) => one === other,
): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const names = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof P>
      return [...names].some(name => name !== 'children' && !isSame(next[name], (this.props as P)[name]))
    }
    override render() {
      return h(Inner, this.props as P)
    }
  }
}

/** Whether two values say the same: plain objects part by part, all else by being the same. */
export function isAlike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (!isPlain(one) || !isPlain(other)) return false
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every(name => isAlike(one[name], other[name]))
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
