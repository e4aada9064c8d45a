import type { Analysis } from '../analyse.js'
import type { Counts } from '../data/analysis.js'
import type { AveragePrecisions } from '../metrics/corrected.js'
import type { CsvCell, NamedTable } from './csv.js'
import { curvesTable, instancesTable } from './csv-long-tables.js'

/** Every table of an analysis. Rows are computed when they are asked for: exact curves and instances are many. */
export function* csvTables(analysis: Analysis): Generator<NamedTable> {
  yield sizesTable(analysis)
  yield metricsTable(analysis)
  yield comparisonTable(analysis)
  yield correctionsTable(analysis)
  yield findingsTable(analysis)
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
    size.perIou.forEach((values, t) => {
      addWays('mAP', size.name, corrected.iouThresholds[t], values)
    })
  }
  for (const { id, name, bySize } of corrected.perClass) {
    bySize.forEach(({ mAP, mAR, perIou }, a) => {
      addWays('AP', corrected.sizes[a].name, null, mAP, [id, name])
      perIou?.forEach((values, t) => {
        addWays('AP', corrected.sizes[a].name, corrected.iouThresholds[t], values, [id, name])
      })
      rows.push(['corrected', 'AR', corrected.sizes[a].name, null, id, name, mAR])
    })
  }
  return {
    name: 'metrics.csv',
    header: ['protocol', 'metric', 'size', 'iou', 'class_id', 'class', 'value'],
    rows,
  }
}

const comparisonTable = ({ compared: { rows } }: Analysis): NamedTable => ({
  name: 'comparison.csv',
  header: ['metric', 'coco', 'corrected_area', 'corrected_steps'],
  rows: rows.map(({ metric, coco, corrected, correctedStep }) => [metric, coco, corrected, correctedStep]),
})

/** What each correction makes of protocol `coco` on its own. */
const correctionsTable = ({ compared: { rows, alone } }: Analysis): NamedTable => ({
  name: 'corrections.csv',
  header: ['correction', 'description', 'metric', 'coco', 'value', 'change'],
  rows: alone.flatMap(({ id, name, values, changes }) =>
    rows.map(({ metric, coco }, i) => [id, name, metric, coco, values[i], changes[i]]),
  ),
})

const findingsTable = ({ findings, view }: Analysis): NamedTable => ({
  name: 'findings.csv',
  header: ['code', 'text', 'effect', 'interval_from', 'interval_to'],
  rows: findings[view.protocol].map(({ code, text, effect, interval }) => [code, text, effect, ...interval]),
})

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
