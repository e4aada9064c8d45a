import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { Job, Owner } from '../../src/app/schedule.js'

const page = { dataset: {} as Record<string, string>, toggleAttribute: () => true }
/** What the clock says, and what waits for a timer: time passes only where a test says so. */
let nowMs = 0
let timers = new Map<number, () => void>()
const realTimeout = setTimeout
let schedule: typeof import('../../src/app/schedule.js')

beforeEach(async () => {
  nowMs = 0
  timers = new Map()
  let count = 0
  vi.stubGlobal('document', { documentElement: page })
  vi.stubGlobal('setTimeout', (callback: () => void) => {
    timers.set(++count, callback)
    return count
  })
  vi.stubGlobal('clearTimeout', (timer: number) => timers.delete(timer))
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  vi.resetModules()
  schedule = await import('../../src/app/schedule.js')
})
afterAll(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Everything that is on its way to be worked at. */
const messages = (): Promise<void> => new Promise(resolve => realTimeout(resolve, 30))

/** A second later. */
async function later(): Promise<void> {
  nowMs += 1000
  for (const [timer, callback] of timers) {
    timers.delete(timer)
    callback()
  }
  await messages()
}

function* note(log: string[], name: string): Job {
  yield
  log.push(name)
}

test('work on the screen goes first, and at once while the rest waits for quiet', async () => {
  const log: string[] = []
  schedule.schedule({ visible: false }, note(log, 'off the screen'))
  schedule.schedule({ visible: true }, note(log, 'first'))
  await messages()
  expect(log).toEqual(['first'])
  schedule.schedule({ visible: true }, note(log, 'second'))
  await messages()
  expect(log).toEqual(['first', 'second'])
  expect(page.dataset.work).toBe('busy')
  await later()
  expect(log).toEqual(['first', 'second', 'off the screen'])
  expect(page.dataset.work).toBe('done')
})

test('what comes into sight is done at once', async () => {
  const log: string[] = []
  const owner = { visible: false }
  schedule.schedule({ visible: true }, note(log, 'first'))
  schedule.schedule(owner, note(log, 'late'))
  await messages()
  expect(log).toEqual(['first'])
  owner.visible = true
  schedule.wake()
  await messages()
  expect(log).toEqual(['first', 'late'])
})

test('what is drawn at a step is drawn before the next', async () => {
  const log: string[] = []
  function* draw(name: string): Job {
    log.push(name)
    queueMicrotask(() => log.push(`${name} drawn`))
  }
  schedule.schedule({ visible: true, draws: true }, draw('first'))
  schedule.schedule({ visible: true, draws: true }, draw('second'))
  await messages()
  expect(log).toEqual(['first', 'first drawn', 'second', 'second drawn'])
})

test('all is done when the last job is called off', async () => {
  const owner: Owner = { visible: false }
  schedule.schedule({ visible: true }, note([], 'first'))
  schedule.schedule(owner, note([], 'called off'))
  await messages()
  schedule.cancel(owner)
  await later()
  expect(page.dataset.work).toBe('done')
})

test('preparations come last, and nobody waits for them', async () => {
  const log: string[] = []
  schedule.schedule({ visible: false, idle: true }, note(log, 'preparation'))
  schedule.schedule({ visible: false }, note(log, 'off the screen'))
  await messages()
  await later()
  expect(log).toEqual(['off the screen', 'preparation'])
  page.dataset.work = ''
  schedule.schedule({ visible: false, idle: true }, note(log, 'again'))
  expect(page.dataset.work).toBe('')
  await messages()
})
