// What the number of threads may not change: every file that a run writes.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../src/demo/random.js'
import { encodeCounts } from '../../src/geometry/rle.js'
import { detscope } from './run-cli.js'

const IMAGES = 300
const folder = mkdtempSync(join(tmpdir(), 'detscope-threads-'))
const gt = join(folder, 'gt.json')
const file = (name: string): string => join(folder, `${name}.json`)

function write(name: string, detections: object[]): void {
  writeFileSync(file(name), JSON.stringify(detections))
}

beforeAll(() => {
  const random = new Random(11, 0)
  const at = (n: number): number => Math.floor(random.next() * n)
  const place = () => ({ image_id: 1 + at(IMAGES), category_id: 1 + at(6) })
  const box = (): number[] => [at(30), at(20), 1 + at(20), 1 + at(20)]
  const rle = () => {
    const start = at(1500)
    const length = 1 + at(400)
    const runs = [start, length, 2000 - start - length]
    return { size: [40, 50], counts: new TextDecoder().decode(encodeCounts(runs)) }
  }
  const images = Array.from({ length: IMAGES }, (_, i) => ({ id: i + 1, height: 40, width: 50 }))
  const categories = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, name: `c${i}` }))
  const annotations = Array.from({ length: 3000 }, (_, i) => {
    const bbox = box()
    return {
      ...{ id: i + 1, ...place(), bbox, area: bbox[2] * bbox[3] },
      ...{ iscrowd: at(40) ? 0 : 1, segmentation: rle() },
    }
  })
  // Small files are not worth a thread: this makes them large enough.
  const padding = 'x'.repeat(8 << 20)
  writeFileSync(gt, JSON.stringify({ images, annotations, categories, padding }))
  const boxes = Array.from({ length: 25_000 }, () => ({ ...place(), bbox: box(), score: at(800) / 800 }))
  write('boxes', boxes)
  write(
    'masks',
    boxes.map(({ bbox: _, ...rest }) => ({ ...rest, segmentation: rle() })),
  )
  write(
    'others',
    boxes.map(record => ({ ...record, score: at(700) / 700 })),
  )
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Files of a folder, by name, without what tells when and how fast a run was. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter(name => statSync(join(path, name)).isFile())
  const timeless = (text: string): string =>
    text.replace(/"createdAt": ?"[^"]*"/, '').replace(/"timingsMs": ?\{[^}]*\}/, '')
  return Object.fromEntries(files.map(name => [name, timeless(readFileSync(join(path, name), 'utf8'))]))
}

async function written(threads: number, args: string[]): Promise<Record<string, string>> {
  const out = join(folder, `threads-${threads}`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  const at = (name: string): string => join(out, name)
  const outputs = ['--report', at('report'), '--json', at('result.json'), '--csv', at('csv')]
  const result = await detscope([
    ...['eval', '--gt', gt, ...args, ...outputs, '--markdown', at('summary.md')],
    ...['--backend', 'cpu', '--threads', String(threads), '--quiet'],
  ])
  expect(result).toMatchObject({ code: 0, err: expect.not.stringContaining('rror') })
  return { stdout: result.out, ...contents(out) }
}

test.each([
  ['boxes', ['--dt', file('boxes')]],
  ['masks', ['--dt', file('masks'), '--protocol', 'corrected']],
  ['two models', ['--dt', file('boxes'), '--compare', file('others')]],
  ['any class', ['--dt', file('boxes'), '--class-agnostic']],
  ['a limit of memory', ['--dt', file('boxes'), '--memory', '2GB']],
])('%s: files are the same with 1, 2 and 3 threads', { timeout: 120_000 }, async (_, args) => {
  const one = await written(1, args)
  expect(Object.keys(one)).toEqual(expect.arrayContaining(['report/index.html', 'result.json', 'summary.md']))
  for (const threads of [2, 3]) {
    const more = await written(threads, args)
    expect(Object.keys(more)).toEqual(Object.keys(one))
    // By name: a difference in a whole page would be a message of megabytes.
    expect(Object.keys(one).filter(name => more[name] !== one[name])).toEqual([])
  }
})

test('Ctrl-C ends a run whose threads are at work', { timeout: 60_000 }, async () => {
  const args = ['eval', '--gt', gt, '--dt', file('boxes'), '--threads', '2', '--report', join(folder, 'cut')]
  const fromMs = performance.now()
  expect(await detscope(args)).toMatchObject({ code: 0 })
  const wholeMs = performance.now() - fromMs
  const ends: unknown[] = []
  for (const share of [0.4, 0.5, 0.6, 0.7]) {
    const result = await detscope(args, {
      onStart: child => {
        setTimeout(() => child.kill('SIGINT'), share * wholeMs)
      },
    })
    ends.push(result.code ?? result.signal)
  }
  // A run may take less than the first did, and end in time.
  for (const end of ends) expect(end).toBeOneOf([130, 'SIGINT', 0])
  expect(ends).toContain(130)
})

test('a wrong file ends a run with threads at once', { timeout: 60_000 }, async () => {
  const wrong = JSON.parse(readFileSync(file('boxes'), 'utf8'))
  wrong[20_000].score = 'high'
  write('wrong', wrong)
  const report = ['--threads', '2', '--report', join(folder, 'wrong')]
  const result = await detscope(['eval', '--gt', gt, '--dt', file('wrong'), ...report])
  expect(result).toMatchObject({ code: 2, err: expect.stringContaining('[20000]: expected "score"') })
})
