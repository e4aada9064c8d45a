import { imagesOf, rateOf, share, total, varianceOf } from './claims.js'
import { countColumn, type Rule } from './finding-study.js'
import { precisionOf } from './group-rates.js'
import { className, count, counted, decimal } from './words.js'

/** Mean score against precision. Only where scores can be probabilities. */
export const confidenceRule: Rule = study => {
  const { scene, rows, whole } = study
  const { areShares, images, values } = study.scores
  if (!areShares) return () => []
  const scoreColumn = study.sums.addEntries(images, values)
  return (sums, sum) => {
    const precision = precisionOf(whole)
    const detections = total(precision.all, sum)
    const mean = sum(scoreColumn) / detections
    const bound = Math.round(100 * mean) / 100
    const numbers = `mean ${decimal(mean)} at a precision of ${decimal(share(precision, sum))}`
    const above = (own: Int32Array): number => {
      const { scores } = scene.dt
      let found = 0
      for (let i = 0; i < own.length; i++) if (scores[own[i]] >= bound) found++
      return found
    }
    return [
      {
        code: 'confidence',
        effect: { own: rateOf([scoreColumn], [whole.tp, whole.fp]), others: precision },
        direction: 0,
        leastError: Math.sqrt(varianceOf(precision, sum)),
        images: imagesOf(sums, precision),
        stake: Math.abs(sum(scoreColumn) - sum(whole.tp)),
        harmless: mean < share(precision, sum),
        short: '',
        say: effect =>
          effect > 0
            ? {
                text: `Scores are too high: ${numbers}; ${counted(above(rows.fp.rows), 'false positive scores', 'false positives score')} ${decimal(bound)} or more.`,
                filter: { outcomes: ['FP'], score: [bound, 2] },
              }
            : {
                text: `Scores are too low: ${numbers}; ${counted(rows.tp.rows.length - above(rows.tp.rows), 'true positive scores', 'true positives score')} below ${decimal(bound)}.`,
                filter: { outcomes: ['TP'], score: [0, bound] },
              },
      },
    ]
  }
}

/** False positives of classes without ground truth. */
export const absentClassRule: Rule =
  ({ classes, whole, scene: { categories }, view }) =>
  (sums, sum) => {
    const absent = classes
      .filter(({ group }) => sum(group.tp) + sum(group.fn) === 0)
      .sort((one, other) => sum(other.group.fp) - sum(one.group.fp))
    if (absent.length === 0) return []
    const [{ category, group }] = absent
    const own = rateOf(
      absent.map(one => one.group.fp),
      [whole.fp],
    )
    const all = total(own.hits, sum)
    const more =
      absent.length > 1
        ? `; with ${counted(absent.length - 1, 'more such class', 'more such classes')} ${count(all)}`
        : ''
    const silence = view.protocol === 'coco' ? ', which AP leaves out' : ''
    return [
      {
        code: 'absent-class',
        effect: { own },
        direction: 1,
        leastError: Math.sqrt(varianceOf(own, sum)),
        images: imagesOf(sums, { hits: own.hits, all: own.hits }),
        stake: all,
        short: '',
        say: () => ({
          text: `Class ${className(categories, category)} has no ground truth to find but ${counted(sum(group.fp), 'false positive', 'false positives')}${more}${silence}.`,
          filter: { outcomes: ['FP'], category },
        }),
      },
    ]
  }

/** Detections that the cap of protocol `coco` cuts off. */
export const capRule: Rule = study => {
  const { rows, whole, scene, view } = study
  const cut = countColumn(study, rows.cut)
  const { maxDets } = scene.config
  return (sums, sum) => {
    if (rows.cut.rows.length === 0) return []
    const own = rateOf([cut], [cut, whole.tp, whole.fp])
    return [
      {
        code: 'beyond-cap',
        effect: { own },
        direction: 1,
        leastError: Math.sqrt(varianceOf(own, sum)),
        images: imagesOf(sums, { hits: own.hits, all: own.hits }),
        stake: rows.cut.rows.length,
        short: '',
        say: () => ({
          text: `${counted(rows.cut.rows.length, 'detection lies', 'detections lie')} beyond the cap of ${maxDets[maxDets.length - 1]} an image${view.classAgnostic ? '' : ' and class'} and do not count.`,
          filter: { outcomes: ['cut'] },
        }),
      },
    ]
  }
}
