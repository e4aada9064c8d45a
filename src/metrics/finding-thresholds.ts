import { FP, TP } from '../data/analysis.js'
import { imagesWith } from './bootstrap.js'
import { type Claim, type Rate, rateOf, type Sentence, share } from './claims.js'
import { type CutInput, type Cuts, FOLDS, ScoreCuts } from './cross-validation.js'
import { CutKernel } from './cut-kernel.js'
import type { Rule, Study } from './finding-study.js'
import { keptCount } from './outcomes.js'
import { className, counted, decimal } from './words.js'

/** Columns of what a choice of thresholds keeps. */
interface Choice {
  tp: number
  fp: number
}

/**
 * Whether another score threshold, or one for each class, would raise F1. Chosen on the data that it is judged by it
 * would always look better; so each part of the images is judged by what was chosen on the others.
 */
export const thresholdRule: Rule = study => {
  const { scene, index, matches, view, whole, classes } = study
  const cuts = ScoreCuts.of(scene, index, matches)
  const { folds, pooled: one } = cuts
  const cutsOfClass: (Cuts | undefined)[] = []
  for (const { category } of classes) cutsOfClass[category] = cuts.byClass[category]
  const { byOne, byClass, changedByOne, changedByClass } = judge(study, folds, one, cutsOfClass)
  const byView: Choice = whole

  return (sums, sum) => {
    const truthCount = sum(whole.tp) + sum(whole.fn)
    const f1 = ({ tp, fp }: Choice): Rate => rateOf([tp, tp], [tp, fp, whole.tp, whole.fn])
    const claim = (code: string, from: Choice, to: Choice, changed: number, say: () => Sentence): Claim => ({
      code,
      effect: { own: f1(to), others: f1(from) },
      direction: 1,
      // as if each detection that comes or goes were the toss of a coin
      leastError: Math.sqrt(sum(changed)) / (truthCount + sum(from.tp) + sum(from.fp)),
      images: imagesWith(sums, [changed]),
      stake: sum(from.fp) - sum(from.tp) - (sum(to.fp) - sum(to.tp)),
      short: '',
      say,
    })
    const claims: Claim[] = []
    if (one.all !== view.score && Number.isFinite(one.all)) {
      claims.push(
        claim('threshold', byView, byOne, changedByOne, () => {
          const { text, filter } = evidence(study, one.all, null)
          const [from, to] = [share(f1(byView), sum), one.f1].map(value => decimal(value))
          return { text: `A score threshold of ${text}, would raise F1 from ${from} to ${to}.`, filter }
        }),
      )
    }
    if (classes.length > 1) {
      claims.push(
        claim('class-thresholds', byOne, byClass, changedByClass, () => {
          const category = mostChanged(study, cutsOfClass, one)
          const { text, filter } = evidence(study, cutsOfClass[category]?.all ?? one.all, category)
          const [from, to] = [byOne, byClass].map(choice => decimal(share(f1(choice), sum)))
          return {
            text: `A score threshold for each class would raise F1 from ${from} to ${to}: for class ${className(scene.categories, category)} ${text}.`,
            filter,
          }
        }),
      )
    }
    return claims
  }
}

/** Columns of the detections that each choice keeps where it was not chosen, and of those on which two choices differ. */
function judge(
  { scene, index, matches, view, sums, positions }: Study,
  folds: Uint8Array,
  one: Cuts,
  cutsOfClass: (Cuts | undefined)[],
) {
  const { categories, images } = scene.dt
  const { rows, scores } = index.ranking
  const cuts = new Float64Array(scene.categories.count * FOLDS)
  for (let k = 0; k < scene.categories.count; k++) cuts.set((cutsOfClass[k] ?? one).outside, k * FOLDS)
  // What lies below every threshold is kept by none of them.
  const least = cuts.reduce((low, cut) => Math.min(low, cut), Math.min(...one.outside))
  const kept = keptCount(scores, view)
  const end = Math.max(kept, keptCount(scores, { score: least, scoreStrict: false }))
  const { imageCount } = sums
  const input = { outcomes: matches.dtOutcomes, images, folds }
  const choices = {
    rows,
    scores,
    kept,
    end,
    imageCount,
    positions,
    categories,
    one: one.outside,
    ofClasses: cuts,
  }
  const counts = countChoices(input, choices)
  const column = (c: number): number => sums.addCounts(counts.subarray(c * imageCount, (c + 1) * imageCount))
  return {
    byOne: { tp: column(0), fp: column(1) },
    byClass: { tp: column(2), fp: column(3) },
    changedByOne: column(4),
    changedByClass: column(5),
  }
}

