import { CUT, FN, IGNORED, type Reason, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene, ScenePairs } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { isKept } from './outcomes.js'
import type { Explain, Explanation } from './select.js'

/** Below this similarity shapes have nothing to do with each other (TIDE's background threshold). */
export const BACKGROUND = 0.1

/** Where an instance is looked at. */
export interface Circumstances {
  scene: Scene
  index: SceneIndex
  /** Its IoU is that of `matches`. */
  view: View
  /** Those of the size range, see `matchesIn`. */
  matches: SceneMatches
}

/**
 * Why an instance has its outcome: a code, and the numbers and the other instances that its words name. -1 for no
 * instance; a similarity of 0 without one.
 */
export interface Fate {
  code: Reason['code']
  /** The ground truth in question (of a detection), or the detection (of a ground truth). */
  partner: number
  similarity: number
  /** Who else is involved: the detection that had taken the ground truth, the ground truth that was taken instead. */
  rival: number
}

const fate = (code: Reason['code'], partner = -1, similarity = 0, rival = -1): Fate => ({
  code,
  partner,
  similarity,
  rival,
})

/** Pairs by ground truth: those of ground truth g are `offsets[g] .. offsets[g + 1]`. */
interface Suitors {
  offsets: Uint32Array
  dts: Int32Array
  similarities: Float64Array
  /** 1 where they come by descending similarity; elsewhere by the row of the detection. [ground truth] */
  sorted: Uint8Array
}

/** Pairs by ground truth, found once a scene: of all, or of those that `findSuitors` was asked for. */
const suitorsOfPairs = new WeakMap<ScenePairs, { suitors: Suitors; chosen: Uint8Array | null }>()

/** Those of ground truth g come by descending similarity, equal ones by the row of the detection. */
function suitorsOf({ gt, pairs }: Scene, g: number): Suitors {
  let known = suitorsOfPairs.get(pairs)
  if (!known || known.chosen?.[g] === 0) {
    known = { suitors: transpose(pairs, gt.count), chosen: null }
    suitorsOfPairs.set(pairs, known)
  }
  if (known.suitors.sorted[g] === 0) sortSuitors(known.suitors, g)
  return known.suitors
}

/**
 * Finds the pairs of those `gts` that no detection took, where those of all have not been found: a few ground truths are
 * found sooner. Whoever asks for another has all found.
 */
export function findSuitors({ gt, pairs }: Scene, { gtOutcomes }: SceneMatches, gts: Int32Array): void {
  if (suitorsOfPairs.has(pairs)) return
  const chosen = new Uint8Array(gt.count)
  for (let i = 0; i < gts.length; i++) if (gtOutcomes[gts[i]] === FN) chosen[gts[i]] = 1
  suitorsOfPairs.set(pairs, { suitors: transposeSome(pairs, chosen), chosen })
}

function transposeSome(pairs: ScenePairs, chosen: Uint8Array): Suitors {
  const found: number[] = []
  const offsets = new Uint32Array(chosen.length + 1)
  for (let pair = 0; pair < pairs.gts.length; pair++) {
    const g = pairs.gts[pair]
    if (chosen[g] === 0) continue
    found.push(pair)
    offsets[g + 1]++
  }
  for (let g = 0; g < chosen.length; g++) offsets[g + 1] += offsets[g]
  const ends = offsets.slice()
  const dts = new Int32Array(found.length)
  const similarities = new Float64Array(found.length)
  let d = 0
  for (const pair of found) {
    while (pairs.offsets[d + 1] <= pair) d++
    const to = ends[pairs.gts[pair]]++
    similarities[to] = pairs.similarities[pair]
    dts[to] = d
  }
  return { offsets, dts, similarities, sorted: new Uint8Array(chosen.length) }
}

function transpose(pairs: ScenePairs, gtCount: number): Suitors {
  const total = pairs.gts.length
  const offsets = new Uint32Array(gtCount + 1)
  for (let pair = 0; pair < total; pair++) offsets[pairs.gts[pair] + 1]++
  for (let g = 0; g < gtCount; g++) offsets[g + 1] += offsets[g]
  const ends = offsets.slice()
  const dts = new Int32Array(total)
  const similarities = new Float64Array(total)
  for (let d = 0; d + 1 < pairs.offsets.length; d++) {
    for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
      const to = ends[pairs.gts[pair]]++
      similarities[to] = pairs.similarities[pair]
      dts[to] = d
    }
  }
  return { offsets, dts, similarities, sorted: new Uint8Array(gtCount) }
}

function sortSuitors({ offsets, dts, similarities, sorted }: Suitors, g: number): void {
  const first = offsets[g]
  for (let i = first + 1; i < offsets[g + 1]; i++) {
    const similarity = similarities[i]
    const d = dts[i]
    let to = i
    for (; to > first && similarities[to - 1] < similarity; to--) {
      similarities[to] = similarities[to - 1]
      dts[to] = dts[to - 1]
    }
    similarities[to] = similarity
    dts[to] = d
  }
  sorted[g] = 1
}

