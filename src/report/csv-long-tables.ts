import type { Analysis } from '../analyse.js'
import { instanceTable } from '../metrics/instances.js'
import { matchesIn } from '../metrics/outcomes.js'
import { f1sOf } from '../metrics/pr-curves.js'
import { selectInstances } from '../metrics/select.js'
import type { CsvCell, NamedTable } from './csv.js'

/** Every TP, FP and FN, and what was ignored or cut, at the operating point over all sizes. */
export function instancesTable({ scene, index, view }: Analysis): NamedTable {
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

/** Columns of the exact curves. */
export const CURVE_HEADER = ['size', 'class_id', 'class', 'score', 'tp', 'fp', 'precision', 'recall', 'f1']

/** The exact curves at one IoU threshold; class id and name are empty in those over all classes. */
export function curvesTable(analysis: Analysis, iou: number): NamedTable {
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
    header: CURVE_HEADER,
    rows: rows(),
  }
}
