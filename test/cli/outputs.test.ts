import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ResultFile } from '../../src/report/json.js'
import type { PageContent } from '../../src/report/page-content.js'
import { decodePage } from '../../src/report/page-data.js'
import { readCsv } from '../support/read-csv.js'
import { boxDetections, detscope, evalArgs, filesOf, groundTruth } from './run-cli.js'

const schema = JSON.parse(readFileSync(new URL('../../docs/result-schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

/** Runs eval in `cwd`, expecting success, and gives what it printed and the JSON file, checked by the schema. */
async function evaluated(cwd: string, args: string[]): Promise<{ out: string; result: ResultFile }> {
  const { code, out, err } = await detscope(['eval', '--backend', 'cpu', '--json', 'out.json', ...args], {
    cwd,
  })
  expect(err.split('\n').filter(line => !line.startsWith('detscope: warning: '))).toEqual([''])
  expect(code).toBe(0)
  const result = JSON.parse(read(cwd, 'out.json'))
  validate(result)
  expect(validate.errors).toBeNull()
  return { out, result }
}

/** A cell of a table for a number of the JSON file. */
const cell = (value: number | null | undefined): string => String(value ?? '')

const COUNT_COLUMNS = [
  'ground_truths',
  'detections',
  'tp',
  'fp',
  'fn',
  'precision',
  'recall',
  'f1',
  'ignored',
]
type CountsJson = ResultFile['analysis']['operatingPoint']
const countCells = (counts: Omit<CountsJson, 'score' | 'strict' | 'from' | 'below'>): string[] =>
  [
    counts.groundTruths,
    counts.detections,
    counts.tp,
    counts.fp,
    counts.fn,
    counts.precision,
    counts.recall,
    counts.f1,
    counts.ignored,
  ].map(cell)
const pick = (row: Record<string, string>, columns: string[]): string[] => columns.map(column => row[column])

describe.each(['coco', 'corrected'])('every output of the demo agrees, protocol %s', protocol => {
  let cwd = ''
  let out = ''
  let result: ResultFile
  const table = (name: string): Record<string, string>[] => readCsv(read(cwd, `tables/${name}.csv`))

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'detscope-outputs-'))
    await detscope(['demo', 'demo', '--images', '12', '--quiet'], { cwd })
    const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--area', 'coco,tiny=P0:P10']
    const outputs = ['--csv', 'tables', '--markdown', 'summary.md', '--thresholds', 'best.json']
    const run = await evaluated(cwd, [...files, ...outputs, '--protocol', protocol])
    out = run.out
    result = run.result
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  test('files are those that were asked for', () => {
    expect(readdirSync(cwd).sort()).toEqual(['best.json', 'demo', 'out.json', 'summary.md', 'tables'])
    expect(readdirSync(join(cwd, 'tables')).sort()).toEqual(
      [
        'classes.csv',
        'comparison.csv',
        'corrections.csv',
        'counts.csv',
        ...['0.50', '0.55', '0.60', '0.65', '0.70', '0.75', '0.80', '0.85', '0.90', '0.95'].map(
          iou => `curves-${iou}.csv`,
        ),
        'distributions.csv',
        'findings.csv',
        'images.csv',
        'instances.csv',
        'metrics.csv',
        'sizes.csv',
        'thresholds.csv',
      ].sort(),
    )
  })

  test('counts by IoU and size', () => {
    const { counts } = result.analysis
    expect(table('counts').map(row => pick(row, ['iou', 'size', ...COUNT_COLUMNS]))).toEqual(
      counts.flatMap(({ iou, sizes }) => sizes.map(row => [cell(iou), row.size, ...countCells(row)])),
    )
    expect(counts).toHaveLength(10)
    for (const { sizes } of counts) {
      for (const row of sizes) {
        expect(row.groundTruths).toBe(row.tp + row.fn)
        expect(row.detections).toBe(row.tp + row.fp)
      }
    }
    const [all, small, medium, large] = counts[0].sizes
    const sum = (key: 'tp' | 'fp' | 'fn'): number => small[key] + medium[key] + large[key]
    // The sizes of protocol corrected share out what there is; those of coco overlap and ignore.
    if (protocol === 'corrected') expect([sum('tp'), sum('fp'), sum('fn')]).toEqual([all.tp, all.fp, all.fn])
  })

  test('classes and images, which add up to the whole', () => {
    const { classes, images, operatingPoint } = result.analysis
    expect(table('classes').map(row => pick(row, ['class_id', 'class', ...COUNT_COLUMNS]))).toEqual(
      classes.map(row => [cell(row.id), row.name, ...countCells(row)]),
    )
    const columns = ['mean_iou', 'worst_fp_record', 'worst_fp_score', 'worst_fn_id', 'worst_fn_area']
    expect(
      table('images').map(row => pick(row, ['image_id', 'file_name', ...COUNT_COLUMNS, ...columns])),
    ).toEqual(
      images.map(row => [
        cell(row.id),
        row.fileName,
        ...countCells(row),
        cell(row.meanIou),
        cell(row.worstFp?.record),
        cell(row.worstFp?.score),
        cell(row.worstFn?.id),
        cell(row.worstFn?.area),
      ]),
    )
    expect(images).toHaveLength(12)
    for (const parts of [classes, images]) {
      for (const key of ['tp', 'fp', 'fn'] as const)
        expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(operatingPoint[key])
    }
  })

  test('instances: as many rows of each outcome as the counts say', () => {
    const rows = table('instances')
    const { operatingPoint } = result.analysis
    const of = (outcome: string) => rows.filter(row => row.outcome === outcome)
    expect([of('TP').length, of('FP').length, of('FN').length, of('ignored').length]).toEqual([
      operatingPoint.tp,
      operatingPoint.fp,
      operatingPoint.fn,
      operatingPoint.ignored,
    ])
    for (const row of of('TP')) expect(Number(row.iou)).toBeGreaterThanOrEqual(0.5)
    for (const row of rows) expect(row.reason_text).not.toBe('')
    expect(new Set(of('FN').map(row => row.ground_truth_id)).size).toBe(of('FN').length)
  })

  test('sizes, thresholds and distributions', () => {
    const { sizes, thresholds, distributions, operatingPoint } = result.analysis
    expect(table('sizes').map(row => Object.values(row))).toEqual(
      sizes.map(({ set, name, percentiles, lo, hi, groundTruths }) => [
        set,
        name,
        cell(percentiles?.[0]),
        cell(percentiles?.[1]),
        cell(lo),
        cell(hi),
        cell(groundTruths),
      ]),
    )
    expect(sizes.filter(({ set }) => set === 'run').map(({ name }) => name)).toEqual([
      'all',
      'small',
      'medium',
      'large',
      'tiny',
    ])
    expect(JSON.parse(read(cwd, 'best.json'))).toEqual(thresholds)
    const { overall, classes } = thresholds
    expect(table('thresholds').map(row => Object.values(row))).toEqual([
      ['', '', ...[overall.score, overall.precision, overall.recall, overall.f1].map(cell)],
      ...classes.map(({ id, name, score, precision, recall, f1 }) => [
        cell(id),
        name,
        ...[score, precision, recall, f1].map(cell),
      ]),
    ])
    expect(operatingPoint).toMatchObject({ from: 'best-f1', strict: false, ...overall })
    expect(table('distributions').map(row => Object.values(row))).toEqual(
      Object.entries(distributions).flatMap(([name, { edges, counts }]) =>
        counts.map((count, bin) => [name, cell(edges[bin]), cell(edges[bin + 1]), cell(count)]),
      ),
    )
    const total = (name: 'ious' | 'fpScores' | 'missedAreas' | 'allFpScores'): number =>
      distributions[name].counts.reduce((sum, count) => sum + count, 0)
    expect([total('ious'), total('fpScores'), total('missedAreas')]).toEqual([
      operatingPoint.tp,
      operatingPoint.fp,
      operatingPoint.fn,
    ])
    expect(distributions.allFpScores.edges).toHaveLength(51)
    expect(total('allFpScores')).toBeGreaterThan(operatingPoint.fp)
  })

  test('exact curves give the averages of the JSON file, and its best F1', () => {
    const { curves } = result.analysis.curves
    expect(curves).toHaveLength(10 * 5 * 4)
    for (const [name, iou] of [
      ['curves-0.50', 0.5],
      ['curves-0.90', 0.9],
    ] as const) {
      const rows = table(name)
      for (const curve of curves.filter(each => Math.abs(each.iou - iou) < 1e-9)) {
        const points = rows.filter(row => row.size === curve.size && row.class_id === cell(curve.classId))
        let auc = 0
        let step = 0
        points.forEach((point, i) => {
          const width = Number(point.recall) - Number(points[i - 1]?.recall ?? 0)
          step += width * Number(point.precision)
          auc += (width * (Number(points[Math.max(0, i - 1)].precision) + Number(point.precision))) / 2
        })
        if (curve.groundTruths === 0) expect(curve.auc).toBeNull()
        else {
          expect(curve.auc).toBeCloseTo(auc, 12)
          expect(curve.apStep).toBeCloseTo(step, 12)
          expect(curve.maxRecall).toBe(Number(points.at(-1)?.recall ?? 0))
        }
        const best = Math.max(0, ...points.map(point => Number(point.f1)))
        expect(curve.bestF1?.f1 ?? 0).toBeCloseTo(best, 12)
      }
    }
  })

  test('metrics: both protocols, and coco’s are the summary’s', () => {
    const { metrics } = result.analysis
    const value = (...key: (string | number)[]): string | undefined =>
      table('metrics').find(
        row => pick(row, ['protocol', 'metric', 'size', 'iou', 'class_id']).join() === key.join(),
      )?.value
    const { AP, AP50, APs, APm, APl, AR100, ARs } = result.coco.metrics
    expect(['all', 'small', 'medium', 'large'].map(size => value('coco', 'AP', size, '', ''))).toEqual(
      [AP, APs, APm, APl].map(cell),
    )
    expect(value('coco', 'AP', 'all', 0.5, '')).toBe(cell(AP50))
    expect([value('coco', 'AR', 'all', '', ''), value('coco', 'AR', 'small', '', '')]).toEqual(
      [AR100, ARs].map(cell),
    )
    for (const { id, AP: own } of result.coco.perClass)
      expect(value('coco', 'AP', 'all', '', id)).toBe(cell(own))
    const [all] = metrics.corrected.sizes
    expect(value('corrected', 'mAP_linear', 'all', '', '')).toBe(cell(all.mAP.linear))
    expect(value('corrected', 'mAR', 'all', '', '')).toBe(cell(all.mAR))
    const { id, bySize } = metrics.corrected.perClass[0]
    expect(value('corrected', 'AP_step', 'small', 0.9, id)).toBe(cell(bySize[1].perIou?.[8].step))
    expect(value('corrected', 'mAP_auc', 'medium', 0.75, '')).toBe(
      cell(metrics.corrected.sizes[2].perIou[5].auc),
    )
    // The same detections by two protocols: alike, and not equal.
    expect(all.mAP.linear).not.toBe(AP)
    expect(Math.abs((all.mAP.linear ?? 0) - (AP ?? 0))).toBeLessThan(0.05)
  })

  test('both protocols side by side, and findings', () => {
    const { compared, findings, metrics } = result.analysis
    expect(table('comparison').map(row => Object.values(row))).toEqual(
      compared.rows.map(({ metric, coco, corrected, correctedStep }) => [
        metric,
        ...[coco, corrected, correctedStep].map(cell),
      ]),
    )
    expect(compared.rows[0].coco).toBe(result.coco.metrics.AP)
    expect(compared.rows[0].corrected).toBe(metrics.corrected.sizes[0].mAP.auc)
    const alone = table('corrections')
    expect(alone).toHaveLength(compared.alone.length * compared.rows.length)
    const grid = compared.alone.find(({ id }) => id === 'D23')
    expect(alone.find(row => row.correction === 'D23')).toMatchObject({
      metric: 'AP',
      coco: cell(compared.rows[0].coco),
      value: cell(grid?.values[0]),
      change: cell(grid?.changes[0]),
    })
    expect(table('findings').map(row => Object.values(row))).toEqual(
      findings.map(({ code, text, effect, interval }) => [code, text, ...[effect, ...interval].map(cell)]),
    )
    for (const { text } of findings)
      expect(read(cwd, 'summary.md')).toContain(text.slice(0, text.search(/[^\w ]/)))
  })

  test('what is printed and the Markdown summary', () => {
    const { operatingPoint, counts } = result.analysis
    const { score, tp, fp, fn, precision, recall } = operatingPoint
    expect(out).toContain(
      `Counts    score from ${score} (the best F1 at IoU .50), IoU 0.50, protocol ${protocol}\n`,
    )
    const small = counts[0].sizes[1]
    const printed = out.split('\n').find(line => line.startsWith('small ')) ?? ''
    expect(printed.split(/\s+/).slice(-8, -3).map(Number)).toEqual([
      small.groundTruths,
      small.detections,
      small.tp,
      small.fp,
      small.fn,
    ])
    const text = read(cwd, 'summary.md')
    expect(text).toContain(`precision **${precision?.toFixed(3)}**, recall **${recall?.toFixed(3)}**`)
    expect(text).toContain(
      `| <code>all</code> | ${[operatingPoint.groundTruths, operatingPoint.detections, tp, fp, fn].join(' | ')} |`,
    )
    expect(text).toContain(`| \`coco\` | ${result.coco.metrics.AP?.toFixed(3)} |`)
    expect(text).toContain(
      `| \`corrected\`, area | ${result.analysis.metrics.corrected.sizes[0].mAP.auc?.toFixed(3)} |`,
    )
  })
})

/** Two ground truths of 961 and 1240 px and a detection between them: docs/protocols.md works it out. */
const workedExample = {
  gt: {
    images: [{ id: 1, width: 1000, height: 1000 }],
    categories: [{ id: 1, name: 'box' }],
    annotations: [
      { id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 31, 31], area: 961 },
      { id: 2, image_id: 1, category_id: 1, bbox: [0, 0, 40, 31], area: 1240 },
    ],
  },
  dt: [{ image_id: 1, category_id: 1, bbox: [0, 0, 38, 31], score: 0.9 }],
}

