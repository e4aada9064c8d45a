import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.js'
import { liveProgress, startProgress } from '../../src/cli/progress.js'
import { compact, duration, progressText } from '../../src/report/progress-text.js'

describe('the text', () => {
  test.each([
    [{ stage: 'reading', done: 0, total: 2_000_000_000 }, 0, 'reading  0B/2.0GB  0%'],
    [
      { stage: 'reading', done: 500_000_000, total: 2_000_000_000 },
      2,
      'reading  500MB/2.0GB  25%  250MB/s  6s left',
    ],
    [{ stage: 'intersecting', done: 999, total: 1000 }, 0.1, 'intersecting  999/1.0k masks  99%'],
    [
      { stage: 'intersecting', done: 1000, total: 1000 },
      4,
      'intersecting  1.0k/1.0k masks  100%  250 masks/s',
    ],
    [{ stage: 'reading', done: 4_194_304, total: null }, 1, 'reading  4.2MB  4.2MB/s'],
    [{ stage: 'reading', done: 0, total: null }, 1, 'reading'],
    [{ stage: 'odd', done: 5, total: 0 }, 0, 'odd  5'],
    [{ stage: 'matching', done: 1, total: 6 }, 0.9, 'matching  1/6  16%  1/s'],
    [{ stage: 'matching', done: 2, total: 6 }, 90, 'matching  2/6  33%  3m00s left'],
    [{ stage: 'intersecting', done: 19, total: 1000 }, 60, 'intersecting  19/1.0k masks  1%'],
  ])('%j after %d s', (report, elapsedS, text) => {
    expect(progressText(report, elapsedS)).toBe(text)
  })

  test.each([
    [0, '0'],
    [999, '999'],
    [999.4, '999'],
    [999.5, '1.0k'],
    [1234, '1.2k'],
    [9949, '9.9k'],
    [9951, '10k'],
    [34_567_890, '35M'],
    [5e15, '5000T'],
  ])('%d is %s', (value, text) => {
    expect(compact(value)).toBe(text)
  })
})

test.each([
  [0.1, '1s'],
  [59, '59s'],
  [59.1, '1m00s'],
  [90, '1m30s'],
  [3599.5, '1h00m'],
  [7500, '2h05m'],
])('%d s are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('the time left counts from the start of the stage', () => {
  const line = { text: '', stop: () => line as never }
  let nowMs = 5000
  const progress = liveProgress(line, () => nowMs)
  progress.report({ stage: 'reading', done: 0, total: 4e9 })
  nowMs += 2000
  progress.report({ stage: 'reading', done: 1e9, total: 4e9 })
  expect(line.text).toBe('reading  1.0GB/4.0GB  25%  500MB/s  6s left')
  progress.report({ stage: 'intersecting', done: 0, total: 1e6 })
  nowMs += 4000
  progress.report({ stage: 'intersecting', done: 200_000, total: 1e6 })
  expect(line.text).toBe('intersecting  200k/1.0M masks  20%  50k masks/s  16s left')
})

describe('the line', () => {
  test('is drawn at most ten times a second, and at once for a new stage', () => {
    const drawn: string[] = []
    const line = {
      set text(value: string) {
        drawn.push(value)
      },
      stop: () => line as never,
    }
    let nowMs = 0
    const progress = liveProgress(line, () => nowMs)
    for (; nowMs < 1000; nowMs += 10) progress.report({ stage: 'a', done: nowMs, total: 1000 })
    expect(drawn).toHaveLength(10)
    progress.report({ stage: 'b', done: 1, total: 2 })
    expect(drawn).toHaveLength(11)
    expect(drawn[10]).toBe('b  1/2  50%')
    progress.stop()
    progress.report({ stage: 'c', done: 1, total: 2 })
    expect(drawn).toHaveLength(11)
  })

  const io = (isTTY: boolean, env: NodeJS.ProcessEnv): { io: Io; written: () => string } => {
    const stream = new PassThrough()
    const chunks: Buffer[] = []
    stream.on('data', chunk => chunks.push(chunk))
    const err = Object.assign(stream, {
      isTTY,
      columns: 80,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    }) as unknown as NodeJS.WriteStream
    return { io: { out: err, err, env }, written: () => Buffer.concat(chunks).toString() }
  }

  test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ['no terminal', false, {}, false],
    ['--quiet', true, {}, true],
    ['CI', true, { CI: 'true' }, false],
    ['a terminal without control codes', true, { TERM: 'dumb' }, false],
  ])('stays away: %s', async (_, isTTY, env, quiet) => {
    const { io: target, written } = io(isTTY, env)
    const progress = await startProgress(target, quiet, new AbortController().signal)
    progress.report({ stage: 'reading', done: 1, total: 2 })
    progress.stop()
    await new Promise(setImmediate)
    expect(written()).toBe('')
  })
})
