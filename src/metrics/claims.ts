import type { InstanceFilter } from '../data/analysis.js'
import { type ImageSums, imagesWith } from './bootstrap.js'

/** Value of a column of `ImageSums` over all images. */
export type Sum = (column: number) => number

/** What a finding says, and where its instances are. */
export interface Sentence {
  text: string
  filter: InstanceFilter
}

/** What may be said if the data prove it. */
export interface Claim {
  /** Claims of one code compete: the strongest is said, and names the others. */
  code: string
  effect: Effect
  /** The direction that is worth saying: -1 below 0, 1 above 0, 0 either. */
  direction: -1 | 0 | 1
  /** The standard error that independent instances would have: the bootstrap's is not believed below it. */
  leastError: number
  /** Images that bear on the effect; of two groups that are compared, in the smaller one. */
  images: number
  /** How many instances are at stake. */
  stake: number
  /** Costs nothing at the operating point: said after the others. */
  harmless?: boolean
  /** How it is named when a stronger claim of its code is said; '' where it is not. */
  short: string
  say(effect: number): Sentence
}

/** A share of instances, `hits` among `all`, each a sum of columns less other columns. */
export interface Rate {
  hits: Signed
  all: Signed
}

interface Signed {
  plus: number[]
  minus: number[]
}

/** What is claimed to differ from 0: the rate `own`, or how far it is above `others`. NaN where either is undefined. */
export interface Effect {
  own: Rate
  others?: Rate
}

export const rateOf = (hits: number[], all: number[]): Rate => ({
  hits: { plus: hits, minus: [] },
  all: { plus: all, minus: [] },
})

/** The rate of those that are in `whole` and not in `part`. */
export const without = (whole: Rate, part: Rate): Rate => ({
  hits: { plus: whole.hits.plus, minus: part.hits.plus },
  all: { plus: whole.all.plus, minus: part.all.plus },
})

export function total({ plus, minus }: Signed, sum: Sum): number {
  let value = 0
  for (const column of plus) value += sum(column)
  for (const column of minus) value -= sum(column)
  return value
}

export const share = ({ hits, all }: Rate, sum: Sum): number => total(hits, sum) / total(all, sum)

export const effectOf = ({ own, others }: Effect, sum: Sum): number =>
  others ? share(own, sum) - share(others, sum) : share(own, sum)

/** The sums of a column in each resample, [replicate]. */
export interface ResampledSums {
  replicates: number
  of(column: number): Float64Array
}

/** An effect in each resample, [replicate]. */
export function effectsOf({ own, others }: Effect, sums: ResampledSums): Float64Array {
  const effects = sharesOf(own, sums)
  if (others) subtract(effects, sharesOf(others, sums))
  return effects
}

function sharesOf({ hits, all }: Rate, sums: ResampledSums): Float64Array {
  const shares = totalsOf(hits, sums)
  divide(shares, totalsOf(all, sums))
  return shares
}

function totalsOf({ plus, minus }: Signed, sums: ResampledSums): Float64Array {
  const totals = new Float64Array(sums.replicates)
  for (const column of plus) add(totals, sums.of(column))
  for (const column of minus) subtract(totals, sums.of(column))
  return totals
}

function add(values: Float64Array, others: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] += others[i]
}

function subtract(values: Float64Array, others: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] -= others[i]
}

function divide(values: Float64Array, others: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] /= others[i]
}

/** The columns that an effect is computed from. */
export const columnsOf = ({ own, others }: Effect): number[] =>
  [own, others].flatMap(rate =>
    rate ? [rate.hits, rate.all].flatMap(({ plus, minus }) => [...plus, ...minus]) : [],
  )

export const imagesOf = (sums: ImageSums, { all }: Rate): number => imagesWith(sums, all.plus, all.minus)

/** Variance of a share of independent instances, two added to each side so that 0 and 1 have one (Agresti, Coull). */
export function varianceOf({ hits, all }: Rate, sum: Sum): number {
  const count = total(all, sum) + 4
  const adjusted = (total(hits, sum) + 2) / count
  return (adjusted * (1 - adjusted)) / count
}
