import type { Scene } from '../data/scene.js'
import type { MetricDifferences } from '../metrics/metric-differences.js'
import { type Difference, type OperatingDifferences, RATIOS } from '../metrics/model-differences.js'
import type { ModelName } from '../metrics/models.js'
import { AVERAGES } from '../metrics/resampled-averages.js'
import { className, count, counted } from '../metrics/words.js'

export const ratioTitle = (name: (typeof RATIOS)[number]): string => (name === 'f1' ? 'F1' : name)

/** The numbers that two models are compared by over all sizes and classes, in the order in which they are shown. */
export const comparedNumbers = (
  { overall }: Pick<MetricDifferences, 'overall'>,
  { whole }: Pick<OperatingDifferences, 'whole'>,
): [string, Difference][] => [
  ...AVERAGES.map((name): [string, Difference] => [name, overall[name]]),
  ...RATIOS.map((name): [string, Difference] => [ratioTitle(name), whole[name]]),
]

type Metrics = Pick<MetricDifferences, 'overall'>
type Operating = Pick<OperatingDifferences, 'whole'>

/** In one or two sentences which model is better in what, as far as the 95 % intervals tell. */
export function verdict(metrics: Metrics, operating: Operating): string {
  const numbers = comparedNumbers(metrics, operating)
  const { counts, found } = operating.whole
  const isSame = numbers.every(([, { A, B }]) => A === B)
  if (isSame && found.A === 0 && found.B === 0 && counts.A.fp === counts.B.fp)
    return 'No difference: all numbers are equal, and no object is found by one model alone.'
  const told = numbers.filter(([, { interval }]) => interval !== null)
  if (told.length === 0) return 'Too few images to tell any difference from chance.'
  const betterIn = (model: ModelName): string[] =>
    told.filter(([, each]) => betterOf(each) === model).map(([name]) => name)
  const [b, a] = [betterIn('B'), betterIn('A')]
  if (a.length + b.length === 0) return 'No difference is beyond chance: each 95 % interval holds 0.'
  const parts = [
    ...(b.length > 0 ? [`B is better in ${listed(b)}`] : []),
    ...(a.length > 0 ? [`A is better in ${listed(a)}`] : []),
  ]
  const isRest = told.some(([, { certain, difference }]) => !certain && difference !== 0)
  const rest = isRest ? ' The other differences may be chance.' : ''
  return `Beyond chance (95 % intervals), ${parts.join('; ')}.${rest}`
}

/** The better model where the interval of the difference excludes 0, else null. */
export const betterOf = ({ certain, difference }: Difference): ModelName | null =>
  certain && difference !== null ? (difference > 0 ? 'B' : 'A') : null

/** Whether findings might be expected where there are none: an interval excludes 0. */
export const isAnyCertain = (metrics: Metrics, operating: Operating): boolean =>
  comparedNumbers(metrics, operating).some(([, { certain }]) => certain)

/** Part of the images from which on it is said that a model has nothing in them. */
const MANY = 0.05

/**
 * What suggests that a model has not been run on everything: classes with ground truths, and many images, in which it
 * alone has no detection at all.
 */
export function gaps(scenes: Record<ModelName, Scene>): string[] {
  const { A } = scenes
  const { evaluatedCategories, evaluatedImages, categories, images, config } = A
  const annotated = rowsIn(A.gt.categories, categories.count)
  const classes = evaluatedCategories.filter(category => annotated[category] === 1)
  const seenIn = ({ dt }: Scene) => ({
    classes: rowsIn(dt.categories, categories.count),
    images: rowsIn(dt.images, images.count),
  })
  const seen = { A: seenIn(A), B: seenIn(scenes.B) }
  const lines: string[] = []
  for (const [own, other] of [['A', 'B'] as const, ['B', 'A'] as const]) {
    const lacking = (kind: 'classes' | 'images', rows: Int32Array): Int32Array =>
      rows.filter(row => seen[own][kind][row] === 0 && seen[other][kind][row] === 1)
    const noClasses = config.classAgnostic ? [] : lacking('classes', classes)
    if (noClasses.length > 0) {
      const first = className(categories, noClasses[0])
      const such = noClasses.length === 1 ? first : `such as ${first}`
      lines.push(
        `${own} has no detection of ${counted(noClasses.length, 'class', 'classes')} that ${other} detects, ${such}.`,
      )
    }
    const noImages = lacking('images', evaluatedImages).length
    if (noImages > 0 && noImages >= MANY * evaluatedImages.length)
      lines.push(
        `${own} has no detection at all in ${counted(noImages, 'image', 'images')} of ${count(evaluatedImages.length)} where ${other} has some.`,
      )
  }
  return lines
}

/** Which rows of `count` stand in a column: 1 for those that do. */
function rowsIn(column: Int32Array, count: number): Uint8Array {
  const found = new Uint8Array(count)
  for (const row of column) found[row] = 1
  return found
}

const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`

/** Where no finding between two models is proven: the rules of findings ask for more than an interval does. */
export const NO_FINDING =
  'Of what is found or false, no difference is both certain and large enough for a finding.'
