import { dropSpareMemory } from '../data/wasm.js'
import type { ProcessMemory } from '../memory-budget.js'

/** Buffers are given back by another thread, and by a second collection where a first one freed what held them. */
const ROUNDS = 2
const SWEEP_MS = 5

let collector: (() => void) | undefined

/** V8's collector, which only a flag shows. */
async function openCollector(): Promise<() => void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ])
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** This process with its threads. */
export const processMemory: ProcessMemory = {
  usedBytes: () => process.memoryUsage.rss(),
  async collect() {
    dropSpareMemory()
    collector ??= await openCollector()
    for (let round = 0; round < ROUNDS; round++) {
      collector()
      await new Promise(resolve => setTimeout(resolve, SWEEP_MS))
    }
  },
}
