/** What a page's content is made of. */

import type { Finding, Protocol, View } from '../data/analysis.js'
import type { Evaluation } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { averagesBy } from '../metrics/coco-columns.js'
import { findingsOf } from '../metrics/findings.js'
import { defaultScore } from '../metrics/operating-point.js'
import { type SizeSets, sizeSetsOf } from '../metrics/size-sets.js'
import { summarize } from '../summary.js'
import type { CocoTables } from './page-content.js'

export function cocoTables(evaluation: Evaluation): CocoTables {
  const { coco, config } = evaluation
  const { metrics, perClass } = summarize(evaluation)
  const averages = averagesBy(coco, config)
  const areas = (t?: number) => config.areas.map(({ name }, a) => ({ name, ...averages(a, { t }) }))
  return {
    overall: metrics,
    areas: areas(),
    thresholds: config.iouThresholds.map((iou, t) => ({ iou, areas: areas(t) })),
    classes: perClass.map((metrics, k) => ({
      ...metrics,
      bySize: config.areas.map((_, a) => averages(a, { k })),
    })),
  }
}

/** The view in which a page opens, by either protocol: what the command asked for, else the defaults. */
export function firstView(scene: Scene, index: SceneIndex, sets: SizeSets, asked: Partial<View>): View {
  const sizes = sets[sets.first] ?? sets.coco
  return {
    protocol: index.protocol,
    iou: asked.iou ?? 0.5,
    score: asked.score ?? defaultScore(scene, index, { sizes }) ?? Number.NEGATIVE_INFINITY,
    scoreStrict: asked.score !== undefined && (asked.scoreStrict ?? false),
    sizes,
    classAgnostic: index.classAgnostic,
  }
}

/** Findings by the protocol with which the page opens, in the view in which it does. */
export function firstFindings(
  scene: Scene,
  indices: Record<Protocol, SceneIndex>,
  asked: Partial<View>,
): Partial<Record<Protocol, Finding[]>> {
  const { protocol = 'coco' } = asked
  const index = indices[protocol]
  return { [protocol]: findingsOf(scene, index, firstView(scene, index, sizeSetsOf(scene), asked)) }
}
