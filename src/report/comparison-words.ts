import type { MetricDifferences } from '../metrics/metric-differences.js'
import { type Difference, type OperatingDifferences, RATIOS } from '../metrics/model-differences.js'
import type { ModelName } from '../metrics/models.js'
import { AVERAGES } from '../metrics/resampled-averages.js'

export const ratioTitle = (name: (typeof RATIOS)[number]): string => (name === 'f1' ? 'F1' : name)

/** The numbers that two models are compared by over all sizes and classes, in the order in which they are shown. */
export const comparedNumbers = (
  { overall }: Pick<MetricDifferences, 'overall'>,
  { whole }: Pick<OperatingDifferences, 'whole'>,
): [string, Difference][] => [
  ...AVERAGES.map((name): [string, Difference] => [name, overall[name]]),
  ...RATIOS.map((name): [string, Difference] => [ratioTitle(name), whole[name]]),
]

/** In one or two sentences which model is better in what, as far as the 95 % intervals tell. */
export function verdict(
  metrics: Pick<MetricDifferences, 'overall'>,
  operating: Pick<OperatingDifferences, 'whole'>,
): string {
  const numbers = comparedNumbers(metrics, operating)
  const { counts, found } = operating.whole
  const isSame = numbers.every(([, { A, B }]) => A === B)
  if (isSame && found.A === 0 && found.B === 0 && counts.A.fp === counts.B.fp)
    return 'No difference: all numbers are equal, and no object is found by one model alone.'
  const told = numbers.filter(([, { interval }]) => interval !== null)
  if (told.length === 0) return 'Too few images to tell any difference from chance.'
  const betterIn = (model: ModelName): string[] =>
    told
      .filter(([, { certain, difference }]) => certain && (difference ?? 0) < 0 === (model === 'A'))
      .map(([name]) => name)
  const [b, a] = [betterIn('B'), betterIn('A')]
  if (a.length + b.length === 0) return 'No difference is beyond chance: each 95 % interval holds 0.'
  const parts = [
    ...(b.length > 0 ? [`B is better in ${listed(b)}`] : []),
    ...(a.length > 0 ? [`A is better in ${listed(a)}`] : []),
  ]
  const rest = a.length + b.length < numbers.length ? ' The other differences may be chance.' : ''
  return `Beyond chance (95 % intervals), ${parts.join('; ')}.${rest}`
}

const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`

/** Where no finding between two models is proven: the rules of findings ask for more than an interval does. */
export const NO_FINDING =
  'Of what is found or false, no difference is proven by the stricter rules of findings (docs/findings.md).'