test('the worked example of protocol corrected', async () => {
  const cwd = filesOf(workedExample.gt, workedExample.dt)
  const args = ['--protocol', 'corrected', '--area', 'percentile', '--score-threshold', '.8']
  const { out, result } = await evaluated(cwd, [...evalArgs.slice(1), ...args])
  const { analysis } = result
  expect(analysis.operatingPoint).toEqual({
    score: 0.8,
    strict: false,
    from: 'given',
    below: 0,
    groundTruths: 2,
    detections: 1,
    tp: 1,
    fp: 0,
    fn: 1,
    precision: 1,
    recall: 0.5,
    f1: 2 / 3,
    ignored: 0,
  })
  const run = analysis.sizes.filter(({ set }) => set === 'run')
  expect(run.map(({ name, lo, hi }) => [name, lo, hi])).toEqual([
    ['all', 0, null],
    ['small', 0, 1030.75],
    ['medium', 1030.75, 1170.25],
    ['large', 1170.25, null],
    ['smallest', 0, 981.925],
    ['corrected', 981.925, null],
  ])
  expect(analysis.counts[0].sizes.map(({ size, tp, fp, fn, recall }) => [size, tp, fp, fn, recall])).toEqual([
    ['all', 1, 0, 1, 0.5],
    ['small', 0, 0, 1, 0],
    ['medium', 0, 0, 0, null],
    ['large', 1, 0, 0, 1],
    ['smallest', 0, 0, 1, 0],
    ['corrected', 1, 0, 0, 1],
  ])
  expect(analysis.curves.curves[0]).toMatchObject({ auc: 0.5, apStep: 0.5, maxRecall: 0.5, iou: 0.5 })
  expect(out).toContain('Counts    score from 0.8 (as given), IoU 0.50, protocol corrected\n')
  const line = out.split('\n').find(each => each.startsWith('small ')) ?? ''
  expect(line.split(/ {2,}/)).toEqual([
    'small',
    'P0 to P25',
    '0 to 1030.8 px',
    '1',
    '0',
    '0',
    '0',
    '1',
    '-',
    '0.000',
    '0.000',
  ])
})

