import type { InstanceFilter } from '../data/analysis.js'
import type { ImageSums } from './bootstrap.js'
import {
  type Claim,
  imagesOf,
  type Rate,
  rateOf,
  type Sum,
  share,
  total,
  varianceOf,
  without,
} from './claims.js'
import type { Group, Rule } from './finding-study.js'
import { precisionOf, recallOf } from './group-rates.js'
import { className, count, counted, decimal } from './words.js'

/** Misses against false positives. */
export const limitRule: Rule =
  ({ whole: { fp, fn } }) =>
  (sums, sum) => {
    const errors = rateOf([fn], [fn, fp])
    const misses = `${counted(sum(fn), 'ground truth is', 'ground truths are')} missed`
    const falses = `${counted(sum(fp), 'detection is', 'detections are')} false`
    return [
      {
        code: 'misses-or-false-positives',
        effect: { own: errors, others: rateOf([fp], [fn, fp]) },
        direction: 0,
        leastError: 2 * Math.sqrt(varianceOf(errors, sum)),
        images: imagesOf(sums, errors),
        stake: Math.abs(sum(fn) - sum(fp)),
        short: '',
        say: effect =>
          effect > 0
            ? { text: `Misses outweigh false positives: ${misses}, ${falses}.`, filter: { outcomes: ['FN'] } }
            : {
                text: `False positives outweigh misses: ${falses}, ${misses}.`,
                filter: { outcomes: ['FP'] },
              },
      },
    ]
  }

/** The claim that the rate `own` is lower than that of the others. */
function lower(
  sums: ImageSums,
  sum: Sum,
  own: Rate,
  others: Rate,
  rest: Pick<Claim, 'code' | 'short' | 'say'>,
): Claim {
  return {
    ...rest,
    effect: { own, others },
    direction: -1,
    leastError: Math.sqrt(varianceOf(own, sum) + varianceOf(others, sum)),
    images: Math.min(imagesOf(sums, own), imagesOf(sums, others)),
    stake: (share(others, sum) - share(own, sum)) * total(own.all, sum),
  }
}

/** Recall and precision of a size against the other sizes. */
export const sizeRule: Rule =
  ({ sizes, whole }) =>
  (sums, sum) =>
    sizes.flatMap(({ name, inside, outside }) => {
      const numbers = (rate: (group: Group) => Rate): string => {
        const [own, others] = [share(rate(inside), sum), share(rate(outside), sum)]
        return `${decimal(own)}, of other sizes ${decimal(others)}`
      }
      const recall = lower(sums, sum, recallOf(inside), recallOf(outside), {
        code: 'size-recall',
        short: '',
        say: () => ({
          text: `Objects of size ${name} are found less often: recall ${numbers(recallOf)}; ${count(sum(inside.fn))} of ${count(sum(whole.fn))} misses.`,
          filter: { outcomes: ['FN'], size: name },
        }),
      })
      const precision = lower(sums, sum, precisionOf(inside), precisionOf(outside), {
        code: 'size-precision',
        short: '',
        say: () => ({
          text: `Detections of size ${name} are false more often: precision ${numbers(precisionOf)}; ${count(sum(inside.fp))} of ${count(sum(whole.fp))} false positives.`,
          filter: { outcomes: ['FP'], size: name },
        }),
      })
      return [recall, precision]
    })

/** Recall and precision of a class against the other classes. */
export const classRule: Rule =
  ({ classes, whole, scene: { categories } }) =>
  (sums, sum) =>
    classes.flatMap(({ category, group }) => {
      if (sum(group.tp) + sum(group.fn) === 0) return [] // see `absentClassRule`
      const name = className(categories, category)
      const claim = (
        code: string,
        rate: (group: Group) => Rate,
        say: (numbers: string) => { text: string; filter: InstanceFilter },
      ): Claim => {
        const own = rate(group)
        const others = without(rate(whole), own)
        const value = decimal(share(own, sum))
        return lower(sums, sum, own, others, {
          code,
          short: `${name} (${value})`,
          say: () => say(`${value}, of other classes ${decimal(share(others, sum))}`),
        })
      }
      return [
        claim('class-recall', recallOf, numbers => ({
          text: `Objects of class ${name} are found less often: recall ${numbers}; ${count(sum(group.fn))} of ${count(sum(whole.fn))} misses.`,
          filter: { outcomes: ['FN'], category },
        })),
        claim('class-precision', precisionOf, numbers => ({
          text: `Detections of class ${name} are false more often: precision ${numbers}; ${count(sum(group.fp))} of ${count(sum(whole.fp))} false positives.`,
          filter: { outcomes: ['FP'], category },
        })),
      ]
    })
