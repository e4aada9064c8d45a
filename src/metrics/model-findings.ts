/** What may be said of the differences of two models; docs/findings.md states the rules. */

import { type ImageSums, imagesWith } from './bootstrap.js'
import { type Claim, type Effect, effectOf, type Sum, share } from './claims.js'
import { precisionOf, recallOf } from './group-rates.js'
import type { ModelGroup, ModelStudy } from './model-study.js'
import type { ModelName } from './models.js'
import { className, count, counted, decimal } from './words.js'

/** What is compared: the whole, a size or a class. */
interface Part {
  /** Codes of its claims end in it: '' for the whole. */
  suffix: '' | '-size' | '-class'
  /** Before what is said: 'Of class "pallet", '. */
  lead: string
  /** How it is named after a stronger claim: '"pallet"'. */
  short: string
  filter: { size?: string; category?: number }
  group: ModelGroup
}

/** Sizes that hold two others or more are left out: what differs there is better said of one of their parts. */
function partsOf({ pair, whole, sizes, classes }: ModelStudy): Part[] {
  const { categories } = pair.A.scene
  return [
    { suffix: '', lead: '', short: '', filter: {}, group: whole },
    ...sizes
      .filter(({ isUnion }) => !isUnion)
      .map(
        ({ name, group }): Part => ({
          suffix: '-size',
          lead: `Of size ${name}, `,
          short: name,
          filter: { size: name },
          group,
        }),
      ),
    ...classes.map(({ category, group }): Part => {
      const name = className(categories, category)
      return { suffix: '-class', lead: `Of class ${name}, `, short: name, filter: { category }, group }
    }),
  ]
}

/** Recall and precision of the whole, of each size and of each class. */
export const modelClaims = (study: ModelStudy, sums: ImageSums, sum: Sum): Claim[] =>
  partsOf(study).flatMap(part => [recallClaim(part, sums, sum), precisionClaim(part, sums, sum)])

const signed = (value: number): string => (value < 0 ? '−' : '+') + decimal(Math.abs(value))

/** Codes name the better one, so that a class that gains is not named after one that loses. */
const betterOf = (effect: number): ModelName => (effect < 0 ? 'A' : 'B')

/**
 * The standard error of paired shares is that of McNemar's test, one added to either kind of flip and two to all (Bonett
 * and Price).
 */
function recallClaim({ suffix, lead, short, filter, group }: Part, sums: ImageSums, sum: Sum): Claim {
  const { A, B, onlyA, onlyB } = group
  const effect: Effect = { own: recallOf(B), others: recallOf(A) }
  const difference = effectOf(effect, sum)
  const all = sum(A.tp) + sum(A.fn) + 2
  const [a, b] = [sum(onlyA) + 1, sum(onlyB) + 1]
  const leastError = Math.sqrt(a + b - (b - a) ** 2 / all) / all
  const say = (value: number): string => {
    const worse = better === 'A' ? 'B' : 'A'
    const only = { A: sum(onlyA), B: sum(onlyB) }
    return `${lead}${better} finds more: recall ${decimal(share(recallOf(group[better]), sum))}, ${worse} ${decimal(share(recallOf(group[worse]), sum))} (B − A ${signed(value)}); ${counted(only[better], 'object is', 'objects are')} found by ${better} alone, ${count(only[worse])} by ${worse} alone.`
  }
  const better = betterOf(difference)
  return {
    code: `model-recall${suffix}-${better.toLowerCase()}`,
    effect,
    direction: 0,
    leastError,
    images: imagesWith(sums, [onlyA, onlyB]),
    stake: Math.abs(sum(onlyB) - sum(onlyA)),
    short: short && `${short} (${signed(difference)})`,
    say: value => ({ text: say(value), filter: { ...filter, foundBy: [better], model: better } }),
  }
}

/** Detections have no partner in the other model: each that one model counts more is taken to be drawn on its own. */
function precisionClaim({ suffix, lead, short, filter, group }: Part, sums: ImageSums, sum: Sum): Claim {
  const { A, B } = group
  const effect: Effect = { own: precisionOf(B), others: precisionOf(A) }
  const difference = effectOf(effect, sum)
  const detections = (sum(A.tp) + sum(A.fp) + sum(B.tp) + sum(B.fp)) / 2
  const changed = changesOf(sums, A.tp, B.tp) + changesOf(sums, A.fp, B.fp)
  const say = (value: number): string => {
    const worse = better === 'A' ? 'B' : 'A'
    const of = (model: ModelName): string =>
      `${count(sum(group[model].fp))} of ${count(sum(group[model].tp) + sum(group[model].fp))}`
    return `${lead}detections of ${worse} are false more often: precision ${decimal(share(precisionOf(group[worse]), sum))}, ${better} ${decimal(share(precisionOf(group[better]), sum))} (B − A ${signed(value)}); ${of(worse)} are false, with ${better} ${of(better)}.`
  }
  const better = betterOf(difference)
  return {
    code: `model-precision${suffix}-${better.toLowerCase()}`,
    effect,
    direction: 0,
    leastError: Math.sqrt(changed + 2) / (detections + 2),
    images: imagesChanged(sums, [A.tp, A.fp], [B.tp, B.fp]),
    stake: Math.abs(difference) * detections,
    short: short && `${short} (${signed(difference)})`,
    say: value => ({
      text: capitalised(say(value)),
      filter: { ...filter, outcomes: ['FP'], model: better === 'A' ? 'B' : 'A' },
    }),
  }
}

const capitalised = (text: string): string => text[0].toUpperCase() + text.slice(1)

/** Entry by image of a column. */
function valuesOf({ imageCount, offsets, images, values }: ImageSums, column: number): Float64Array {
  const own = new Float64Array(imageCount)
  for (let entry = offsets[column]; entry < offsets[column + 1]; entry++) own[images[entry]] = values[entry]
  return own
}

/** How much two columns differ, image by image. */
function changesOf(sums: ImageSums, one: number, other: number): number {
  const others = valuesOf(sums, other)
  return valuesOf(sums, one).reduce((sum, value, image) => sum + Math.abs(value - others[image]), 0)
}

/** Images in which any column differs from its counterpart. */
function imagesChanged(sums: ImageSums, columns: number[], others: number[]): number {
  const pairs = columns.map((column, i) => [valuesOf(sums, column), valuesOf(sums, others[i])])
  let changed = 0
  for (let image = 0; image < sums.imageCount; image++)
    if (pairs.some(([one, other]) => one[image] !== other[image])) changed++
  return changed
}
