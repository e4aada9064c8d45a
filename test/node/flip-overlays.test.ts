import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Evaluation } from '../../src/data/evaluation.js'
import { evaluate } from '../../src/evaluate.js'
import { indexScene } from '../../src/matching/scene-index.js'
import type { ModelPair, ModelView } from '../../src/metrics/models.js'
import { fileSource } from '../../src/node/files.js'
import { type FlipEntry, writeFlipOverlays } from '../../src/node/flip-overlays.js'
import { writeOverlays } from '../../src/node/overlays.js'
import { writeDemo } from '../../src/node/write-demo.js'
import { viewOf } from '../support/scene.js'

const view = viewOf('corrected', { score: 0.5 })
const TP_LINE = [0, 158, 115]
const FN_LINE = [0, 114, 178]

let base = ''
let evaluations: Record<'A' | 'B', Evaluation>
let pair: ModelPair
let entries: FlipEntry[]

function viewedOf({ scene }: Evaluation): ModelView {
  if (!scene) throw new Error('no scene')
  return { scene, index: indexScene(scene, 'corrected', false), view }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'detscope-flip-overlays-'))
  await writeDemo(base, { seed: 1, images: 12 })
  const run = (name: string): Promise<Evaluation> =>
    evaluate(fileSource(join(base, 'gt.json')), fileSource(join(base, name)), { scene: true })
  evaluations = { A: await run('dt.json'), B: await run('dt-b.json') }
  pair = { A: viewedOf(evaluations.A), B: viewedOf(evaluations.B) }
  entries = await writeFlipOverlays(base, evaluations, pair, { top: 6 })
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Pixels of a colour between two columns. */
function count({ data, width }: PNG, [red, green, blue]: number[], from: number, to: number): number {
  let found = 0
  for (let i = 0; i < data.length; i += 4) {
    const x = (i / 4) % width
    if (x < from || x >= to) continue
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) found++
  }
  return found
}

test('what A alone finds and what B alone finds, in turn, the largest first', () => {
  expect(entries.map(({ foundBy }) => foundBy)).toEqual(['A', 'B', 'A', 'B', 'A', 'B'])
  for (const by of ['A', 'B']) {
    const areas = entries.filter(({ foundBy }) => foundBy === by).map(({ area }) => area)
    expect(areas).toEqual([...areas].sort((a, b) => b - a))
  }
  expect(JSON.parse(readFileSync(join(base, 'overlays.json'), 'utf8'))).toEqual(entries)
})

test('the finder’s half has the object as found, the other as missed', () => {
  for (const entry of entries) {
    const png = PNG.sync.read(readFileSync(join(base, entry.file)))
    const half = png.width / 2
    const halves = { A: [0, half - 3], B: [half + 3, png.width] }
    const other = entry.foundBy === 'A' ? 'B' : 'A'
    const missed = (model: 'A' | 'B'): number => count(png, FN_LINE, halves[model][0], halves[model][1])
    const found = (model: 'A' | 'B'): number => count(png, TP_LINE, halves[model][0], halves[model][1])
    // Lines three pixels wide of the object itself; others are one pixel wide and not as opaque.
    expect(missed(other), entry.file).toBeGreaterThan(missed(entry.foundBy as 'A' | 'B'))
    expect(found(entry.foundBy as 'A' | 'B'), entry.file).toBeGreaterThan(found(other))
    expect(entry[entry.foundBy as 'A' | 'B'].reason).toMatch(/^IoU .* with a detection of score/)
  }
})

test('a model beside itself has nothing to show; pictures of an earlier run go', async () => {
  const names = (): string[] => readdirSync(base).filter(name => name.endsWith('.png'))
  expect(names()).toHaveLength(6)
  const { A } = pair
  await writeFlipOverlays(base, { A: evaluations.A, B: evaluations.A }, { A, B: A }, { top: 6 })
  expect(names()).toEqual([])
  expect(JSON.parse(readFileSync(join(base, 'overlays.json'), 'utf8'))).toEqual([])
  const { index } = A
  await writeOverlays(base, evaluations.A, index, view, { top: 2 })
  expect(names()).toHaveLength(2)
})
