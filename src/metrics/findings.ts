import type { Finding, View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { type BootstrapOptions, totals } from './bootstrap.js'
import type { Claim, Sum } from './claims.js'
import { classRule, limitRule, sizeRule } from './finding-groups.js'
import { kindRule, looseRule } from './finding-kinds.js'
import { absentClassRule, capRule, confidenceRule } from './finding-scores.js'
import { type Rule, studySteps } from './finding-study.js'
import { thresholdRule } from './finding-thresholds.js'
import { findingsFrom } from './proof.js'

const RULES: Rule[] = [
  limitRule,
  sizeRule,
  classRule,
  kindRule,
  looseRule,
  confidenceRule,
  thresholdRule,
  absentClassRule,
  capRule,
]

/**
 * What limits a model at the operating point of `view`, in up to six sentences, that with most at stake first; none
 * where nothing is certain. docs/findings.md states each rule and when it speaks.
 */
export function findingsOf(
  scene: Scene,
  index: SceneIndex,
  view: View,
  options: BootstrapOptions = {},
): Finding[] {
  return finish(findingSteps(scene, index, view, options))
}

/** `findingsOf` in steps of some 10 ms for 200,000 detections, for a page that must not stand still. */
export function* findingSteps(
  scene: Scene,
  index: SceneIndex,
  view: View,
  options: BootstrapOptions = {},
): Steps<Finding[]> {
  const study = yield* studySteps(scene, index, view)
  const rules: ReturnType<Rule>[] = []
  for (const rule of RULES) {
    rules.push(rule(study))
    yield
  }
  const sums = study.sums.finish()
  const whole = totals(sums)
  const sum: Sum = column => whole[column]
  const made: Claim[] = []
  for (const rule of rules) {
    made.push(...rule(sums, sum))
    yield
  }
  return yield* findingsFrom(made, sums, sum, sum(study.whole.fp) + sum(study.whole.fn), options)
}
