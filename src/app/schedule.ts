/**
 * Work in slices, so that nothing holds the page up: what is on the screen first, the rest when nobody moves a slider.
 * A job is a generator that gives way at each `yield`.
 */

const SLICE_MS = 16
/** On the screen all at once if it can be: a frame in between, of a part of it, takes as long as the frame of all. */
const SEEN_SLICE_MS = 32
/** Time without a new job on the screen after which what is out of sight is worked at. */
const QUIET_MS = 150
/** Time without work after which all of the page is laid out, for whoever scrolls, looks for a word or takes a picture. */
const REST_MS = 1000

export type Job = Generator<void, void>

/** Who wants the work; a later job of the same owner takes the place of an earlier one. */
export interface Owner {
  /** Whether it is on the screen. */
  readonly visible: boolean
  /** Whether nobody waits for it: a preparation. */
  readonly idle?: boolean
  /** Whether each step asks for so much to be drawn that it has a slice to itself. */
  readonly draws?: boolean
}

const jobs = new Map<Owner, Job>()
const channel = new MessageChannel()
/** Whether the next slice is on its way. */
let awake = false
/** The timer of a rest, while nothing on the screen is to be done. */
let rest: ReturnType<typeof setTimeout> | undefined
let lastAsked = 0
let resting: ReturnType<typeof setTimeout> | undefined

channel.port1.onmessage = async () => {
  const fromMs = performance.now()
  let worked: Owner | undefined
  for (;;) {
    const owner = nextOwner()
    if (!owner || owner.idle) document.documentElement.dataset.work = 'done'
    if (!owner) {
      clearTimeout(resting)
      resting = setTimeout(() => document.documentElement.toggleAttribute('data-rest', true), REST_MS)
      break
    }
    const early = lastAsked + QUIET_MS - performance.now()
    if (!owner.visible && early > 0) {
      clearTimeout(rest)
      rest = setTimeout(wake, early)
      break
    }
    const isLong = performance.now() >= fromMs + (owner.visible ? SEEN_SLICE_MS : SLICE_MS)
    if (worked && (isLong || isAlone(worked) || isAlone(owner))) {
      channel.port2.postMessage(null)
      return
    }
    advance(owner)
    worked = owner
    await null // what has been found is drawn now, and the drawing asks for more
  }
  awake = false
}

const isAlone = ({ idle, draws }: Owner): boolean => idle === true || draws === true

/** Looks at once for work on the screen: asked for when something new is, or has come into sight. */
export function wake(): void {
  clearTimeout(rest)
  if (awake) return
  awake = true
  channel.port2.postMessage(null)
}

/**
 * `document.documentElement.dataset.work` is "done" when everything has been drawn; `data-rest` is there a while later,
 * until something changes.
 */
export function schedule(owner: Owner, job: Job): void {
  jobs.delete(owner)
  jobs.set(owner, job)
  if (!owner.idle) document.documentElement.dataset.work = 'busy'
  clearTimeout(resting)
  if (owner.visible) lastAsked = performance.now()
  wake()
}

/** The page is about to change: from now on only what is on the screen is laid out. */
export function stir(): void {
  clearTimeout(resting)
  document.documentElement.toggleAttribute('data-rest', false)
}

export const cancel = (owner: Owner): boolean => jobs.delete(owner)

/** Calls back when the screen shows all that has been asked for, as soon as a frame with it has been painted. */
export function afterDrawing(callback: () => void): void {
  requestAnimationFrame(() => {
    if (nextOwner()?.visible) afterDrawing(callback)
    else setTimeout(callback)
  })
}

function nextOwner(): Owner | undefined {
  for (const owner of jobs.keys()) if (owner.visible) return owner
  for (const owner of jobs.keys()) if (!owner.idle) return owner
  for (const owner of jobs.keys()) return owner
  return undefined
}

function advance(owner: Owner): void {
  const job = jobs.get(owner)
  if (!job) return
  try {
    // The job itself may put another in its place.
    if (job.next().done && jobs.get(owner) === job) jobs.delete(owner)
  } catch (error) {
    if (jobs.get(owner) === job) jobs.delete(owner)
    reportError(error)
  }
}
