import { BorrowedMemory } from '../../src/data/wasm.js'

const BYTES = 1 << 20

/** The next kernel gets a memory of some size that another has left full of ones. */
export function lendDirtyMemory(): void {
  const borrowed = new BorrowedMemory()
  const missing = BYTES - borrowed.buffer.byteLength
  if (missing > 0) borrowed.memory.grow(missing >> 16)
  new Uint8Array(borrowed.buffer).fill(0xff)
  borrowed.giveBack()
}
