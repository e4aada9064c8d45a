import { expect, test, vi } from 'vitest'
import { Queue } from '../../src/app/pictures/queue.js'

/** Work that ends when it is told to. */
function job(name: string, log: string[]) {
  let end: () => void = () => {}
  const work = (): Promise<string> => {
    log.push(name)
    return new Promise(resolve => {
      end = () => resolve(name)
    })
  }
  return { work, end: () => end() }
}

test('a few run at a time, in the order asked for; what nobody wants any more is skipped', async () => {
  const queue = new Queue(2)
  const log: string[] = []
  const jobs = ['a', 'b', 'c', 'd', 'e'].map(name => job(name, log))
  const gone = new AbortController()
  const results = jobs.map(({ work }, i) => queue.run(work, i === 2 ? gone.signal : undefined))
  expect(log).toEqual(['a', 'b'])
  gone.abort()
  const skipped = expect(results[2]).rejects.toBe(gone.signal.reason)
  jobs[1].end()
  expect(await results[1]).toBe('b')
  await skipped
  expect(log).toEqual(['a', 'b', 'd'])
  jobs[0].end()
  await vi.waitFor(() => expect(log).toEqual(['a', 'b', 'd', 'e']))
  jobs[3].end()
  jobs[4].end()
  expect(await Promise.all([results[3], results[4]])).toEqual(['d', 'e'])
})

test('a failure ends its own work only', async () => {
  const queue = new Queue(1)
  const failed = queue.run(() => Promise.reject(new Error('broken')))
  const fine = queue.run(async () => 'fine')
  await expect(failed).rejects.toThrow('broken')
  expect(await fine).toBe('fine')
})
