import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ComparisonJson } from '../../src/report/comparison-json.js'
import type { ResultFile } from '../../src/report/json.js'
import { readCsv } from '../support/read-csv.js'
import { detscope } from './run-cli.js'

const schema = JSON.parse(readFileSync(new URL('../../docs/result-schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)

describe.each(['coco', 'corrected'])('two models of the demo, protocol %s', protocol => {
  let cwd = ''
  let out = ''
  let both: ResultFile
  let other: ResultFile
  let comparison: ComparisonJson
  const table = (name: string): Record<string, string>[] =>
    readCsv(readFileSync(join(cwd, `tables/${name}.csv`), 'utf8'))

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'detscope-compare-'))
    await detscope(['demo', 'demo', '--images', '16', '--quiet'], { cwd })
    const evaluate = async (args: string[]): Promise<ResultFile> => {
      const base = ['eval', '--backend', 'cpu', '--gt', 'demo/gt.json', '--protocol', protocol]
      const run = await detscope([...base, '--json', 'out.json', ...args], { cwd })
      expect(run.code, run.err).toBe(0)
      out = run.out
      const result = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))
      validate(result)
      expect(validate.errors).toBeNull()
      return result
    }
    other = await evaluate(['--dt', 'demo/dt-b.json', '--thresholds', 'b.json', '--markdown', 'b.md'])
    await evaluate(['--dt', 'demo/dt.json', '--thresholds', 'a.json', '--markdown', 'a.md'])
    both = await evaluate([
      ...['--dt', 'demo/dt.json', '--compare', 'demo/dt-b.json', '--csv', 'tables'],
      ...['--thresholds', 'both.json', '--markdown', 'both.md'],
    ])
    if (!both.comparison) throw new Error('no comparison')
    comparison = both.comparison
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  test('A is the model of the rest of the file, B the one that is evaluated alone', () => {
    expect(comparison.detections).toEqual({ A: 'dt.json', B: 'dt-b.json' })
    expect(both.inputs.map(({ role }) => role)).toEqual(['groundTruth', 'detections', 'compared'])
    for (const [name, { analysis, coco }] of [['A', both] as const, ['B', other] as const]) {
      const { score, precision, recall, f1, tp, fp, fn } = analysis.operatingPoint
      expect(comparison.scores[name].score).toBe(score)
      expect(comparison.counts[name]).toMatchObject({ precision, recall, f1, tp, fp, fn })
      expect(comparison.precision[name]).toBe(precision)
      const [whole] = analysis.metrics.corrected.sizes
      const own = { coco: coco.metrics.AP, corrected: whole.mAP.auc }[protocol] ?? Number.NaN
      expect(comparison.metrics.AP[name]).toBeCloseTo(own, 12)
      const classes = analysis.metrics.coco.classes.map(({ sizes }) => sizes[0].AR)
      const corrected = analysis.metrics.corrected.perClass.map(({ mAR }) => mAR)
      comparison.classes.forEach((each, k) => {
        const recalls = protocol === 'coco' ? classes : corrected
        expect(each.AR[name]).toBeCloseTo(recalls[k] ?? Number.NaN, 12)
      })
    }
  })

  test('flips are as many as the counts say, and each is found by one alone', () => {
    const { found, flips, counts } = comparison
    for (const name of ['A', 'B'] as const) {
      expect(flips.filter(({ foundBy }) => foundBy === name)).toHaveLength(found[name])
      expect(counts[name].tp).toBe(found[name] + found.both)
      expect(flips.every(flip => flip[name].found === (flip.foundBy === name))).toBe(true)
      expect(flips.every(flip => (flip[name].reason === 'matched') === (flip.foundBy === name))).toBe(true)
    }
    expect(flips.length).toBeGreaterThan(20)
    expect(new Set(flips.map(({ id }) => id)).size).toBe(flips.length)
  })

  test('tables and text say the same', () => {
    const flips = table('flips')
    expect(flips.map(row => [Number(row.ground_truth_id), row.found_by, row.b_reason])).toEqual(
      comparison.flips.map(({ id, foundBy, B }) => [id, foundBy.toLowerCase(), B.reason]),
    )
    const rows = table('differences')
    const recall = rows.find(row => row.metric === 'recall' && row.size === '' && row.class === '')
    expect(recall).toMatchObject({
      a: String(comparison.recall.A),
      difference: String(comparison.recall.difference),
      interval_to: String(comparison.recall.interval?.[1]),
      certain: String(comparison.recall.certain),
    })
    expect(rows).toHaveLength(11 + 7 * comparison.sizes.length + 11 * comparison.classes.length)
    expect(out).toContain('Compared  A dt.json, B dt-b.json')
    expect(out).toMatch(new RegExp(`found by it alone +${comparison.found.A} +${comparison.found.B} `))
    for (const { text } of comparison.findings) expect(out).toContain(text)
  })

  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8')

  test('thresholds.json has what each model alone has', () => {
    expect(JSON.parse(read('both.json'))).toEqual({
      A: { detections: 'dt.json', ...JSON.parse(read('a.json')) },
      B: { detections: 'dt-b.json', ...JSON.parse(read('b.json')) },
    })
  })

  test('the Markdown says the differences, and then what that of each model alone says', () => {
    const text = read('both.md')
    const rows = text.split('\n').map(line => line.split('|').map(cell => cell.trim().replaceAll('*', '')))
    const signed = (value: number): string => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(3)
    for (const [name, each] of Object.entries({ ...comparison.metrics, recall: comparison.recall })) {
      const { A, B, difference, interval } = each
      if (A === null || B === null || difference === null || !interval) throw new Error(`no ${name}`)
      const row = rows.find(([, first]) => first === name)
      expect(row?.slice(2, 6)).toEqual([
        A.toFixed(3),
        B.toFixed(3),
        signed(difference),
        `${signed(interval[0])} to ${signed(interval[1])}`,
      ])
    }
    const { found } = comparison
    const flips = rows.find(([, first]) => first === 'found by it alone')
    expect(flips?.slice(2, 4)).toEqual([String(found.A), String(found.B)])
    expect(text).toContain(`Both find ${found.both} objects, neither ${found.neither}.`)
    for (const own of ['a.md', 'b.md'])
      expect(text).toContain(read(own).replace('## detscope\n\n', '').trimEnd())
  })
})

