import type { Reason, View } from '../data/analysis.js'
import { type Claim, imagesOf, rateOf, share, varianceOf, without } from './claims.js'
import type { Kind, Rule } from './finding-study.js'
import { percentileOf } from './sizes.js'
import { className, count, decimal } from './words.js'

/** What the most frequent false positives are, and what the most frequent misses have. */
const KIND_WORDS: Partial<Record<Reason['code'], (view: View) => string>> = {
  duplicate: () => 'duplicates: another detection had taken the object',
  localisation: ({ iou }) => `badly placed: IoU .10 to ${decimal(iou)} with an object of their class`,
  'class-confusion': () => 'of a wrong class: an object of another class lies there',
  'confused-and-loose': () => 'badly placed and of a wrong class: near an object of another class',
  background: () => 'on the background: nothing is annotated there',
  'missed-nothing-near': () => 'no detection near',
  'missed-low-iou': ({ iou }) => `no detection that fits: the best IoU lies below ${decimal(iou)}`,
  'missed-other-class': () => 'a detection of another class on them',
  'missed-taken': () => 'a detection that took another object',
  'missed-score': ({ score }) => `their detection below the score threshold ${decimal(score)}`,
  'beyond-cap': () => 'their detection beyond the cap',
}

/** The most frequent kind of false positive, and of miss, against the second. */
export const kindRule: Rule = study => (sums, sum) => {
  const { whole, fpKinds, fnKinds } = study
  const claim = (code: string, kinds: Kind[], all: number, say: (first: Kind) => Claim['say']): Claim[] => {
    const [first, second] = kinds
    if (!first || !(first.code in KIND_WORDS)) return []
    const [own, next] = [first, second].map(kind => rateOf(kind ? [kind.column] : [], [all]))
    return [
      {
        code,
        effect: { own, others: next },
        direction: 1,
        leastError: Math.sqrt(varianceOf(own, sum) + varianceOf(next, sum)),
        images: imagesOf(sums, own),
        stake: first.count - (second?.count ?? 0),
        short: '',
        say: say(first),
      },
    ]
  }
  return [
    ...claim('false-positive-kind', fpKinds, whole.fp, ({ code, count: n }) => () => ({
      text: `The most frequent false positives, ${count(n)} of ${count(sum(whole.fp))}, are ${KIND_WORDS[code]?.(study.view)}.`,
      filter: { outcomes: ['FP'], reasons: [code] },
    })),
    ...claim('miss-kind', fnKinds, whole.fn, ({ code, count: n }) => () => ({
      text: `The most frequent misses, ${count(n)} of ${count(sum(whole.fn))}, have ${KIND_WORDS[code]?.(study.view)}.`,
      filter: { outcomes: ['FN'], reasons: [code] },
    })),
  ]
}

/** How closely the true positives of a class fit, against those of the other classes (Mood's median test). */
export const looseRule: Rule = study => {
  const { scene, classes, rows, overlaps, medianOverlap, loose, looseOfClasses, whole, view } = study
  const { categories } = scene.dt
  const tps = rows.tp.rows
  const medianOf = (isOwn: (category: number) => boolean): number =>
    percentileOf(overlaps.filter((_, i) => isOwn(categories[tps[i]])).sort(), 50)
  const shapes = scene.config.iouType === 'segm' ? 'Masks' : 'Boxes'
  return (sums, sum) =>
    classes.flatMap(({ category, group }) => {
      const column = looseOfClasses + category
      const own = rateOf([column], [group.tp])
      const others = without(rateOf([loose], [whole.tp]), own)
      const name = className(scene.categories, category)
      const text = (): string => {
        const medians = [medianOf(one => one === category), medianOf(one => one !== category)]
        const [mine, theirs] = medians.map(median => decimal(median, view.iou))
        return `${shapes} of class ${name} are loose: median IoU ${mine}, of other classes ${theirs}; ${count(sum(column))} of its ${count(sum(group.tp))} matches lie below ${decimal(medianOverlap)}, the median of all.`
      }
      return [
        {
          code: 'loose-shapes',
          effect: { own, others },
          direction: 1,
          leastError: Math.sqrt(varianceOf(own, sum) + varianceOf(others, sum)),
          images: Math.min(imagesOf(sums, own), imagesOf(sums, others)),
          stake: (share(own, sum) - share(others, sum)) * sum(group.tp),
          short: name,
          say: () => ({
            text: text(),
            filter: { outcomes: ['TP'], category, overlap: [0, medianOverlap] },
          }),
        },
      ]
    })
}
