import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Arena, BorrowedMemory, dropSpareMemory } from '../../src/data/wasm.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'

const PAGE = 65536

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  dropSpareMemory()
})

const bytesOf = (borrowed: BorrowedMemory): number => borrowed.buffer.byteLength

/** A memory of so many pages. */
function borrow(pages: number): BorrowedMemory {
  const borrowed = new BorrowedMemory()
  borrowed.memory.grow(pages - bytesOf(borrowed) / PAGE)
  return borrowed
}

describe('a memory that was given back', () => {
  test('is lent again, to one at a time', () => {
    const first = borrow(3)
    const { memory } = first
    first.giveBack()
    const [second, third] = [new BorrowedMemory(), new BorrowedMemory()]
    expect(second.memory).toBe(memory)
    expect(third.memory).not.toBe(memory)
    expect(bytesOf(third)).toBe(PAGE)
  })

  test('is no longer at hand, and not given back a second time while another has it', () => {
    const first = borrow(3)
    first.giveBack()
    expect(() => first.memory).toThrow('given back')
    const second = new BorrowedMemory()
    first.giveBack()
    expect(new BorrowedMemory().memory).not.toBe(second.memory)
  })

  test('is the larger of two', () => {
    for (const pages of [
      [2, 5],
      [5, 2],
    ]) {
      const both = pages.map(borrow)
      for (const each of both) each.giveBack()
      expect(bytesOf(new BorrowedMemory())).toBe(5 * PAGE)
    }
  })

  test('is freed when nobody borrows it for a while', () => {
    borrow(3).giveBack()
    vi.advanceTimersByTime(900)
    const again = new BorrowedMemory()
    expect(bytesOf(again)).toBe(3 * PAGE)
    vi.advanceTimersByTime(5_000)
    again.giveBack()
    vi.advanceTimersByTime(2_000)
    expect(bytesOf(new BorrowedMemory())).toBe(PAGE)
  })

  test('begins with a page of zeros, and gives zeros where they are asked for', () => {
    lendDirtyMemory()
    const arena = new Arena()
    const bytes = new Uint8Array(arena.memory.buffer)
    expect(bytes.length).toBeGreaterThan(10 * PAGE)
    expect(bytes.subarray(0, PAGE).every(byte => byte === 0)).toBe(true)
    arena.start(PAGE - 100)
    const [taken, zeros] = [arena.take(5_000), arena.zeros(5_000)]
    expect(arena.u8(taken, 5_000)).toContain(0xff)
    expect(arena.u8(zeros, 5_000).every(byte => byte === 0)).toBe(true)
    expect(arena.u8(zeros + 5_000, 1)[0]).toBe(0xff)
  })
})