test('files of the same name are told apart by their folders; a model beside itself does not differ', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'detscope-compare-'))
  try {
    await detscope(['demo', 'demo', '--images', '2', '--quiet'], { cwd })
    mkdirSync(join(cwd, 'demo/new'))
    copyFileSync(join(cwd, 'demo/dt.json'), join(cwd, 'demo/new/dt.json'))
    const args = ['eval', '--gt', 'demo/gt.json', '--iou-type', 'bbox', '--quiet', '--dt', 'demo/dt.json']
    const run = await detscope([...args, '--compare', 'demo/new/dt.json', '--thresholds', 't.json'], { cwd })
    expect(run.out).toContain('Compared  A demo/dt.json, B new/dt.json;')
    expect(run.out).toMatch(/^recall +\S+ +\S+ +0 /m)
    expect(run.out.trimEnd().split('\n').at(-1)).toBe(
      'No difference: all numbers are equal, and no object is found by one model alone.',
    )
    const { A, B } = JSON.parse(readFileSync(join(cwd, 't.json'), 'utf8'))
    expect([A.detections, B.detections]).toEqual(['demo/dt.json', 'new/dt.json'])
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
})

test('a second model of other images is refused in one line', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'detscope-compare-'))
  try {
    await detscope(['demo', 'demo', '--images', '2', '--quiet'], { cwd })
    writeFileSync(
      join(cwd, 'other.json'),
      '[{"image_id": 77, "category_id": 1, "bbox": [0, 0, 5, 5], "score": 0.5}]',
    )
    const args = ['eval', '--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--iou-type', 'bbox', '--quiet']
    const { code, err } = await detscope([...args, '--compare', 'other.json'], { cwd })
    expect(code).toBe(2)
    expect(err).toMatch(/^detscope: other\.json: .*image_id 77/m)
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
})
