import { expect, test } from 'vitest'
import { ThreadPool } from '../../src/thread-pool.js'
import type { ToThread } from '../../src/thread-work.js'

/** A pool whose first thread is the one at hand, and what each of them was sent. */
function poolOf(size: number) {
  const sent: ToThread[][] = Array.from({ length: size }, () => [])
  const pool = new ThreadPool(size, (_, index) => ({
    isHere: index === 0,
    mostItems: index === 0 ? 1 : 2,
    post: message => {
      sent[index].push(message)
    },
    end: async () => {},
  }))
  return {
    pool,
    items: () => sent.map(messages => messages.filter(message => 'item' in message).length),
    sent,
  }
}

const context = {} as never
const item = {} as never

test('items go to all threads, as many as they take', () => {
  const { pool, items } = poolOf(3)
  const session = pool.session('categories', context)
  for (let i = 0; i < 9; i++) void session.run(item)
  expect(items()).toEqual([1, 2, 2])
})

test('elsewhere leaves the thread at hand out, and hands all items out at once', () => {
  const { pool, items, sent } = poolOf(3)
  const session = pool.session('categories', context, { elsewhere: true })
  for (let i = 0; i < 9; i++) void session.run(item)
  expect(items()).toEqual([0, 5, 4])
  session.close()
  expect(sent[0]).toEqual([])
})

test('elsewhere is here where there is no other thread', () => {
  const { pool, items } = poolOf(1)
  void pool.session('categories', context, { elsewhere: true }).run(item)
  expect(items()).toEqual([1])
})
