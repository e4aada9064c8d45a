import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../../src/backends/cpu/heap.js'

test('blocks never overlap, and everything can be used again', () => {
  const sizes = fc.array(fc.tuple(fc.nat(300_000), fc.nat(7)), { maxLength: 40 })
  fc.assert(
    fc.property(sizes, steps => {
      const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 100)
      const blocks: { at: number; bytes: number }[] = []
      for (const [bytes, pick] of steps) {
        if (pick < 3 && blocks.length > 0) {
          const [block] = blocks.splice(pick % blocks.length, 1)
          heap.release(block.at, block.bytes)
          continue
        }
        const at = heap.take(bytes)
        expect(at % 16).toBe(0)
        expect(at + bytes).toBeLessThanOrEqual(heap.memory.buffer.byteLength)
        for (const other of blocks) expect(at >= other.at + other.bytes || other.at >= at + bytes).toBe(true)
        blocks.push({ at, bytes })
      }
      for (const block of blocks) heap.release(block.at, block.bytes)
      expect(heap.freeBytes).toBe(heap.memory.buffer.byteLength - 112)
      const whole = heap.freeBytes
      expect(heap.take(whole)).toBe(112)
    }),
  )
})

test('what a shrunk block gives back can be taken', () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 0)
  const at = heap.take(1000)
  heap.shrink(at, 1000, 100)
  expect(heap.take(800)).toBe(at + 112)
})