describe('the score threshold', () => {
  const scored = (...scores: number[]) =>
    filesOf(
      groundTruth,
      scores.map(score => ({ ...boxDetections[0], score })),
    )

  test('keeps scores of at least S', async () => {
    const { result } = await evaluated(scored(0.9, 0.8, 0.7), [
      ...evalArgs.slice(1),
      '--score-threshold',
      '.8',
    ])
    expect(result.analysis.operatingPoint).toMatchObject({
      score: 0.8,
      from: 'given',
      tp: 1,
      fp: 1,
      below: 1,
    })
  })

  test('of the article is strict, and gives way to a given one', async () => {
    const masks = { ...groundTruth.annotations[0] }
    const dt = [0.9, 0.8, 0.7].map(score => ({
      image_id: 1,
      category_id: 1,
      score,
      segmentation: masks.segmentation,
    }))
    const cwd = filesOf(groundTruth, dt)
    const preset = [...evalArgs.slice(1), '--preset', 'article']
    const { out, result } = await evaluated(cwd, preset)
    expect(out).toContain('IoU type  segm (preset article)\n')
    expect(out).toContain('Counts    score above 0.8 (preset article), ')
    expect(result.analysis.operatingPoint).toMatchObject({ score: 0.8, strict: true, tp: 1, fp: 0, below: 2 })
    expect(result.config.areas.map(({ name, percentiles }) => [name, percentiles])).toEqual([
      ['all', [0, 100]],
      ['small', [0, 25]],
      ['medium', [25, 75]],
      ['large', [75, 100]],
      ['smallest', [0, 7.5]],
      ['corrected', [7.5, 100]],
    ])
    const own = await evaluated(cwd, [
      ...preset,
      '--score-threshold',
      '.7',
      '--area',
      'coco',
      '--iou-type',
      'bbox',
    ])
    expect(own.result.analysis.operatingPoint).toMatchObject({ score: 0.7, strict: false, tp: 1, fp: 2 })
    expect(own.result.config.iouType).toBe('bbox')
    expect(own.result.config.areas[1]).toEqual({ name: 'small', lo: 0, hi: 1024 })
  })

  test('by another objective goes to thresholds.json and the output, the counts stay where F1 is best', async () => {
    const wrong = { ...boxDetections[0], bbox: [60, 60, 20, 20] }
    const cwd = filesOf(groundTruth, [
      { ...wrong, score: 0.9 },
      { ...boxDetections[0], score: 0.5 },
    ])
    const args = [...evalArgs.slice(1), '--thresholds', 'best.json', '--objective']
    const { out, result } = await evaluated(cwd, [...args, 'recall:1'])
    expect(JSON.parse(read(cwd, 'best.json')).overall).toEqual({
      score: 0.5,
      precision: 0.5,
      recall: 1,
      f1: 2 / 3,
    })
    expect(out).toContain('Best for  a recall of at least 1: score from 0.5, precision 0.500, recall 1.000\n')
    expect(result.analysis.operatingPoint).toMatchObject({ score: 0.5, from: 'best-f1' })
    const none = await evaluated(cwd, [...args, 'precision:.9'])
    expect(none.out).toContain('Best for  a precision of at least 0.9: no score threshold reaches it\n')
    expect(none.result.analysis.thresholds.overall.score).toBeNull()
  })
})

