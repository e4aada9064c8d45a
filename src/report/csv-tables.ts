import type { Analysis } from '../analyse.js'
import type { Counts } from '../data/analysis.js'
import type { AveragePrecisions } from '../metrics/corrected.js'
import { instanceTable } from '../metrics/instances.js'
import { matchesIn } from '../metrics/outcomes.js'
import { f1sOf } from '../metrics/pr-curves.js'
import { selectInstances } from '../metrics/select.js'
import type { CsvCell, CsvTable } from './csv.js'

/** A table and the file that it goes to. docs/report.md says what each column holds. */
export interface NamedTable extends CsvTable {
  name: string
}

/** Every table of an analysis. Rows are computed when they are asked for: exact curves and instances are many. */
export function* csvTables(analysis: Analysis): Generator<NamedTable> {
  yield sizesTable(analysis)
  yield metricsTable(analysis)
  yield countsTable(analysis)
  yield classesTable(analysis)
  yield thresholdsTable(analysis)
  yield imagesTable(analysis)
  yield distributionsTable(analysis)
  yield instancesTable(analysis)
  for (const iou of analysis.iouThresholds) yield curvesTable(analysis, iou)
}

const COUNTS = ['ground_truths', 'detections', 'tp', 'fp', 'fn', 'precision', 'recall', 'f1', 'ignored']

const countCells = (counts: Counts): CsvCell[] => [
  counts.groundTruths,
  counts.detections,
  counts.tp,
  counts.fp,
  counts.fn,
  counts.precision,
  counts.recall,
  counts.f1,
  counts.ignored,
]

const sizesTable = ({ sizes }: Analysis): NamedTable => ({
  name: 'sizes.csv',
  header: ['set', 'size', 'percentile_from', 'percentile_to', 'px_from', 'px_to', 'ground_truths'],
  rows: sizes.map(({ set, name, percentiles, lo, hi, groundTruths }) => [
    set,
    name,
    percentiles ? percentiles[0] : null,
    percentiles ? percentiles[1] : null,
    lo,
    hi,
    groundTruths,
  ]),
})

/** One number a line: protocol, metric, size, IoU threshold, class. */
function metricsTable({ coco, corrected }: Analysis): NamedTable {
  const rows: CsvCell[][] = []
  const addCoco = (classId: number | null, className: string | null, sizes: typeof coco.sizes): void => {
    for (const { name, AP, AR, perIou } of sizes) {
      rows.push(
        ['coco', 'AP', name, null, classId, className, AP],
        ['coco', 'AR', name, null, classId, className, AR],
      )
      for (const at of perIou) {
        rows.push(['coco', 'AP', name, at.iou, classId, className, at.AP])
        rows.push(['coco', 'AR', name, at.iou, classId, className, at.AR])
      }
    }
  }
  const addWays = (
    metric: string,
    size: string,
    iou: number | null,
    values: AveragePrecisions,
    [id, name]: [number | null, string | null] = [null, null],
  ): void => {
    for (const way of ['linear', 'step', 'auc'] as const)
      rows.push(['corrected', `${metric}_${way}`, size, iou, id, name, values[way]])
  }
  addCoco(null, null, coco.sizes)
  for (const { id, name, sizes } of coco.classes) addCoco(id, name, sizes)
  for (const size of corrected.sizes) {
    addWays('mAP', size.name, null, size.mAP)
    addWays('mAP_penalised', size.name, null, size.mAPPenalised)
    addWays('pooled_AP', size.name, null, size.pooled.mAP)
    rows.push(['corrected', 'mAR', size.name, null, null, null, size.mAR])
    rows.push(['corrected', 'pooled_AR', size.name, null, null, null, size.pooled.mAR])
  }
  const [whole] = corrected.sizes
  corrected.perIou.forEach((values, t) => {
    addWays('mAP', whole.name, corrected.iouThresholds[t], values)
  })
  for (const { id, name, bySize } of corrected.perClass) {
    bySize.forEach(({ mAP, mAR }, a) => {
      addWays('AP', corrected.sizes[a].name, null, mAP, [id, name])
      rows.push(['corrected', 'AR', corrected.sizes[a].name, null, id, name, mAR])
    })
  }
  return {
    name: 'metrics.csv',
    header: ['protocol', 'metric', 'size', 'iou', 'class_id', 'class', 'value'],
    rows,
  }
}

const countsTable = ({ iouThresholds, view, counts }: Analysis): NamedTable => ({
  name: 'counts.csv',
  header: ['iou', 'size', ...COUNTS],
  rows: iouThresholds.flatMap((iou, t) =>
    view.sizes.map(({ name }, size) => [iou, name, ...countCells(counts[t][size])]),
  ),
})

