import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { ResultFile } from '../../src/report/json.js'
import { boxDetections, detscope, evalArgs, filesOf, groundTruth, maskDetections } from './run-cli.js'

const schema = JSON.parse(readFileSync(new URL('../../docs/result-schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema)

/** Printed by pycocotools 2.0.11 for this input. */
const LINES = ` Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000
 Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 1.000
 Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 1.000
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 1.000
 Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
`

/** pycocotools 2.0.11, `stats` of this input by repr: 1010 equal values do not average to themselves. */
const STATS = [
  0.9999999999999998, 0.9999999999999999, 0.9999999999999999, -1, 0.9999999999999998, -1, 1, 1, 1, -1, 1, -1,
]

describe('what is printed', () => {
  test('the familiar lines, what was evaluated, where, and how long; nothing on stderr', async () => {
    const { code, out, err } = await detscope(evalArgs, { cwd: filesOf() })
    expect(err).toBe('')
    expect(code).toBe(0)
    const [head, lines, tail] = out.split('\n\n')
    expect(head).toBe(
      'IoU type  bbox (found: not both files have masks)\nData      1 image, 1 category, 1 ground truth, 1 detection',
    )
    expect(`${lines}\n`).toBe(LINES)
    expect(tail).toMatch(
      /^Backend {3}cpu \(boxes need no GPU\)\nTime {6}read \d+\.\d\d s, .*; in all \d+\.\d\d s\n$/,
    )
  })

  test('--quiet leaves the lines alone', async () => {
    const { out, err } = await detscope([...evalArgs, '--quiet'], { cwd: filesOf() })
    expect(out).toBe(LINES)
    expect(err).toBe('')
  })

  test('masks on both sides make it segm, unless told otherwise', async () => {
    const cwd = filesOf(groundTruth, maskDetections)
    const found = await detscope([...evalArgs, '--backend', 'cpu'], { cwd })
    expect(found.out).toContain('IoU type  segm (found: both files have masks)')
    expect(found.out).toContain('Backend   cpu\n')
    expect(found.out).toContain(LINES)
    const given = await detscope([...evalArgs, '--iou-type', 'bbox'], { cwd })
    expect(given.out).toContain('IoU type  bbox (as given)')
    expect(given.out).toContain(LINES)
  })

  test('--per-class adds a table', async () => {
    const gt = { ...groundTruth, categories: [...groundTruth.categories, { id: 20, name: 'forklift' }] }
    const { out } = await detscope([...evalArgs, '--per-class', '--quiet'], { cwd: filesOf(gt) })
    expect(out.slice(LINES.length)).toBe(`
category  id  ground truths  detections     AP   AP50   AP75     AR
box        1              1           1  1.000  1.000  1.000  1.000
forklift  20              0           0      -      -      -      -
`)
  })

  test('own caps and area ranges get lines of their own', async () => {
    const args = [...evalArgs, '--quiet', '--max-dets', '500', '--area', 'tiny=0:256,rest=256:1e10']
    const { out } = await detscope(args, { cwd: filesOf() })
    const [familiar, cap, areas] = out.split('\n\n')
    expect(familiar.split('\n')[0]).toMatch(/area= {3}all \| maxDets=100 \] = -1\.000$/)
    expect(familiar.split('\n')[4]).toMatch(/area=medium \| maxDets=500 \] = -1\.000$/)
    expect(cap).toBe(`No cap is 100, which the first line asks for. With 500:
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=500 ] = 1.000`)
    expect(areas).toBe(`The area ranges of this run:
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=  tiny | maxDets=500 ] = -1.000
 Average Precision  (AP) @[ IoU=0.50:0.95 | area=  rest | maxDets=500 ] = 1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=  tiny | maxDets=500 ] = -1.000
 Average Recall     (AR) @[ IoU=0.50:0.95 | area=  rest | maxDets=500 ] = 1.000
`)
  })

  test('warnings go to stderr, one line each, also with --quiet', async () => {
    const dt = [
      ...boxDetections,
      { ...boxDetections[0], category_id: 7 },
      { ...boxDetections[0], image_id: 9 },
    ]
    const { code, out, err } = await detscope([...evalArgs, '--on-unknown', 'warn', '--quiet'], {
      cwd: filesOf(groundTruth, dt),
    })
    expect(code).toBe(0)
    expect(out).toBe(LINES)
    const lines = err.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      /^detscope: warning: unknown-category \(1\): .*; first: dt\.json: \[1\] has category_id 7$/,
    )
    expect(lines[1]).toMatch(
      /^detscope: warning: unknown-image \(1\): .*; first: dt\.json: \[2\] has image_id 9$/,
    )
  })

  test('a reader that closes the pipe early is no failure, and files are written all the same', async () => {
    const cwd = filesOf()
    const onStart = (child: { stdout: { destroy(): void } | null }): void => child.stdout?.destroy()
    const result = await detscope([...evalArgs, '--json', 'out.json'], { cwd, onStart })
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(readdirSync(cwd)).toContain('out.json')
  })
})