describe('odd inputs', () => {
  const all = ['--csv', 'tables', '--markdown', 'summary.md', '--thresholds', 'best.json']

  test.each([
    ['no detections', groundTruth, []],
    ['no ground truths', { ...groundTruth, annotations: [] }, boxDetections],
    ['nothing at all', { ...groundTruth, annotations: [] }, []],
    [
      'nothing but a crowd',
      { ...groundTruth, annotations: [{ ...groundTruth.annotations[0], iscrowd: 1 }] },
      boxDetections,
    ],
    ['negative scores', groundTruth, [{ ...boxDetections[0], score: -3 }]],
    ['misses only', groundTruth, [{ ...boxDetections[0], bbox: [90, 90, 5, 5], score: -2 }]],
  ])('%s', async (_, gt, dt) => {
    for (const more of [[], ['--protocol', 'corrected', '--area', 'percentile'], ['--class-agnostic']]) {
      const cwd = filesOf(gt, dt)
      const { result } = await evaluated(cwd, [...evalArgs.slice(1), ...all, ...more])
      const { operatingPoint } = result.analysis
      expect(operatingPoint.detections + operatingPoint.ignored).toBe(dt.length)
      expect(readCsv(read(cwd, 'tables/instances.csv'))).toHaveLength(
        operatingPoint.detections + operatingPoint.ignored + operatingPoint.fn,
      )
      expect(read(cwd, 'summary.md')).not.toMatch(/NaN|undefined|null|Infinity/)
    }
  })
})

