/**
 * Work in slices, so that nothing holds the page up: what is on the screen first, the rest when nobody moves a slider.
 * A job is a generator that gives way at each `yield`.
 */

const SLICE_MS = 8
/** Time without a new job on the screen after which what is out of sight is worked at. */
const QUIET_MS = 150

export type Job = Generator<void, void>

/** Who wants the work; a later job of the same owner takes the place of an earlier one. */
export interface Owner {
  /** Whether it is on the screen, or nearly. */
  readonly visible: boolean
}

const jobs = new Map<Owner, Job>()
const channel = new MessageChannel()
let awake = false
let lastAsked = 0

channel.port1.onmessage = () => {
  const until = performance.now() + SLICE_MS
  do {
    const owner = nextOwner()
    if (!owner) {
      awake = false
      document.documentElement.dataset.work = 'done'
      return
    }
    if (!owner.visible && performance.now() - lastAsked < QUIET_MS) {
      setTimeout(wake, QUIET_MS)
      return
    }
    advance(owner)
  } while (performance.now() < until)
  wake()
}

const wake = (): void => channel.port2.postMessage(null)

/** `document.documentElement.dataset.work` is "done" when everything has been drawn. */
export function schedule(owner: Owner, job: Job): void {
  jobs.delete(owner)
  jobs.set(owner, job)
  document.documentElement.dataset.work = 'busy'
  lastAsked = performance.now()
  if (awake) return
  awake = true
  wake()
}

export const cancel = (owner: Owner): boolean => jobs.delete(owner)

function nextOwner(): Owner | undefined {
  for (const owner of jobs.keys()) if (owner.visible) return owner
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
