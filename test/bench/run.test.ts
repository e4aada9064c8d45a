import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataSet } from '../../bench/data.js'
import { compare, difference, verdictText } from '../../bench/run/equality.js'
import { measure } from '../../bench/run/measure.js'
import { readmeBlock, withBlock } from '../../bench/run/readme.js'
import { exponent, line, median } from '../../bench/run/statistics.js'
import { root } from '../house/source-files.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'detscope-bench-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a quick run without other tools', () => {
  const names = 'plain-boxes-500000|dense-masks|detections-(62500|125000)$|report-bbox'
  const bench = () => {
    const options = ['--quick', '--runs', '1', '--tasks', names, '--out', join(folder, 'out')]
    const args = [join(root, 'bench/run.js'), ...options, '--data', join(folder, 'data')]
    return execFileSync(process.execPath, args, { encoding: 'utf8' })
  }
  const result = () => {
    const file = readdirSync(join(folder, 'out')).find(name => name.endsWith('-quick.json')) ?? ''
    return { file, ...JSON.parse(readFileSync(join(folder, 'out', file), 'utf8')) }
  }

  test('measures every task, draws, and goes on where it was', () => {
    const text = bench()
    const { entries, file, charts, ...first } = result()
    expect(entries.map(({ name, done }: { name: string; done: boolean }) => [name, done])).toEqual([
      ['plain-boxes-500000', true],
      ['dense-masks', true],
      ['detections-62500', true],
      ['detections-125000', true],
      ['report-bbox', true],
    ])
    for (const { tools } of entries) {
      const [run] = tools.detscope.runs
      expect(run.wallS).toBeGreaterThan(0)
      expect(run.cpuS).toBeGreaterThan(0)
      expect(run.peakMiB).toBeGreaterThan(20)
      expect(Object.keys(run.stages)).toContain('read')
    }
    expect(text).toMatch(/^detections\n +125: [\d.]+ s, CPU [\d.]+, \d+ MiB\n +250: /m)
    expect(text).toMatch(/^ {2}exponent of time .*; memory \d+ MiB and -?\d+ for 1,000$/m)
    expect(charts).toEqual([file.replace('.json', '-growth.svg')])
    expect(readFileSync(join(folder, 'out', charts[0]), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    expect(bench()).not.toContain('checked in')
    expect(result().entries).toEqual(entries)
    const block = readmeBlock({ entries, ...first }, 'bench/results/x.json')
    expect(block).toContain('| 1,000 boxes, 74 ground truths in 50 images, 8 classes | ')
    expect(withBlock('a\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nb', block)).toBe(
      `a\n<!-- bench: begin -->\n${block}\n<!-- bench: end -->\nb`,
    )
  }, 120_000)
})

test('the same parameters give the same bytes, other seeds others', () => {
  const data = { shape: 'wide', masks: false, images: 20, classes: 9, groundTruths: 90, detections: 300 }
  const textOf = (place: string, seed: number) => {
    const { gt, bbox } = dataSet(join(folder, place), { ...data, seed })
    return readFileSync(gt, 'utf8') + readFileSync(bbox, 'utf8')
  }
  const text = textOf('one', 1)
  expect(textOf('two', 1)).toBe(text)
  expect(textOf('one', 2)).not.toBe(text)
  expect(
    JSON.parse(readFileSync(dataSet(join(folder, 'one'), { ...data, seed: 1 }).bbox, 'utf8')),
  ).toHaveLength(300)
})

test('a command that fails, or takes too long, is told as that', async () => {
  const limits = { timeoutS: 60, memoryMiB: 4000 }
  const fails = ['-e', 'console.error("first\\nno such file"); process.exit(3)']
  expect(await measure([process.execPath, ...fails], limits)).toMatchObject({
    ok: false,
    failure: 'no such file',
  })
  const sleeps = [process.execPath, '-e', 'setTimeout(() => {}, 60_000)']
  expect(await measure(sleeps, { ...limits, timeoutS: 0.5 })).toMatchObject({ ok: false })
})

test('memory is that of the process at its height', async ({ skip }) => {
  skip(spawnSync('python3', ['--version']).status !== 0, 'no Python')
  const grows = 'let a = Buffer.alloc(200 << 20, 1); a = null'
  const { ok, peakMiB } = await measure([process.execPath, '-e', grows], { timeoutS: 60, memoryMiB: 4000 })
  expect(ok).toBe(true)
  expect(peakMiB).toBeGreaterThan(200)
  expect(peakMiB).toBeLessThan(400)
})

describe('equality', () => {
  test('counts differing bits and keeps the largest difference', () => {
    const [a, b] = [Float64Array.of(1, 0.5, 0), Float64Array.of(1, 0.25, -0)]
    expect(difference(a, b)).toEqual({ values: 3, differ: 2, largest: 0.25 })
    expect(difference(a, a)).toEqual({ values: 3, differ: 0, largest: 0 })
    expect(difference(a, b.subarray(1)).largest).toBe(null)
  })

  test('tells equal, rounded, wrong and absent arrays apart', () => {
    const place = (name: string, precision: number[]) => {
      const at = mkdtempSync(join(folder, name))
      for (const array of ['precision', 'recall', 'scores'])
        writeFileSync(
          join(at, `${array}.f64`),
          new Uint8Array(Float64Array.from(array === 'precision' ? precision : [1]).buffer),
        )
      return { stats: [0.5], folder: at }
    }
    const ours = place('ours', [0.5, 0.25])
    const verdict = (precision: number[]) => compare(ours, place('theirs', precision), { stats: true })
    expect(verdictText(verdict([0.5, 0.25]))).toBe('equal to the bit')
    expect(verdict([0.5 + 2 ** -53, 0.25]).verdict).toBe('close')
    expect(verdictText(verdict([0.5, 0.2501]))).toBe('DIFFERENT: 1 of 2 precision differ by at most 1e-4')
    expect(compare(ours, { stats: [0.5], folder: join(folder, 'none') }, { stats: true }).verdict).toBe(
      'different',
    )
  })
})

test('the middle of runs and the power of growth', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  const cubes = [1, 2, 5, 10].map(x => ({ x, y: 7 * x ** 3 }))
  expect(exponent(cubes)).toBeCloseTo(3, 10)
  // By hand: means 2 and 4, slope (1 + 0 + 3) / (1 + 0 + 1).
  const { base, slope } = line([
    { x: 1, y: 3 },
    { x: 2, y: 2 },
    { x: 3, y: 7 },
  ])
  expect(slope).toBeCloseTo(2, 12)
  expect(base).toBeCloseTo(0, 12)
})
