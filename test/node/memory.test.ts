import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'

const folder = mkdtempSync(join(tmpdir(), 'detscope-memory-'))
const peak = join(import.meta.dirname, '../support/peak.js')

beforeAll(
  () => generate(folder, { images: 800, classes: 40, groundTruths: 4000, detections: 60_000, seed: 7 }),
  60_000,
)
afterAll(() => rmSync(folder, { recursive: true }))

interface Answer {
  peakBytes: number
  hash?: string
  error?: string
}

function evaluateApart(type: string, options: object): Answer {
  const files = [join(folder, 'gt.json'), join(folder, `dt_${type}.json`)]
  const text = JSON.stringify({ iouType: type, backend: 'cpu', ...options })
  return JSON.parse(execFileSync(process.execPath, [peak, ...files, text], { encoding: 'utf8' }))
}

/** Raises the limit to what the message asks for until it suffices. */
function leastLimit(type: string, options: object): Answer & { limitBytes: number; refusals: string[] } {
  const refusals: string[] = []
  let limitBytes = 64e6
  for (;;) {
    const answer = evaluateApart(type, { ...options, memoryBytes: limitBytes })
    if (!answer.error) return { ...answer, limitBytes, refusals }
    refusals.push(answer.error)
    const asked = /^InputError: memory: .* need.* about ([\d,]+) MB in all/.exec(answer.error)
    if (!asked || refusals.length > 8) throw new Error(refusals.join('\n'))
    limitBytes = Math.max(1.02 * limitBytes, 1e6 * Number(asked[1].replaceAll(',', '')))
  }
}

describe.each(['bbox', 'segm'])('%s within a limit of memory', type => {
  let unlimited: Answer
  beforeAll(() => {
    unlimited = evaluateApart(type, { threads: 1 })
  })

  test.each([1, 3])('the least that suffices is not passed, with %i threads asked for', threads => {
    const { limitBytes, peakBytes, hash, refusals } = leastLimit(type, { threads })
    expect(hash).toBe(unlimited.hash)
    expect(peakBytes).toBeLessThan(limitBytes)
    expect(refusals.length).toBeGreaterThan(0)
    // Not more than a half above what the run takes without a limit.
    expect(limitBytes).toBeLessThan(1.5 * unlimited.peakBytes)
  })

  test.each([1, 3])('a wide one is kept too, with %i threads', threads => {
    const memoryBytes = 2 * unlimited.peakBytes + threads * 80e6
    const { peakBytes, hash } = evaluateApart(type, { threads, memoryBytes })
    expect(hash).toBe(unlimited.hash)
    expect(peakBytes).toBeLessThan(memoryBytes)
  })
})
