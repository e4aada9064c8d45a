import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { analyse } from '../../src/analyse.js'
import { evaluate } from '../../src/evaluate.js'
import { writeCsvFolder } from '../../src/node/csv-folder.js'
import { csvTables } from '../../src/report/csv-tables.js'

const box = { image_id: 1, category_id: 1, bbox: [0, 0, 50, 50] }
const groundTruth = {
  images: [{ id: 1, width: 100, height: 100 }],
  categories: [{ id: 1, name: 'box' }],
  annotations: [{ ...box, id: 1, area: 2500, iscrowd: 0 }],
}

async function write(folder: string, iouThresholds: number[]): Promise<void> {
  const options = { iouType: 'bbox', iouThresholds, scene: true } as const
  const evaluation = await evaluate(groundTruth, [{ ...box, score: 0.9 }], options)
  await writeCsvFolder(folder, csvTables(analyse(evaluation)))
}

test('curves of an earlier run go, whatever else lies in the folder stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'detscope-csv-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await write(folder, [0.5, 0.75, 0.825, 1e-7])
  const first = readdirSync(folder)
  const curves = ['curves-0.50.csv', 'curves-0.75.csv', 'curves-0.825.csv', 'curves-1e-7.csv']
  expect(first.filter(name => name.startsWith('curves'))).toEqual(curves)

  const header = 'size,class_id,class,score,tp,fp,precision,recall,f1\r\n'
  const others: Record<string, string> = {
    'curves-0.60.csv': 'threshold,precision\r\n', // another's table of that name
    'curves-0.65.csv': '',
    'curves-mine.csv': header,
    'notes.csv': header,
    'old curves-0.75.csv': header,
  }
  for (const [name, text] of Object.entries(others)) writeFileSync(join(folder, name), text)
  mkdirSync(join(folder, 'curves-0.70.csv'))

  await write(folder, [0.5, 0.9])
  const gone = curves.slice(1)
  const kept = first.filter(name => !gone.includes(name))
  expect(readdirSync(folder).sort()).toEqual(
    [...kept, 'curves-0.90.csv', 'curves-0.70.csv', ...Object.keys(others)].sort(),
  )
  for (const [name, text] of Object.entries(others))
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
})