test('names of files cannot compute or mark up anything', async () => {
  const formula = '=HYPERLINK("http://x.example","click")'
  const markup = '<img src=x onerror=alert(1)>|`@all`\n# h'
  const gt = {
    images: [{ ...groundTruth.images[0], file_name: '@SUM(A1)\r\n+1' }],
    categories: [
      { id: 1, name: formula },
      { id: 2, name: markup },
    ],
    annotations: groundTruth.annotations,
  }
  const dt = [...boxDetections, { ...boxDetections[0], category_id: 2 }]
  const cwd = filesOf(gt, dt)
  await evaluated(cwd, [...evalArgs.slice(1), '--csv', 'tables', '--markdown', 'summary.md'])
  for (const name of readdirSync(join(cwd, 'tables'))) {
    for (const row of readCsv(read(cwd, `tables/${name}`))) {
      for (const value of Object.values(row)) expect(value, name).not.toMatch(/^\s*[=+@]|^-[^\d]/)
    }
  }
  const classes = readCsv(read(cwd, 'tables/classes.csv')).map(row => row.class)
  expect(classes).toEqual([`'${formula}`, markup])
  expect(readCsv(read(cwd, 'tables/images.csv'))[0].file_name).toBe("'@SUM(A1)\r\n+1")
  const text = read(cwd, 'summary.md')
  expect(text).not.toMatch(/<img|@all|^# h|\(http/m)
  expect(text).toContain(
    '<code>&#60;img src&#61;x onerror&#61;alert(1)&#62;&#124;&#96;&#64;all&#96; &#35; h</code>',
  )
})

describe('--report', () => {
  test('writes the page, the thresholds and what serve needs; serve shows it', async () => {
    const cwd = filesOf()
    writeFileSync(join(cwd, 'a.png'), 'no picture')
    const { code, out, err } = await detscope([...evalArgs, '--report', 'out', '--images', '.'], { cwd })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^Written {3}out\/index\.html$/m)
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['detscope.json', 'index.html', 'thresholds.json'])
    expect(JSON.parse(read(cwd, 'out/thresholds.json')).overall.score).toBe(0.9)
    const html = read(cwd, 'out/index.html')
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).not.toMatch(/(src|href)="https?:/)

    let url = ''
    const served = await detscope(['serve', 'out'], {
      cwd,
      onStart: child =>
        child.stdout?.once('data', async text => {
          url = String(text).trim()
          expect(await (await fetch(url)).text()).toContain('data-block')
          child.kill('SIGINT')
        }),
    })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(served.err).toContain('to this machine only')
  })

  test('opens as the command asked', async () => {
    const cwd = filesOf()
    const given = ['--protocol', 'corrected', '--score-threshold', '.95', '--area', 'percentile']
    for (const [args, view, sizes] of [
      [
        given,
        { protocol: 'corrected', iou: 0.5, classAgnostic: false, score: 0.95, scoreStrict: false },
        'percentile',
      ],
      [['--class-agnostic'], { protocol: 'coco', iou: 0.5, classAgnostic: true }, 'coco'],
    ] as const) {
      expect((await detscope([...evalArgs, '--report', 'out', ...args], { cwd })).code).toBe(0)
      const blocks = new Map(
        Array.from(
          read(cwd, 'out/index.html').matchAll(/data-block="([^"]+)">([^<]*)</g),
          ([, name, text]) => [name, text],
        ),
      )
      const { content, scene } = await decodePage<PageContent>(name => blocks.get(name) ?? '')
      expect(content.view).toEqual(view)
      expect(content.firstSizes).toBe(sizes)
      expect([content.groundTruthName, content.detectionsName]).toEqual(['gt.json', 'dt.json'])
      expect([scene.gt.count, scene.dt.count]).toEqual([1, 1])
    }
  })

  test('says which pictures are not there', async () => {
    const cwd = filesOf()
    mkdirSync(join(cwd, 'photos'))
    const { code, err } = await detscope([...evalArgs, '--report', 'out', '--images', 'photos'], { cwd })
    expect({ code, err }).toEqual({
      code: 0,
      err: 'detscope: --images: photos lacks the pictures of 1 of 1 images, such as "a.png"\n',
    })
  })

  test('a folder without a report cannot be served', async () => {
    const { code, err } = await detscope(['serve', '.'], { cwd: filesOf() })
    expect(code).toBe(2)
    expect(err).toMatch(/^detscope: \.: expected the folder that "eval --report" wrote[^\n]*\n$/)
  })
})