const classesTable = ({ scene: { categories }, classes }: Analysis): NamedTable => ({
  name: 'classes.csv',
  header: ['class_id', 'class', ...COUNTS],
  rows: classes.map(({ category, counts }) => [
    categories.ids[category],
    categories.names[category],
    ...countCells(counts),
  ]),
})

/** Class id and name are empty in the line over all classes. */
const thresholdsTable = ({ thresholds: { overall, classes } }: Analysis): NamedTable => ({
  name: 'thresholds.csv',
  header: ['class_id', 'class', 'score', 'precision', 'recall', 'f1'],
  rows: [{ id: null, name: null, ...overall }, ...classes].map(
    ({ id, name, score, precision, recall, f1 }) => [id, name, score, precision, recall, f1],
  ),
})

const imagesTable = ({ scene, index, images }: Analysis): NamedTable => ({
  name: 'images.csv',
  header: [
    'image_id',
    'file_name',
    ...COUNTS,
    'mean_iou',
    'worst_fp_record',
    'worst_fp_score',
    'worst_fn_id',
    'worst_fn_area',
  ],
  rows: images.map(({ image, meanIou, worstFp, worstFn, ...counts }) => [
    scene.images.ids[image],
    scene.images.fileNames[image],
    ...countCells(counts),
    meanIou,
    ...(worstFp < 0 ? [null, null] : [scene.dt.records[worstFp], scene.dt.scores[worstFp]]),
    ...(worstFn < 0 ? [null, null] : [scene.gt.ids[worstFn], index.gtAreas[worstFn]]),
  ]),
})

const distributionsTable = ({ distributions }: Analysis): NamedTable => ({
  name: 'distributions.csv',
  header: ['distribution', 'from', 'to', 'count'],
  rows: Object.entries(distributions).flatMap(([name, { edges, counts }]) =>
    counts.map((count, bin) => [name, edges[bin], edges[bin + 1], count]),
  ),
})

/** Every TP, FP and FN, and what was ignored or cut, at the operating point over all sizes. */
function instancesTable({ scene, index, view }: Analysis): NamedTable {
  const { categories, images } = scene
  const { matches } = matchesIn(scene, index, view, 0)
  const table = instanceTable(scene, index, view, matches, selectInstances(scene, index, view, {}))
  function* rows(): Generator<CsvCell[]> {
    for (let i = 0; i < table.count; i++) {
      const row = table.row(i)
      const ofDetection = row.kind === 'dt'
      yield [
        row.outcome,
        images.ids[row.image],
        images.fileNames[row.image],
        categories.ids[row.category],
        categories.names[row.category],
        ofDetection ? row.id : row.partnerId,
        ofDetection ? row.partnerId : row.id,
        row.score,
        row.iou,
        row.bestIou,
        ofDetection ? row.bestId : null,
        ofDetection ? null : row.bestId,
        row.area,
        row.size,
        row.reason.code,
        row.reason.text,
      ]
    }
  }
  return {
    name: 'instances.csv',
    header: [
      'outcome',
      'image_id',
      'file_name',
      'class_id',
      'class',
      'record',
      'ground_truth_id',
      'score',
      'iou',
      'best_iou',
      'best_ground_truth_id',
      'best_record',
      'area',
      'size',
      'reason',
      'reason_text',
    ],
    rows: rows(),
  }
}

/** "0.50", "0.525": the decimal that was meant, where the reference's grid has .8999999999999999. */
function thresholdWord(iou: number): string {
  const decimal = Number(iou.toFixed(12))
  return decimal === Number(decimal.toFixed(2)) ? decimal.toFixed(2) : String(decimal)
}

/** The exact curves at one IoU threshold; class id and name are empty in those over all classes. */
function curvesTable(analysis: Analysis, iou: number): NamedTable {
  const { ids, names } = analysis.scene.categories
  function* rows(): Generator<CsvCell[]> {
    for (const { size, category, curve } of analysis.curves([iou])) {
      const [id, name] = category < 0 ? [null, null] : [ids[category], names[category]]
      const f1s = f1sOf(curve)
      for (let i = 0; i < curve.scores.length; i++) {
        const recall = curve.groundTruths > 0 ? curve.recalls[i] : null
        yield [
          size,
          id,
          name,
          curve.scores[i],
          curve.tps[i],
          curve.fps[i],
          curve.precisions[i],
          recall,
          f1s[i],
        ]
      }
    }
  }
  return {
    name: `curves-${thresholdWord(iou)}.csv`,
    header: ['size', 'class_id', 'class', 'score', 'tp', 'fp', 'precision', 'recall', 'f1'],
    rows: rows(),
  }
}