/** Thresholds that are judged, and what they are judged by. */
export interface Choices {
  /** Detections and their scores, [rank]: the view keeps the first `kept`, no choice any from `end` on. */
  rows: Int32Array
  scores: Float64Array
  kept: number
  end: number
  imageCount: number
  /** [row of Images] */
  positions: Int32Array
  /** [detection] */
  categories: Int32Array
  /** The threshold of all, [fold], and those of classes, [row of Categories, fold]. */
  one: Float64Array
  ofClasses: Float64Array
}

/**
 * True and false positives by the threshold of all and by those of classes, then what the two change: the first against
 * the view, the second against the first; [6, image]. Kernel null leaves all to the twin.
 */
export function countChoices(
  input: CutInput,
  choices: Choices,
  kernel: CutKernel | null = CutKernel.create(),
): Uint32Array {
  const counted = kernel?.open(input) ? kernel.judge(choices) : null
  kernel?.close()
  return counted ?? countPlainly(input, choices)
}

function countPlainly({ outcomes, images, folds }: CutInput, choices: Choices): Uint32Array {
  const { rows, scores, kept, end, imageCount, positions, categories, one, ofClasses } = choices
  const counts = new Uint32Array(6 * imageCount)
  for (let i = 0; i < end; i++) {
    const d = rows[i]
    const outcome = outcomes[d]
    if (outcome !== TP && outcome !== FP) continue
    const fold = folds[images[d]]
    const image = positions[images[d]]
    const score = scores[i]
    const isOne = score >= one[fold]
    const isOwn = score >= ofClasses[categories[d] * FOLDS + fold]
    const at = (outcome === TP ? 0 : imageCount) + image
    if (isOne) counts[at]++
    if (isOwn) counts[at + 2 * imageCount]++
    if (isOne !== i < kept) counts[image + 4 * imageCount]++
    if (isOne !== isOwn) counts[image + 5 * imageCount]++
  }
  return counts
}

/** What a threshold `cut` changes against that of the view, in words, and where to see it. */
function evidence({ scene, view, rows, matches }: Study, cut: number, category: number | null): Sentence {
  const scope = category === null ? {} : { category }
  const isOwn = (one: number): boolean => category === null || one === category
  const numbers = `${decimal(cut, view.score)} instead of ${decimal(view.score, cut)}`
  if (cut > view.score) {
    const out = rows.fp.rows.filter(d => scene.dt.scores[d] < cut && isOwn(scene.dt.categories[d])).length
    return {
      text: `${numbers}, which leaves out ${counted(out, 'false positive', 'false positives')}`,
      filter: { outcomes: ['FP'], ...scope, score: [view.score, cut] },
    }
  }
  const below = rows.fn.rows.filter(g => matches.gtOutcomes[g] === TP && isOwn(scene.gt.categories[g])).length
  return {
    text: `${numbers}, below which ${counted(below, 'miss has its detection', 'misses have their detection')}`,
    filter: { outcomes: ['FN'], ...scope, reasons: ['missed-score'] },
  }
}

/** The class whose own threshold spares the most errors on all images; it differs from that of the view. */
function mostChanged(study: Study, cutsOfClass: (Cuts | undefined)[], one: Cuts): number {
  const { scene, index, matches, view, classes } = study
  const { rowsByCategory, offsets } = index.ranking
  let most = Number.NEGATIVE_INFINITY
  let found = classes[0].category
  for (const { category } of classes) {
    const cut = cutsOfClass[category]?.all ?? one.all
    let spared = 0
    for (let i = offsets[category]; i < offsets[category + 1]; i++) {
      const d = rowsByCategory[i]
      const outcome = matches.dtOutcomes[d]
      const score = scene.dt.scores[d]
      if (score >= cut === score >= one.all || (outcome !== TP && outcome !== FP)) continue
      spared += (outcome === TP) === score >= cut ? 1 : -1
    }
    if (spared <= most || cut === view.score || !Number.isFinite(cut)) continue
    most = spared
    found = category
  }
  return found
}
