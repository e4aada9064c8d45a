import type { Reason, SceneMatches, View } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { BACKGROUND, type Circumstances, type Fate, fateOfDetection, fateOfGroundTruth } from './fates.js'
import { isKept } from './outcomes.js'
import { className, decimal, indefinite, pixels } from './words.js'

/**
 * Why a detection ('dt') or ground truth ('gt') has its outcome at the operating point of `view`, in words. `matches`
 * are those of the size range `range` (default: the whole) at `view.iou`, by the protocol of `index`; caps and ignored
 * sizes are named in protocol `coco` only, as only there they exist. Ground truths go by the id of their file.
 */
export function reasonOf(
  scene: Scene,
  index: SceneIndex,
  view: View,
  matches: SceneMatches,
  kind: 'dt' | 'gt',
  row: number,
  range: AreaRange = view.sizes[0],
): Reason {
  const at: At = { scene, index, view, matches, range }
  const fate = kind === 'dt' ? fateOfDetection(at, row) : fateOfGroundTruth(at, row)
  const text = kind === 'dt' ? explainDetection(at, row, fate) : explainGroundTruth(at, row, fate)
  return { code: fate.code, text }
}

interface At extends Circumstances {
  range: AreaRange
}

const groundTruth = ({ gt }: Scene, row: number): string => `ground truth ${gt.ids[row]}`

const iou = ({ view }: At, similarity: number): string => decimal(similarity, view.iou)

const score = ({ scene, view }: At, d: number): string => `score ${decimal(scene.dt.scores[d], view.score)}`

const outside = ({ range }: At, area: number): string => `${pixels(area)} lies outside ${range.name}`

const cap = ({ scene, index }: At): string => {
  const { maxDets } = scene.config
  return `beyond ${maxDets[maxDets.length - 1]} detections of this ${index.classAgnostic ? 'image' : 'class'}`
}

function explainDetection(at: At, d: number, { code, partner, similarity, rival }: Fate): string {
  const { scene, index } = at
  const { gt, categories } = scene
  const other = (): string =>
    `${indefinite(className(categories, gt.categories[partner]))} (${groundTruth(scene, partner)})`
  const value = iou(at, similarity)
  switch (code) {
    case 'matched':
      return `IoU ${value} with ${groundTruth(scene, partner)}`
    case 'matched-crowd':
      return `matched a crowd region: ${value} of it lies in ${groundTruth(scene, partner)}`
    case 'matched-ignored':
      return `IoU ${value} with ${groundTruth(scene, partner)}, which its file says to ignore`
    case 'outside-size':
      return partner < 0
        ? `area ${outside(at, index.dtAreas[d])}`
        : `IoU ${value} with ${groundTruth(scene, partner)}, whose area ${outside(at, index.gtAreas[partner])}`
    case 'beyond-cap':
      return cap(at)
    case 'id-zero':
      return `IoU ${value} with ground truth 0, whose id the reference takes for "unmatched"`
    case 'duplicate':
      return `IoU ${value} with ${groundTruth(scene, partner)}, which a detection of ${score(at, rival)} had taken`
    case 'class-confusion':
      return `IoU ${value} with ${other()}`
    case 'confused-and-loose':
      return `best IoU ${value} with ${other()}`
    case 'localisation':
      return `best IoU ${value} with ${groundTruth(scene, partner)}`
    default:
      return (
        ignoredUnder(at, d, similarity) ??
        (partner < 0 ? 'overlaps nothing' : `overlaps nothing: best IoU ${value}`)
      )
  }
}

/** What a detection on the background overlaps more than that counts for nothing; null where there is none such. */
function ignoredUnder(at: At, d: number, most: number): string | null {
  const { scene, index } = at
  const { gt, dt, categories, pairs } = scene
  for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
    const g = pairs.gts[pair]
    if (pairs.similarities[pair] < BACKGROUND || pairs.similarities[pair] <= most) return null
    if (index.gtIgnores[g] === 0) continue
    const value = iou(at, pairs.similarities[pair])
    const isOther = !index.classAgnostic && gt.categories[g] !== dt.categories[d]
    const other = isOther ? ` of another class (${className(categories, gt.categories[g])})` : ''
    return gt.crowds[g] === 1
      ? `overlaps nothing that counts: ${value} of it lies in ${groundTruth(scene, g)}, a crowd region${other}`
      : `overlaps nothing that counts: IoU ${value} with ${groundTruth(scene, g)}${other}, which its file says to ignore`
  }
  return null
}

function explainGroundTruth(at: At, g: number, { code, partner, similarity, rival }: Fate): string {
  const { scene, index, view } = at
  const { gt, dt, categories } = scene
  const value = iou(at, similarity)
  const threshold = (): string => `the score threshold ${decimal(view.score, dt.scores[partner])}`
  const below = (): string => (isKept(view, dt.scores[partner]) ? '' : `, below ${threshold()}`)
  const named = (): string =>
    index.classAgnostic || dt.categories[partner] === gt.categories[g]
      ? 'a detection'
      : indefinite(className(categories, dt.categories[partner]))
  switch (code) {
    case 'matched':
      return `IoU ${value} with a detection of ${score(at, partner)}`
    case 'ignored-ground-truth':
      return gt.crowds[g] === 1 ? 'a crowd region' : 'its file says to ignore it'
    case 'outside-size':
      return `area ${outside(at, index.gtAreas[g])}`
    case 'id-zero':
      return `IoU ${value} with a detection of ${score(at, partner)}, but the reference takes its id 0 for "unmatched"`
    case 'beyond-cap':
      return `its detection of ${score(at, partner)} (IoU ${value}) lies ${cap(at)}`
    case 'missed-score':
      return `its detection of ${score(at, partner)} (IoU ${value}) lies ${view.scoreStrict && dt.scores[partner] === view.score ? 'not above' : 'below'} ${threshold()}`
    case 'missed-taken':
      return `its detection of ${score(at, partner)} (IoU ${value}) took ${groundTruth(scene, rival)}`
    case 'missed-other-class':
      return `${named()} of ${score(at, partner)} lies on it with IoU ${value}`
    case 'missed-low-iou':
      return `best IoU ${value}, with ${named()} of ${score(at, partner)}${below()}`
    default:
      return partner < 0 ? 'nothing overlaps it' : `nothing near: best IoU ${value}`
  }
}