/** The least similarity that reaches the threshold, with the slack that both protocols leave to box arithmetic. */
export const leastOn = ({ iou }: View): number => Math.min(iou, 1 - 1e-10) - 1e-12

const reaches = (similarity: number, view: View): boolean => similarity >= leastOn(view)

/** The reference stores matches as ids and takes 0 for none. */
const isForgotten = ({ scene, index, matches }: Circumstances, g: number): boolean =>
  index.protocol === 'coco' && scene.gt.ids[g] === 0 && matches.dtOfGt[g] >= 0 && matches.gtOutcomes[g] === FN

/**
 * The fate of a detection. A false positive has the kind that TIDE gives it, with the IoU threshold as foreground
 * and intervals closed below and open above.
 */
export function fateOfDetection(at: Circumstances, d: number): Fate {
  const { scene, index, matches } = at
  const outcome = matches.dtOutcomes[d]
  if (outcome === CUT) return fate('beyond-cap')
  const g = matches.gtOfDt[d]
  if (g < 0) return outcome === IGNORED ? fate('outside-size') : fateOfFalsePositive(at, d)
  const similarity = similarityOf(scene, d, g)
  if (outcome === TP) return fate('matched', g, similarity)
  if (isForgotten(at, g)) return fate('id-zero', g, similarity)
  if (scene.gt.crowds[g] === 1) return fate('matched-crowd', g, similarity)
  return fate(index.gtIgnores[g] === 1 ? 'matched-ignored' : 'outside-size', g, similarity)
}

/** The most similar regular ground truths of a detection, as rows of its pairs: of its class, and of others; -1 for none. */
interface NearPairs {
  same: number
  other: number
}

function findNear({ scene, index }: Circumstances, d: number, near: NearPairs): void {
  const { offsets, gts } = scene.pairs
  const { categories } = scene.gt
  const category = scene.dt.categories[d]
  near.same = -1
  near.other = -1
  for (let pair = offsets[d]; pair < offsets[d + 1] && (near.same < 0 || near.other < 0); pair++) {
    const g = gts[pair]
    if (index.gtIgnores[g] === 1) continue
    if (index.classAgnostic || categories[g] === category) {
      if (near.same < 0) near.same = pair
    } else if (near.other < 0) near.other = pair
  }
}

/** The code of `fateOfDetection` for a false positive without a partner; `near` is left with its pairs. */
export function kindOfFalsePositive(at: Circumstances, d: number, near: NearPairs): Reason['code'] {
  const { scene, view, matches } = at
  const { gts, similarities } = scene.pairs
  findNear(at, d, near)
  const own = near.same < 0 ? 0 : similarities[near.same]
  const foreign = near.other < 0 ? 0 : similarities[near.other]
  const isTaken = reaches(own, view) && matches.dtOfGt[gts[near.same]] >= 0
  if (own >= BACKGROUND && !isTaken) return 'localisation'
  if (reaches(foreign, view)) return 'class-confusion'
  if (isTaken) return 'duplicate'
  return foreign > BACKGROUND ? 'confused-and-loose' : 'background'
}

function fateOfFalsePositive(at: Circumstances, d: number): Fate {
  const { gts, similarities } = at.scene.pairs
  const near = { same: -1, other: -1 }
  const code = kindOfFalsePositive(at, d, near)
  const own = near.same < 0 ? 0 : similarities[near.same]
  const foreign = near.other < 0 ? 0 : similarities[near.other]
  const isOwn = code === 'background' ? own >= foreign : code === 'localisation' || code === 'duplicate'
  if (!isOwn) return fate(code, gts[near.other], foreign)
  if (near.same < 0) return fate(code)
  return fate(code, gts[near.same], own, code === 'duplicate' ? at.matches.dtOfGt[gts[near.same]] : -1)
}

/** The fate of a ground truth at the operating point. */
export function fateOfGroundTruth(at: Circumstances, g: number): Fate {
  const { scene, view, matches } = at
  const outcome = matches.gtOutcomes[g]
  if (outcome === IGNORED) {
    return fate(at.index.gtIgnores[g] === 1 ? 'ignored-ground-truth' : 'outside-size')
  }
  if (outcome === TP) {
    const d = matches.dtOfGt[g]
    const code = isKept(view, scene.dt.scores[d]) ? 'matched' : 'missed-score'
    return fate(code, d, similarityOf(scene, d, g))
  }
  return isForgotten(at, g)
    ? fate('id-zero', matches.dtOfGt[g], similarityOf(scene, matches.dtOfGt[g], g))
    : fateOfMissed(at, g)
}

