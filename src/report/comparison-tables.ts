/** Two models as CSV tables and as lines of text. */

import type { ModelComparison } from '../compare-models.js'
import { flipDescriber } from '../metrics/flip-rows.js'
import { type CountDifferences, type Difference, RATIOS } from '../metrics/model-differences.js'
import type { ModelName } from '../metrics/models.js'
import { AVERAGES } from '../metrics/resampled-averages.js'
import { comparedNumbers, gaps, isAnyCertain, NO_FINDING, verdict } from './comparison-words.js'
import type { CsvCell, NamedTable } from './csv.js'
import { pythonFixed } from './python-format.js'
import { alignedTable, grouped, printable } from './table.js'

export function* comparisonTables(comparison: ModelComparison): Generator<NamedTable> {
  yield differencesTable(comparison)
  yield flipsTable(comparison)
}

/** One number of both models a line; size and class are empty for the whole. */
function differencesTable({ pair, metrics, operating }: ModelComparison): NamedTable {
  const { ids, names } = pair.A.scene.categories
  function* rows(): Generator<CsvCell[]> {
    const all = (name: string, each: Difference): CsvCell[] => differenceCells([null, null, null, name], each)
    for (const name of AVERAGES) yield all(name, metrics.overall[name])
    yield* operatingRows([null, null, null], operating.whole)
    for (const { name, ...each } of operating.sizes) yield* operatingRows([name, null, null], each)
    for (const [k, { category, ...each }] of operating.classes.entries()) {
      const who = [null, ids[category], names[category]]
      for (const name of AVERAGES) yield differenceCells([...who, name], metrics.classes[k][name])
      yield* operatingRows(who, each)
    }
  }
  return {
    name: 'differences.csv',
    header: [
      'size',
      'class_id',
      'class',
      'metric',
      'a',
      'b',
      'difference',
      'interval_from',
      'interval_to',
      'certain',
    ],
    rows: rows(),
  }
}

const differenceCells = (
  where: CsvCell[],
  { A, B, difference, interval, certain }: Difference,
): CsvCell[] => [...where, A, B, difference, ...(interval ?? [null, null]), certain]

const COUNTS = ['tp', 'fp', 'fn'] as const

/** Counts have no interval: their ratios have. */
function* operatingRows(where: CsvCell[], each: CountDifferences): Generator<CsvCell[]> {
  for (const name of RATIOS) yield differenceCells([...where, name], each[name])
  const { A, B } = each.counts
  for (const name of COUNTS) yield [...where, name, A[name], B[name], B[name] - A[name], null, null, null]
  yield [...where, 'found_alone', each.found.A, each.found.B, each.found.B - each.found.A, null, null, null]
}

/** Every ground truth that one model alone finds. */
function flipsTable({ pair, flipped }: ModelComparison): NamedTable {
  const { images, categories, gt } = pair.A.scene
  const describe = flipDescriber(pair)
  function* rows(): Generator<CsvCell[]> {
    for (const row of flipped) {
      const flip = describe(row)
      const side = (name: ModelName): CsvCell[] => {
        const { dt, score, iou, reason } = flip[name]
        return [dt < 0 ? null : pair[name].scene.dt.records[dt], score, iou, reason.code, reason.text]
      }
      yield [
        flip.foundBy.toLowerCase(),
        gt.ids[row],
        images.ids[gt.images[row]],
        images.fileNames[gt.images[row]],
        categories.ids[gt.categories[row]],
        categories.names[gt.categories[row]],
        flip.area,
        flip.size,
        ...side('A'),
        ...side('B'),
      ]
    }
  }
  const sideHeader = (name: string): string[] =>
    ['record', 'score', 'iou', 'reason', 'reason_text'].map(column => `${name}_${column}`)
  return {
    name: 'flips.csv',
    header: [
      'found_by',
      'ground_truth_id',
      'image_id',
      'file_name',
      'class_id',
      'class',
      'area',
      'size',
      ...sideHeader('a'),
      ...sideHeader('b'),
    ],
    rows: rows(),
  }
}

const number = (value: number | null): string => (value === null ? '-' : pythonFixed(value, 3))
const signed = (value: number | null): string => {
  if (value === null) return '-'
  const text = pythonFixed(Math.abs(value), 3)
  return text === '0.000' ? '0' : `${value < 0 ? '-' : '+'}${text}`
}

/** What `detscope eval --compare` prints. Differences that may be chance are said to be so. */
export function comparisonLines(
  { pair, metrics, operating }: ModelComparison,
  names: Record<ModelName, string>,
): string[] {
  const { A, B } = pair
  const { whole } = operating
  const line = (name: string, { A: a, B: b, difference, interval, certain }: Difference): string[] => [
    name,
    number(a),
    number(b),
    signed(difference),
    interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '-',
    certain || interval === null || difference === 0 ? '' : 'may be chance',
  ]
  const count = (name: string, a: number, b: number): string[] => [
    name,
    grouped(a),
    grouped(b),
    a === b ? '0' : `${b < a ? '-' : '+'}${grouped(Math.abs(b - a))}`,
    '',
    '',
  ]
  const sign = A.view.scoreStrict ? 'above' : 'from'
  return [
    `Compared  A ${printable(names.A)}, B ${printable(names.B)}; protocol ${A.view.protocol}`,
    `          precision to FN at IoU ${pythonFixed(A.view.iou, 2)}, score ${sign} ${A.view.score} (A) and ${B.view.score} (B)`,
    '',
    ...alignedTable(
      ['', 'A', 'B', 'B - A', '95 % interval', ''],
      [
        ...comparedNumbers(metrics, operating).map(([name, each]) => line(name, each)),
        ...COUNTS.map(name => count(name.toUpperCase(), whole.counts.A[name], whole.counts.B[name])),
        count('found by it alone', whole.found.A, whole.found.B),
      ],
      1,
    ),
    '',
    verdict(metrics, operating),
    ...gaps({ A: A.scene, B: B.scene }).map(printable),
    ...(operating.findings.length === 0 && isAnyCertain(metrics, operating)
      ? [`${NO_FINDING.slice(0, -1)} (docs/findings.md).`]
      : operating.findings.map(({ text }) => printable(`- ${text}`))),
  ]
}
