import type { Analysis } from '../analyse.js'
import type { Counts, Finding, ImageCounts, InstanceFilter, Protocol } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { CocoTables } from '../metrics/coco-tables.js'
import type { CorrectedMetrics } from '../metrics/corrected.js'
import type { StrictVersusCorrected } from '../metrics/corrections.js'
import { type SampledCurve, sampleCurve } from '../metrics/curve-table.js'
import type { Distributions, ScoreDistributions } from '../metrics/distributions.js'
import type { Thresholds } from '../metrics/operating-point.js'
import { RECALL_GRID } from '../metrics/pr-curves.js'
import type { SizeRow } from '../metrics/size-table.js'

/** The sections of a report as JSON. Classes and images go by the ids of their file; null stands for "all classes". */
export interface AnalysisJson {
  protocol: Protocol
  classAgnostic: boolean
  /** Of all sections without an IoU threshold of their own. */
  iou: number
  operatingPoint: {
    score: number
    /** Whether detections of just this score are left out. */
    strict: boolean
    from: Analysis['scoreFrom']
    /** Detections that the score threshold leaves out. */
    below: number
  } & Counts
  /** `hi` null: no upper end. */
  sizes: SizeRow[]
  metrics: { coco: CocoTables; corrected: CorrectedMetrics }
  compared: StrictVersusCorrected
  counts: { iou: number; sizes: ({ size: string } & Counts)[] }[]
  classes: ({ id: number; name: string } & Counts)[]
  curves: { recallThresholds: number[]; curves: CurveJson[] }
  thresholds: Thresholds
  images: ImageJson[]
  distributions: Distributions & ScoreDistributions
  findings: FindingJson[]
}

export interface CurveJson extends Omit<SampledCurve, 'category'> {
  classId: number | null
}

export interface ImageJson extends Omit<ImageCounts, 'image' | 'worstFp' | 'worstFn'> {
  id: number
  fileName: string
  /** The false positive of the highest score: its position in the file of detections. */
  worstFp: { record: number; score: number } | null
  /** The largest missed ground truth. */
  worstFn: { id: number; area: number } | null
}

/** Which instances prove it: as the page's filter, with ids of the files. */
export interface FindingJson extends Omit<Finding, 'filter'> {
  filter: Omit<InstanceFilter, 'category' | 'image' | 'confusedWith'> & {
    classId?: number
    imageId?: number
    confusedWithClassId?: number
  }
}

export function analysisJson(analysis: Analysis): AnalysisJson {
  const { scene, view, coco, corrected, sizes, thresholds, distributions, iouThresholds, counts } = analysis
  const { categories } = scene
  return {
    protocol: view.protocol,
    classAgnostic: view.classAgnostic,
    iou: view.iou,
    operatingPoint: {
      score: view.score,
      strict: view.scoreStrict,
      from: analysis.scoreFrom,
      below: analysis.belowScore,
      ...analysis.operatingCounts[0],
    },
    sizes,
    metrics: { coco, corrected },
    compared: analysis.compared,
    counts: iouThresholds.map((iou, t) => ({
      iou,
      sizes: view.sizes.map(({ name }, size) => ({ size: name, ...counts[t][size] })),
    })),
    classes: analysis.classes.map(({ category, counts }) => ({
      id: categories.ids[category],
      name: categories.names[category],
      ...counts,
    })),
    curves: { recallThresholds: RECALL_GRID, curves: Array.from(analysis.curves(), curveJson(analysis)) },
    thresholds,
    images: analysis.images.map(imageJson(analysis)),
    distributions,
    findings: analysis.findings[view.protocol].map(findingJson(scene)),
  }
}

const curveJson =
  ({ scene }: Analysis) =>
  (curve: Parameters<typeof sampleCurve>[0]): CurveJson => {
    const { category, ...rest } = sampleCurve(curve)
    return { classId: category < 0 ? null : scene.categories.ids[category], ...rest }
  }

const imageJson =
  ({ scene, index }: Analysis) =>
  ({ image, worstFp, worstFn, ...counts }: ImageCounts): ImageJson => ({
    id: scene.images.ids[image],
    fileName: scene.images.fileNames[image],
    ...counts,
    worstFp: worstFp < 0 ? null : { record: scene.dt.records[worstFp], score: scene.dt.scores[worstFp] },
    worstFn: worstFn < 0 ? null : { id: scene.gt.ids[worstFn], area: index.gtAreas[worstFn] },
  })

export const findingJson =
  ({ categories, images }: Pick<Scene, 'categories' | 'images'>) =>
  ({ filter: { category, image, confusedWith, ...filter }, ...finding }: Finding): FindingJson => ({
    ...finding,
    filter: {
      ...filter,
      ...(category === undefined ? {} : { classId: categories.ids[category] }),
      ...(image === undefined ? {} : { imageId: images.ids[image] }),
      ...(confusedWith === undefined ? {} : { confusedWithClassId: categories.ids[confusedWith] }),
    },
  })
