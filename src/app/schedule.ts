/**
 * Work in slices, so that nothing holds the page up: what is on the screen first, the rest when there is time.
 * A job is a generator that gives way at each `yield`.
 */

const SLICE_MS = 12

export type Job = Generator<void, void>

/** Who wants the work; a later job of the same owner takes the place of an earlier one. */
export interface Owner {
  /** Whether it is on the screen, or nearly. */
  visible: boolean
}

const jobs = new Map<Owner, Job>()
const channel = new MessageChannel()
let awake = false

channel.port1.onmessage = () => {
  const until = performance.now() + SLICE_MS
  do {
    const owner = nextOwner()
    if (!owner) {
      awake = false
      document.documentElement.dataset.work = 'done'
      return
    }
    advance(owner)
  } while (performance.now() < until)
  channel.port2.postMessage(null)
}

/** `document.documentElement.dataset.work` is "done" when everything has been drawn. */
export function schedule(owner: Owner, job: Job): void {
  jobs.delete(owner)
  jobs.set(owner, job)
  document.documentElement.dataset.work = 'busy'
  if (awake) return
  awake = true
  channel.port2.postMessage(null)
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