describe('--json', () => {
  const evaluateTo = async (cwd: string, ...args: string[]): Promise<ResultFile> => {
    const { code, err } = await detscope([...evalArgs, '--json', 'out.json', ...args], { cwd })
    expect(err.split('\n').filter(line => !line.startsWith('detscope: warning: '))).toEqual([''])
    expect(code).toBe(0)
    const result = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))
    validate(result)
    expect(validate.errors).toBeNull()
    return result
  }

  test('holds the reference’s numbers to the last bit, and what they are about', async () => {
    const cwd = filesOf()
    const result = await evaluateTo(cwd)
    expect(result.coco.stats).toEqual(STATS)
    expect(result.coco.metrics).toEqual({
      AP: STATS[0],
      AP50: STATS[1],
      AP75: STATS[2],
      APs: null,
      APm: STATS[4],
      APl: null,
      AR1: 1,
      AR10: 1,
      AR100: 1,
      ARs: null,
      ARm: 1,
      ARl: null,
    })
    expect(result.coco.perClass).toEqual([
      {
        id: 1,
        name: 'box',
        groundTruths: 1,
        detections: 1,
        AP: STATS[0],
        AP50: STATS[1],
        AP75: STATS[2],
        AR: 1,
      },
    ])
    expect(result.counts).toEqual({
      images: 1,
      categories: 1,
      groundTruths: 1,
      crowds: 0,
      detections: 1,
      ignoredRecords: 0,
    })
    expect(result.backend).toEqual({ kind: 'cpu', adapter: null })
    expect(result.provenance).toMatchObject({
      tool: 'detscope',
      reference: 'pycocotools 2.0.11',
      protocol: 'coco',
    })
    expect(result.config).toMatchObject({ iouType: 'bbox', maxDets: [1, 10, 100], imageIds: null })
    expect(result.config.iouThresholds[8]).toBe(0.8999999999999999)
  })

  test('names the inputs with size and hash on disk, packed or not', async () => {
    const cwd = filesOf()
    const packed = gzipSync(readFileSync(join(cwd, 'gt.json')))
    writeFileSync(join(cwd, 'gt.json.gz'), packed)
    const args = ['eval', '--gt', 'gt.json.gz', '--dt', 'dt.json', '--json', 'out.json', '--quiet']
    expect((await detscope(args, { cwd })).out).toBe(LINES)
    const { inputs } = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as ResultFile
    const plain = readFileSync(join(cwd, 'dt.json'))
    const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    expect(inputs).toEqual([
      { role: 'groundTruth', name: 'gt.json.gz', bytes: packed.length, sha256: sha256(packed) },
      { role: 'detections', name: 'dt.json', bytes: plain.length, sha256: sha256(plain) },
    ])
  })

  test('is valid with every option and with warnings, and says what was chosen', async () => {
    const gt = {
      images: [...groundTruth.images, { ...groundTruth.images[0], id: 2 }],
      categories: [...groundTruth.categories, { id: 2, name: 'forklift' }],
      annotations: [
        ...groundTruth.annotations,
        { ...groundTruth.annotations[0], id: 2, image_id: 2 },
        { ...groundTruth.annotations[0], id: 0, category_id: 2 },
        { ...groundTruth.annotations[0], id: 5, category_id: 2, iscrowd: 1 },
      ],
    }
    const dt = [...maskDetections, { ...maskDetections[0], category_id: 9 }]
    const args =
      '--iou-type segm --backend cpu --max-dets 2,20,200 --iou-thresholds .5,.75 --recall-thresholds 0:.1:1'
    const more = '--area coco,tiny=0:256 --image-ids 1 --category-ids 2,1 --on-unknown warn --threads 1'
    const result = await evaluateTo(filesOf(gt, dt), ...args.split(' '), ...more.split(' '))
    expect(result.config).toEqual({
      protocol: 'coco',
      iouType: 'segm',
      iouThresholds: [0.5, 0.75],
      recallThresholds: [
        0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9, 1,
      ],
      areas: [
        { name: 'all', lo: 0, hi: 1e10 },
        { name: 'small', lo: 0, hi: 1024 },
        { name: 'medium', lo: 1024, hi: 9216 },
        { name: 'large', lo: 9216, hi: 1e10 },
        { name: 'tiny', lo: 0, hi: 256 },
      ],
      maxDets: [2, 20, 200],
      imageIds: [1],
      categoryIds: [2, 1],
      classAgnostic: false,
    })
    expect(result.counts).toEqual({
      images: 1,
      categories: 2,
      groundTruths: 3,
      crowds: 1,
      detections: 1,
      ignoredRecords: 1,
    })
    expect(result.coco.stats[0]).toBe(-1)
    expect(result.coco.metrics.AP).not.toBeNull()
    expect(result.warnings.map(warning => warning.code)).toContain('unknown-category')
    expect(result.warnings.map(warning => warning.code)).toContain('annotation-id-zero')
  })

  test('a class-agnostic run has no classes', async () => {
    const result = await evaluateTo(filesOf(), '--class-agnostic')
    expect(result.coco.perClass).toEqual([])
    expect(result.config.classAgnostic).toBe(true)
  })

  test('the schema refuses what is wrong', async () => {
    const result = await evaluateTo(filesOf())
    const spoilt: unknown[] = [
      { ...result, schemaVersion: 2 },
      { ...result, extra: 1 },
      { ...result, coco: { ...result.coco, stats: result.coco.stats.slice(1) } },
      { ...result, coco: { ...result.coco, metrics: { ...result.coco.metrics, AP: -1 } } },
      { ...result, inputs: result.inputs.slice(1) },
      { ...result, backend: { kind: 'cuda', adapter: null } },
      { ...result, counts: { ...result.counts, images: 1.5 } },
    ]
    expect(spoilt.map(value => validate(value))).toEqual(spoilt.map(() => false))
  })
})