test('--overlays writes the worst errors as PNG and says what they show', async () => {
  const wrong = { ...boxDetections[0], bbox: [60, 60, 20, 20] }
  const cwd = filesOf(groundTruth, [...boxDetections, wrong, { ...wrong, bbox: [0, 60, 20, 20] }])
  const args = ['--overlays', 'errors', '--top', '1', '--score-threshold', '.5']
  const { code, err } = await detscope([...evalArgs, ...args], { cwd })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const entries = JSON.parse(read(cwd, 'errors/overlays.json'))
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ outcome: 'FP', class: 'box', score: 0.9 })
  expect(readdirSync(join(cwd, 'errors')).sort()).toEqual([entries[0].file, 'overlays.json'].sort())
  expect(
    readFileSync(join(cwd, 'errors', entries[0].file))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
})

describe('wrong usage is told before the work', () => {
  test.each([
    [['--images', '.'], '--images needs --report or --overlays'],
    [['--gallery', '5'], '--gallery needs --report'],
    [['--top', '5'], '--top needs --overlays'],
    [['--gallery', '-1', '--report', 'r'], '--gallery: expected a whole number from 0'],
    [['--score-threshold', 'high'], '--score-threshold: expected a number such as .5, got "high"'],
    [['--objective', 'auc'], '--objective: expected f1, f:BETA, precision:P'],
    [['--protocol', 'lvis'], 'Allowed choices are coco, corrected.'],
    [['--preset', 'paper'], 'Allowed choices are article.'],
    [['--area', 'mid=P75:P25'], '--area: expected P0 to P100, the lower first, in mid'],
    [['--csv', 'gt.json'], '--csv: cannot make the folder gt.json: a file is in the way'],
    [['--markdown', 'gt.json'], '--markdown: gt.json is an input of this run'],
    [['--thresholds', 'none/x.json'], '--thresholds: there is no folder'],
    [['--report', 'gt.json'], '--report: cannot make the folder gt.json'],
    [['--report', 'r', '--images', 'none'], '--images: '],
  ])('%j', async (args, words) => {
    const { code, out, err } = await detscope([...evalArgs, ...args], { cwd: filesOf() })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^detscope: [^\n]*\n$/)
    expect(err).toContain(words)
  })

  test('a report may not overwrite its own input', async () => {
    const cwd = filesOf()
    writeFileSync(join(cwd, 'thresholds.json'), JSON.stringify(boxDetections))
    const args = ['eval', '--gt', 'gt.json', '--dt', 'thresholds.json', '--report', '.']
    const { code, err } = await detscope(args, { cwd })
    expect(code).toBe(2)
    expect(err).toContain('thresholds.json is an input of this run')
  })
})
