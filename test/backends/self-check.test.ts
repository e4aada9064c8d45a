import { describe, expect, test } from 'vitest'
import type { MaskBackend, MaskSet } from '../../src/backends/backend.js'
import { createCpuBackend } from '../../src/backends/cpu.js'
import { selfCheck } from '../../src/backends/webgpu/self-check.js'
import { isAvailable, openDawnBackend } from '../support/backends.js'

/** A CPU backend whose sets `spoil` has changed. */
const spoiled = (spoil: (set: MaskSet) => void): MaskBackend => {
  const cpu = createCpuBackend()
  const load: MaskBackend['load'] = async (masks, rows) => {
    const set = await cpu.load(masks, rows)
    spoil(set)
    return set
  }
  return { ...cpu, name: 'spoiled', load }
}

test('a backend agrees with itself', async () => {
  const found = await selfCheck(createCpuBackend(), createCpuBackend())
  expect(found).toEqual({
    seed: 1,
    masks: 200,
    pairs: 2000,
    wrongMasks: 0,
    wrongPairs: 0,
    differences: [],
  })
})

test('a wrong area is found', async () => {
  const backend = spoiled(set => {
    set.areaPx[7]++
  })
  const found = await selfCheck(backend, createCpuBackend())
  expect(found).toMatchObject({ wrongMasks: 1, wrongPairs: 0 })
  expect(found.differences).toEqual([
    expect.stringMatching(/^mask 7: \d+ px in .* on cpu, \d+ px in .* on spoiled$/),
  ])
})

test('wrong bounds are found', async () => {
  const backend = spoiled(set => {
    set.bounds[4 * 199 + 3]--
  })
  expect(await selfCheck(backend, createCpuBackend())).toMatchObject({ wrongMasks: 1 })
})

test('a wrong intersection is found', async () => {
  const backend = spoiled(set => {
    const intersect = set.intersect.bind(set)
    set.intersect = async (other, pairs) =>
      (await intersect(other, pairs)).map((px, p) => (p === 12 ? px + 1 : px))
  })
  const found = await selfCheck(backend, createCpuBackend())
  expect(found).toMatchObject({ wrongMasks: 0, wrongPairs: 1 })
  expect(found.differences).toEqual([
    expect.stringMatching(/^masks \d+ and \d+: \d+ px shared on cpu, \d+ px shared on spoiled$/),
  ])
})

const available = await isAvailable({ name: 'webgpu through Dawn (self-check)', open: openDawnBackend })

describe.skipIf(!available)('WebGPU', () => {
  test.each([1, 2, 3])('agrees with the CPU, seed %d', async seed => {
    const backend = await openDawnBackend()
    const found = await selfCheck(backend, createCpuBackend(), seed)
    backend.close()
    expect(found).toMatchObject({ wrongMasks: 0, wrongPairs: 0, differences: [] })
  })
})
