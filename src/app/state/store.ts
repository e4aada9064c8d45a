import { Pace } from '../pace.js'
import { fromHash, toHash } from './hash.js'
import type { State } from './state.js'

/** Time without a further change after which a slider's value is written to the address. */
const SETTLED_MS = 300
const MAX_STEPS = 200

/** The page's state, its steps back, and the address that mirrors it. */
export class Store {
  #state: State
  readonly #start: State
  readonly #check: (state: State) => State
  readonly #listeners = new Set<() => void>()
  readonly #past: State[] = []
  readonly pace = new Pace()
  #frame = 0
  /** What the listeners know. */
  #told: State | undefined
  #settle: ReturnType<typeof setTimeout> | undefined

  /** `check` puts right what an address may ask for in vain. */
  constructor(start: State, check: (state: State) => State) {
    this.#start = start
    this.#check = check
    this.#state = check(fromHash(location.hash, start))
    addEventListener('hashchange', this.#followAddress)
  }

  get state(): State {
    return this.#state
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A step that can be undone. */
  step(next: State): void {
    this.pace.begin()
    this.#remember()
    this.#set(next)
    this.#write()
  }

  /** A change on the way, as while a slider moves; the listeners hear of it at once, of more in a frame at its end. */
  slide(next: State): void {
    this.pace.begin()
    if (this.#settle === undefined) this.#remember()
    this.#state = this.#check(next)
    clearTimeout(this.#settle)
    this.#settle = setTimeout(() => this.#write(), SETTLED_MS)
    if (this.#frame !== 0) return
    this.#tell()
    this.#frame = requestAnimationFrame(() => {
      if (this.#told !== this.#state) this.#tell()
      this.#frame = 0
    })
  }

  /** A change that is no step, as of what a table is sorted by. */
  adjust(next: State): void {
    this.pace.begin()
    this.#set(next)
    this.#write()
  }

  /** Back to before the last step. */
  undo(): void {
    const before = this.#past.pop()
    if (!before) return
    this.pace.begin()
    this.#set({ ...before, sorts: this.#state.sorts, open: null })
    this.#write()
  }

  #remember(): void {
    this.#past.push(this.#state)
    if (this.#past.length > MAX_STEPS) this.#past.shift()
  }

  #set(next: State): void {
    this.#state = this.#check(next)
    this.#tell()
  }

  #tell(): void {
    this.#told = this.#state
    for (const listener of this.#listeners) listener()
  }

  #write(): void {
    clearTimeout(this.#settle)
    this.#settle = undefined
    const hash = toHash(this.#state, this.#start)
    if (hash === location.hash.replace(/^#/, '')) return
    // Pages from disk, too, may change their own fragment.
    const address = location.href.replace(/#.*/, '')
    history.pushState(null, '', hash === '' ? address : `${address}#${hash}`)
  }

  readonly #followAddress = (): void => this.#set(fromHash(location.hash, this.#start))

  /** Ends following the address: another report takes it over. */
  close(): void {
    clearTimeout(this.#settle)
    cancelAnimationFrame(this.#frame)
    removeEventListener('hashchange', this.#followAddress)
  }
}