test('--npy writes three arrays with the reference’s shapes', async () => {
  const cwd = filesOf()
  const { code } = await detscope([...evalArgs, '--npy', 'deep/arrays', '--quiet'], { cwd })
  expect(code).toBe(0)
  expect(readdirSync(join(cwd, 'deep/arrays')).sort()).toEqual(['precision.npy', 'recall.npy', 'scores.npy'])
  const read = (name: string): { shape: string; values: Float64Array } => {
    const bytes = readFileSync(join(cwd, 'deep/arrays', name))
    const start = 10 + bytes.readUInt16LE(8)
    const shape = /'shape': \(([^)]*)\)/.exec(bytes.toString('latin1', 10, start))?.[1] ?? ''
    return { shape, values: new Float64Array(new Uint8Array(bytes.subarray(start)).buffer) }
  }
  const precision = read('precision.npy')
  expect(precision.shape).toBe('10, 101, 1, 4, 3')
  expect(precision.values).toHaveLength(10 * 101 * 4 * 3)
  expect([...new Set(precision.values)].sort()).toEqual([-1, 0.9999999999999998])
  expect(read('recall.npy')).toMatchObject({ shape: '10, 1, 4, 3' })
  const scores = read('scores.npy')
  expect(scores.shape).toBe('10, 101, 1, 4, 3')
  expect([...new Set(scores.values)].sort()).toEqual([-1, 0.9])
})

describe('files appear whole or not at all', () => {
  test('an older result survives a failure', async () => {
    const cwd = filesOf(groundTruth, '[{"image_id": 1')
    writeFileSync(join(cwd, 'out.json'), 'old')
    const { code } = await detscope([...evalArgs, '--json', 'out.json'], { cwd })
    expect(code).toBe(2)
    expect(readFileSync(join(cwd, 'out.json'), 'utf8')).toBe('old')
    expect(readdirSync(cwd).sort()).toEqual(['dt.json', 'gt.json', 'out.json'])
  })

  test('a path that cannot be written is told before the work', async () => {
    const cwd = filesOf()
    mkdirSync(join(cwd, 'folder'))
    const run = (...args: string[]) => detscope([...evalArgs, ...args], { cwd })
    expect(await run('--json', 'folder')).toMatchObject({
      code: 2,
      out: '',
      err: 'detscope: --json: folder is a folder, expected a file\n',
    })
    expect(await run('--json', 'none/out.json')).toMatchObject({ code: 2, out: '' })
    expect(await run('--json', 'gt.json')).toMatchObject({
      code: 2,
      err: 'detscope: --json: gt.json is an input of this run and would be overwritten\n',
    })
    expect(await run('--npy', 'dt.json')).toMatchObject({
      code: 2,
      err: 'detscope: --npy: cannot make the folder dt.json: a file is in the way\n',
    })
    expect(readFileSync(join(cwd, 'gt.json'), 'utf8')).toBe(JSON.stringify(groundTruth))
  })
})