/** A ground truth that no detection took, whatever the score threshold: what lies on it or near it. */
function fateOfMissed(at: Circumstances, g: number): Fate {
  const { gtOfDt, dtOutcomes } = at.matches
  const { dts, similarities } = suitorsOf(at.scene, g)
  const found = suitorsIn(at, g)
  const told = (code: Reason['code'], pair: number, rival?: number): Fate =>
    fate(code, dts[pair], similarities[pair], rival)
  const taken = found.keptOnIt >= 0 ? found.keptOnIt : found.onIt
  if (taken >= 0) {
    const code = dtOutcomes[dts[taken]] === CUT ? 'beyond-cap' : 'missed-taken'
    return told(code, taken, gtOfDt[dts[taken]])
  }
  if (found.otherOnIt >= 0) return told('missed-other-class', found.otherOnIt)
  for (const loose of [found.keptNear, found.otherNear, found.near])
    if (loose >= 0) return told('missed-low-iou', loose)
  return found.any < 0 ? fate('missed-nothing-near') : told('missed-nothing-near', found.any)
}

/** Pairs of the most similar detections of some kinds, -1 for none. */
interface FoundSuitors {
  /** Of the class, at the IoU threshold or above: that counts and is above the score threshold; any. */
  keptOnIt: number
  onIt: number
  /** Above the score threshold, of any class. */
  otherOnIt: number
  /** The same above the background. */
  keptNear: number
  near: number
  otherNear: number
  /** Above the score threshold, however little it overlaps. */
  any: number
}

function suitorsIn({ scene, index, view, matches }: Circumstances, g: number): FoundSuitors {
  const { offsets, dts, similarities } = suitorsOf(scene, g)
  const { scores, categories } = scene.dt
  const category = scene.gt.categories[g]
  const found = { keptOnIt: -1, onIt: -1, otherOnIt: -1, keptNear: -1, near: -1, otherNear: -1, any: -1 }
  for (let pair = offsets[g]; pair < offsets[g + 1]; pair++) {
    const d = dts[pair]
    const on = reaches(similarities[pair], view)
    const near = similarities[pair] >= BACKGROUND
    const same = index.classAgnostic || categories[d] === category
    const kept = isKept(view, scores[d])
    if (kept && found.any < 0) found.any = pair
    if (near && kept && found.otherNear < 0) found.otherNear = pair
    if (near && same && found.near < 0) found.near = pair
    if (near && same && kept && found.keptNear < 0) found.keptNear = pair
    if (on && kept && found.otherOnIt < 0) found.otherOnIt = pair
    if (on && same && found.onIt < 0) found.onIt = pair
    if (on && same && kept && matches.dtOutcomes[d] !== CUT && found.keptOnIt < 0) found.keptOnIt = pair
  }
  return found
}

const CONFUSIONS: ReadonlySet<string> = new Set([
  'class-confusion',
  'confused-and-loose',
  'missed-other-class',
])

/** Explanations of detections found so far, which no score threshold changes, by number; 0 for none yet. [detection] */
const detectionsOf = new WeakMap<SceneMatches, { explanations: Explanations; numbers: Uint32Array }>()

/**
 * What `selectInstances` asks for filters by reason and confusion. `view.iou` is the IoU threshold of the matches that
 * it will ask about.
 */
export function explainerOf(scene: Scene, index: SceneIndex, view: View): Explain {
  const { dt, gt } = scene
  const ofGts = new Explanations()
  const belowScore = ofGts.at(ofGts.numberOf('missed-score', -1))
  return (matches, kind, row) => {
    const at = { scene, index, view, matches }
    if (kind === 'gt') {
      // Most of those that are missed: told without looking at what lies on them.
      if (matches.gtOutcomes[row] === TP && !isKept(view, dt.scores[matches.dtOfGt[row]])) return belowScore
      const { code, partner } = fateOfGroundTruth(at, row)
      return ofGts.at(ofGts.numberOf(code, CONFUSIONS.has(code) ? dt.categories[partner] : -1))
    }
    let known = detectionsOf.get(matches)
    if (!known) {
      known = { explanations: new Explanations(), numbers: new Uint32Array(dt.count) }
      detectionsOf.set(matches, known)
    }
    const { explanations, numbers } = known
    if (numbers[row] === 0) {
      const { code, partner } = fateOfDetection(at, row)
      numbers[row] = explanations.numberOf(code, CONFUSIONS.has(code) ? gt.categories[partner] : -1)
    }
    return explanations.at(numbers[row])
  }
}

/** One object for all instances of the same explanation, and its number from 1. */
class Explanations {
  readonly #all: Explanation[] = []
  readonly #numbers = new Map<Explanation['code'], Map<number, number>>()

  numberOf(code: Explanation['code'], confusedWith: number): number {
    let ofCode = this.#numbers.get(code)
    if (!ofCode) {
      ofCode = new Map()
      this.#numbers.set(code, ofCode)
    }
    const known = ofCode.get(confusedWith)
    if (known !== undefined) return known
    const number = this.#all.push({ code, confusedWith })
    ofCode.set(confusedWith, number)
    return number
  }

  at(number: number): Explanation {
    return this.#all[number - 1]
  }
}
