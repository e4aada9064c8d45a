import type { Finding } from '../data/analysis.js'
import type { Steps } from '../data/steps.js'
import {
  type BootstrapOptions,
  type ImageSums,
  percentileInterval,
  pickColumns,
  resampleSteps,
  standardDeviation,
} from './bootstrap.js'
import { type Claim, columnsOf, effectOf, effectsOf, type Sum } from './claims.js'
import { studentQuantile } from './student.js'

/** Most findings that are said. */
const MOST = 6
/** Fewer images say nothing for certain. */
export const LEAST_IMAGES = 10
/** What concerns a smaller share of the errors is not worth a sentence. */
const LEAST_STAKE = 0.02
/** Chance that data without any effect are said to have one. */
const ERROR_RATE = 0.05
/** How many weaker claims of one code are named. */
const MOST_NAMED = 3

/** The claims that the data prove, in sentences, that with most at stake first. `errors` are all that there are. */
export function* findingsFrom(
  made: Claim[],
  sums: ImageSums,
  sum: Sum,
  errors: number,
  options: BootstrapOptions,
): Steps<Finding[]> {
  const claims = made.filter(
    ({ images, effect }) => images >= LEAST_IMAGES && Number.isFinite(effectOf(effect, sum)),
  )
  const worthy = claims.filter(
    claim => claim.stake >= LEAST_STAKE * errors && mayPass(claim, sum, claims.length),
  )
  const proven = yield* prove(worthy, sums, sum, claims.length, options)
  return strongestOfEach(proven.sort((one, other) => rankOf(other.claim) - rankOf(one.claim)))
    .slice(0, MOST)
    .map(say)
}

const rankOf = ({ stake, harmless }: Claim): number => (harmless ? 0 : stake)

/** A claim that the data prove. */
interface Proven {
  claim: Claim
  effect: number
  interval: [number, number]
}

/** What an effect must exceed when the error rate is shared by `tests` claims (Bonferroni), by Student's t. */
const marginOf = (error: number, { images }: Claim, tests: number): number =>
  error * studentQuantile(1 - ERROR_RATE / tests / 2, images - 1)

/** Whether the bootstrap could still prove a claim: it never believes less than `leastError`. */
function mayPass(claim: Claim, sum: Sum, tests: number): boolean {
  const effect = effectOf(claim.effect, sum)
  return claim.direction * effect >= 0 && Math.abs(effect) > marginOf(claim.leastError, claim, tests)
}

/**
 * The claims whose 95 % percentile interval excludes 0, and whose interval of Student's t with the bootstrap's
 * standard error does at the level that is left when the error rate is shared by all `tests`.
 */
function* prove(
  claims: Claim[],
  sums: ImageSums,
  sum: Sum,
  tests: number,
  options: BootstrapOptions,
): Steps<Proven[]> {
  const columns = [...new Set(claims.flatMap(({ effect }) => columnsOf(effect)))]
  const { replicates, sums: drawn } = yield* resampleSteps(pickColumns(sums, columns), options)
  const offsets = new Int32Array(sums.columns)
  columns.forEach((column, place) => {
    offsets[column] = place * replicates
  })
  const of = (column: number) => drawn.subarray(offsets[column], offsets[column] + replicates)
  return claims.flatMap(claim => {
    const defined = effectsOf(claim.effect, { replicates, of }).filter(Number.isFinite)
    const interval = percentileInterval(defined)
    if (interval === null || (interval[0] <= 0 && interval[1] >= 0)) return []
    const effect = effectOf(claim.effect, sum)
    const error = Math.max(standardDeviation(defined), claim.leastError)
    return Math.abs(effect) > marginOf(error, claim, tests) ? [{ claim, effect, interval }] : []
  })
}

/** Claims by their code, both in the order given. */
function strongestOfEach(proven: Proven[]): Proven[][] {
  const byCode = new Map<string, Proven[]>()
  for (const one of proven) byCode.set(one.claim.code, [...(byCode.get(one.claim.code) ?? []), one])
  return [...byCode.values()]
}

function say([first, ...others]: Proven[]): Finding {
  const { claim, effect, interval } = first
  const { text, filter } = claim.say(effect)
  const names = others.map(other => other.claim.short).filter(name => name !== '')
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  const also = names.length > 0 ? ` Also ${names.slice(0, MOST_NAMED).join(', ')}${more}.` : ''
  return { code: claim.code, text: text + also, effect, interval, filter }
}
