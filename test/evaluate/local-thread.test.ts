import { expect, test } from 'vitest'
import { startHere } from '../../src/local-thread.js'
import { tasks } from '../../src/tasks.js'
import type { FromThread } from '../../src/thread-work.js'

const bytes = new TextEncoder().encode('[{"image_id":7,"category_id":1,"score":0.5,"bbox":[0,0,1,1]}]')
const file = { name: 'dt', ref: 'dt', byteLength: bytes.length }
const item = { file: 'dt', from: 0, to: bytes.length }

function start() {
  const messages: FromThread[] = []
  const environment = {
    open: (ref: unknown) => ({
      ref,
      async *read(from: number, to: number) {
        yield bytes.subarray(from, to)
      },
    }),
  }
  const events = { message: (message: FromThread) => messages.push(message), error: () => {} }
  const port = startHere(tasks, environment, events)
  port.post({ session: 0, task: 'read', context: { gt: file, dt: file, gtMasks: 'none', dtMasks: 'none' } })
  return { port, messages }
}

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20))

test('the thread at hand does items, each in a turn of its own', async () => {
  const { port, messages } = start()
  port.post({ session: 0, id: 1, item })
  port.post({ session: 0, id: 2, item })
  expect(messages).toEqual([])
  await expect.poll(() => messages.length).toBe(2)
  expect(messages).toMatchObject([
    { id: 1, result: { next: -1, table: { imageIds: Float64Array.of(7), scores: Float64Array.of(0.5) } } },
    { id: 2, result: { next: -1 } },
  ])
})

test('what waits when it ends is left undone', async () => {
  const { port, messages } = start()
  port.post({ session: 0, id: 1, item })
  await expect.poll(() => messages.length).toBe(1)
  port.post({ session: 0, id: 2, item })
  await port.end(false)
  await turn()
  expect(messages.map(({ id }) => id)).toEqual([1])
})
