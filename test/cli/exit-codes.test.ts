import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bin, boxDetections, detscope, evalArgs, filesOf, groundTruth, temporaryFolder } from './run-cli.js'

describe('0: done', () => {
  test.each([['--version'], ['-V']])('%s prints the version alone', async flag => {
    const { code, out, err } = await detscope([flag])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([
    [['--help']],
    [['eval', '--help']],
    [['demo', '-h']],
    [['doctor', '--help']],
    [['help', 'eval']],
  ])('%j explains itself on stdout', async args => {
    const { code, out, err } = await detscope(args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^Usage: detscope/)
  })

  test('every option that the README names is in the help, and the other way round', async () => {
    const { out } = await detscope(['eval', '--help'])
    const options = new Set(out.match(/--[a-z][a-z-]*/g))
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
    const named = Array.from(readme.matchAll(/^\| `(--[a-z-]+)/gm), ([, option]) => option)
    expect([...options].sort()).toEqual([...named, '--help'].sort())
  })
})

describe('1: failed at work', () => {
  test.skipIf(!existsSync('/dev/full'))('a full disk', async () => {
    const { code, err } = await detscope([...evalArgs, '--json', '/dev/full'], { cwd: filesOf() })
    expect(code).toBe(1)
    expect(err).toMatch(/^detscope: .*no space left on device.*\n$/)
  })
})

describe('2: wrong usage, told in one line', () => {
  test.each([
    [['evil'], "unknown command 'evil' (Did you mean eval?)"],
    [['--evil'], "unknown option '--evil'"],
    [['eval'], 'eval needs both --gt FILE (ground truth) and --dt FILE (detections)'],
    [['eval', '--gt', 'gt.json'], 'eval needs both --gt FILE'],
    [['eval', '--gtt', 'x'], "unknown option '--gtt' (Did you mean --gt?)"],
    [['eval', 'gt.json', 'dt.json'], 'The files go after --gt and --dt.'],
    [[...evalArgs, '--iou-type', 'boxes'], 'Allowed choices are bbox, segm.'],
    [[...evalArgs, '--backend', 'cuda'], 'Allowed choices are auto, cpu, webgpu.'],
    [[...evalArgs, '--on-unknown', 'ignore'], 'Allowed choices are error, warn.'],
    [
      [...evalArgs, '--iou-thresholds', '50'],
      '--iou-thresholds: expected thresholds above 0 and at most 1, got 50',
    ],
    [
      [...evalArgs, '--recall-thresholds', '2'],
      '--recall-thresholds: expected thresholds from 0 to 1, got 2',
    ],
    [[...evalArgs, '--max-dets', '5'], '--max-dets: expected one number above 10'],
    [[...evalArgs, '--area', 'tiny'], '--area: expected coco, percentile or NAME=LO:HI'],
    [[...evalArgs, '--image-ids', 'x'], '--image-ids: expected whole numbers'],
    [[...evalArgs, '--category-ids', '@none'], '--category-ids: cannot read the ids in none: no such file'],
    [[...evalArgs, '--threads', 'all'], '--threads: expected a whole number from 0 to 1024'],
    [['demo', '--images', '0'], '--images: expected a whole number from 1 to 10000'],
    [['eval', '--gt'], "option '--gt <file>' argument missing"],
  ])('%j', async (args, words) => {
    const { code, out, err } = await detscope(args, { cwd: filesOf() })
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^detscope: [^\n]*\n$/)
    expect(err).toContain(words)
  })

  test('no command at all shows the help', async () => {
    const { code, out, err } = await detscope([])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^Usage: detscope/)
  })
})

describe('2: wrong input, told in one line with file and record', () => {
  const [annotation] = groundTruth.annotations
  const [detection] = boxDetections
  test.each<[string, unknown, unknown, string[]]>([
    ['a truncated file', groundTruth, '[{"image_id": 1, "cat', ['dt.json']],
    ['a file that is no JSON', 'hello', boxDetections, ['gt.json']],
    ['an empty file', groundTruth, '', ['dt.json']],
    ['an unknown image', groundTruth, [{ ...detection, image_id: 5 }], ['dt.json', '[0]', 'image_id 5']],
    [
      'an unknown category',
      groundTruth,
      [{ ...detection, category_id: 5 }],
      ['dt.json', '[0]', 'category_id 5'],
    ],
    ['a missing score', groundTruth, [{ ...detection, score: undefined }], ['dt.json', '[0]', 'score']],
    [
      'a score that is no number',
      groundTruth,
      [{ ...detection, score: 'high' }],
      ['dt.json', '[0]', 'score'],
    ],
    ['a box of three numbers', groundTruth, [{ ...detection, bbox: [1, 2, 3] }], ['dt.json', '[0]', 'bbox']],
    ['a negative width', groundTruth, [{ ...detection, bbox: [1, 2, -3, 4] }], ['dt.json', '[0]', 'bbox']],
    [
      'ids that stand twice',
      { ...groundTruth, annotations: [annotation, annotation] },
      boxDetections,
      ['same id 1'],
    ],
    ['files the wrong way round', boxDetections, groundTruth, ['gt.json']],
  ])('%s', async (_, gt, dt, words) => {
    const { code, out, err } = await detscope(evalArgs, { cwd: filesOf(gt, dt) })
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^detscope: [^\n]*\n$/)
    for (const word of words) expect(err).toContain(word)
  })

  test('DETSCOPE_DEBUG=1 adds the stack', async () => {
    const options = { cwd: filesOf(), env: { DETSCOPE_DEBUG: '1' } }
    const { code, err } = await detscope(['eval', '--gt', 'none.json', '--dt', 'dt.json'], options)
    expect(code).toBe(2)
    expect(err).toMatch(/^detscope: InputError: none\.json: no such file\n {4}at /)
  })

  test('a missing file, a folder, ids that are not there', async () => {
    const cwd = filesOf()
    const run = (...args: string[]) => detscope(['eval', ...args], { cwd })
    expect(await run('--gt', 'none.json', '--dt', 'dt.json')).toMatchObject({
      code: 2,
      err: 'detscope: none.json: no such file\n',
    })
    expect(await run('--gt', 'gt.json', '--dt', '.')).toMatchObject({
      code: 2,
      err: 'detscope: .: expected a file, found a folder\n',
    })
    const selected = await run('--gt', 'gt.json', '--dt', 'dt.json', '--image-ids', '1,2')
    expect(selected.code).toBe(2)
    expect(selected.err).toContain('got 2 (1 of 2 unknown)')
  })
})

/** Ends a shell and what it started, unless they have ended: nobody reads what they write any more. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid && exitCode === null && signalCode === null) process.kill(-pid)
}

describe('130: interrupted', () => {
  /** Runs eval on a pipe that `feed` (shell) writes to, sends `signal` once it reads there, and shows what is left. */
  async function interrupted(signal: NodeJS.Signals, feed: string) {
    const cwd = temporaryFolder()
    expect(spawnSync('mkfifo', [join(cwd, 'gt.json')]).status).toBe(0)
    writeFileSync(join(cwd, 'dt.json'), '[]')
    // A pipe opens when somebody reads it.
    const script = `exec > gt.json; : > reading; ${feed}`
    const feeder = spawn('sh', ['-c', script], { cwd, stdio: 'ignore', detached: true })
    const result = await detscope([...evalArgs, '--json', 'out.json', '--npy', 'arrays'], {
      cwd,
      onStart: async child => {
        await expect.poll(() => existsSync(join(cwd, 'reading'))).toBe(true)
        child.kill(signal)
      },
    })
    endGroup(feeder)
    return {
      ...result,
      files: readdirSync(cwd)
        .filter(name => name !== 'reading')
        .sort(),
      arrays: readdirSync(join(cwd, 'arrays')),
    }
  }
  const DRIP = 'printf "{\\"images\\": ["; while sleep 0.1; do printf "  "; done'
  const SILENCE = 'printf "{\\"images\\": ["; sleep 60'

  test.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of the work', async signal => {
    expect(await interrupted(signal, DRIP)).toEqual({
      code: 130,
      signal: null,
      out: '',
      err: 'detscope: interrupted\n',
      files: ['arrays', 'dt.json', 'gt.json'],
      arrays: [],
    })
  })

  test('in a read that never ends the signal itself ends the process; a shell says 130 as well', async () => {
    expect(await interrupted('SIGINT', SILENCE)).toMatchObject({
      code: null,
      signal: 'SIGINT',
      err: 'detscope: interrupted\n',
      files: ['arrays', 'dt.json', 'gt.json'],
    })
  })
})

test('the launcher holds nothing but the launch', async () => {
  const { readFileSync } = await import('node:fs')
  expect(readFileSync(bin, 'utf8').split('\n').length).toBeLessThan(8)
})
