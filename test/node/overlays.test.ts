import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluate } from '../../src/evaluate.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { fileSource } from '../../src/node/files.js'
import { openImageFolder } from '../../src/node/images.js'
import { type OverlayEntry, type OverlaysOptions, writeOverlays } from '../../src/node/overlays.js'
import { writeDemo } from '../../src/node/write-demo.js'
import { viewOf } from '../support/scene.js'

let base = ''
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'detscope-overlays-'))
  await writeDemo(join(base, 'demo'), { seed: 1, images: 12 })
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const view = viewOf('corrected', { score: 0.5 })

async function demo(options: OverlaysOptions & { pictures?: boolean }) {
  const folder = mkdtempSync(join(base, 'out-'))
  const read = (name: string) => fileSource(join(base, 'demo', name))
  const evaluation = await evaluate(read('gt.json'), read('dt.json'), { scene: true })
  if (!evaluation.scene) throw new Error('no scene')
  const index = indexScene(evaluation.scene, 'corrected', false)
  const { fileNames } = evaluation.scene.images
  const images = options.pictures
    ? openImageFolder('--images', join(base, 'demo', 'images'), fileNames)
    : undefined
  const entries = await writeOverlays(folder, evaluation, index, view, { ...options, images })
  return { folder, entries, scene: evaluation.scene }
}

const pngOf = (folder: string, { file }: OverlayEntry) => PNG.sync.read(readFileSync(join(folder, file)))

/** Pixels of a colour. */
function count({ data }: PNG, [red, green, blue]: number[]): number {
  let found = 0
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) found++
  }
  return found
}

const FP_LINE = [213, 94, 0]
const FN_LINE = [0, 114, 178]
const FP_LABEL = [154, 68, 0]
const FN_LABEL = [0, 90, 140]
const PAPER = [244, 245, 247]

describe('pictures of the worst errors', () => {
  test('are as many as asked for, worst first, with a list of what they show', async () => {
    const { folder, entries, scene } = await demo({ top: 6, pictures: true })
    expect(readdirSync(folder).sort()).toEqual([...entries.map(({ file }) => file), 'overlays.json'].sort())
    expect(JSON.parse(readFileSync(join(folder, 'overlays.json'), 'utf8'))).toEqual(entries)
    expect(entries.map(({ outcome }) => outcome)).toEqual(['FP', 'FN', 'FP', 'FN', 'FP', 'FN'])
    const scores = entries.flatMap(({ score }) => (score === null ? [] : [score]))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(entries[0].file).toBe(`001-FP-${entries[0].class}-${entries[0].image.replace('.png', '')}.png`)
    expect(entries[1].reason).not.toBe('')
    const missed = scene.gt.ids.indexOf(entries[1].id)
    expect(scene.images.fileNames[scene.gt.images[missed]]).toBe(entries[1].image)
  })

  test('show the error in its colour, with its letters, on the photograph', async () => {
    const { folder, entries } = await demo({ top: 4, pictures: true })
    for (const entry of entries) {
      const png = pngOf(folder, entry)
      expect(Math.max(png.width, png.height)).toBeGreaterThanOrEqual(480)
      const [line, label] = entry.outcome === 'FP' ? [FP_LINE, FP_LABEL] : [FN_LINE, FN_LABEL]
      expect(count(png, line)).toBeGreaterThan(200)
      expect(count(png, label)).toBeGreaterThan(300)
      expect(count(png, [255, 255, 255])).toBeGreaterThan(100)
      expect(count(png, PAPER)).toBe(0)
    }
  })

  test('are drawn on a plain ground where there are no photographs', async () => {
    const { folder, entries } = await demo({ top: 1 })
    const png = pngOf(folder, entries[0])
    expect(count(png, PAPER)).toBeGreaterThan(1000)
    expect(count(png, FP_LINE)).toBeGreaterThan(200)
  })

  test('take the place of those of an earlier run, and of nothing else', async () => {
    const { folder } = await demo({ top: 3 })
    const own = readdirSync(folder).filter(name => name.endsWith('.png'))
    writeFileSync(join(folder, '900-FP-mine.png'), '')
    writeFileSync(join(base, 'precious.png'), '')
    const list = [...own.map(file => ({ file })), { file: '../precious.png' }, { file: '../../001-FP-x.png' }]
    writeFileSync(join(folder, 'overlays.json'), JSON.stringify(list))
    const evaluation = await evaluate(
      { images: [], categories: [{ id: 1, name: 'one' }], annotations: [] },
      [],
      {
        scene: true,
        iouType: 'bbox',
      },
    )
    if (!evaluation.scene) throw new Error('no scene')
    const index = indexScene(evaluation.scene, 'corrected', false)
    expect(await writeOverlays(folder, evaluation, index, view)).toEqual([])
    expect(readdirSync(folder).sort()).toEqual(['900-FP-mine.png', 'overlays.json'])
    expect(existsSync(join(base, 'precious.png'))).toBe(true)
  })
})

test('names of files stay in the folder whatever classes and images are called', async () => {
  const names = ['../../escape', '..', 'a/b\\c:d*?"<>|$(rm)\n\0', '.', '', '日本語']
  const folder = mkdtempSync(join(base, 'names-'))
  const evaluation = await evaluate(
    {
      images: names.map((name, i) => ({ id: i + 1, width: 50, height: 50, file_name: `${name}.png` })),
      categories: names.map((name, i) => ({ id: i + 1, name })),
      annotations: [],
    },
    names.map((_, i) => ({
      image_id: i + 1,
      category_id: i + 1,
      bbox: [5, 5, 20, 20],
      score: 0.9 - i / 100,
    })),
    { scene: true, iouType: 'bbox' },
  )
  if (!evaluation.scene) throw new Error('no scene')
  const entries = await writeOverlays(
    folder,
    evaluation,
    indexScene(evaluation.scene, 'corrected', false),
    view,
  )
  expect(entries.map(({ class: name }) => name)).toEqual(names)
  expect(readdirSync(folder).sort()).toEqual([...entries.map(({ file }) => file), 'overlays.json'].sort())
  for (const { file } of entries) expect(file).toMatch(/^00\d-FP-[\w.-]*\.png$/)
})
