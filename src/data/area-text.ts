import { InputError } from '../errors.js'
import { type AreaRange, COCO_AREAS, PERCENTILE_AREAS, type PercentileRange } from './config.js'
import { parseNumber, unexpected } from './number-text.js'

export type AreaOption = AreaRange | PercentileRange

/**
 * `NAME=LO:HI,...` in px, both ends included, or `NAME=P25:P75` by percentiles of the ground truths' areas; `coco`
 * stands for the reference's four ranges, `percentile` for those by percentiles. `all` comes first.
 */
export function parseAreas(text: string): AreaOption[] {
  const ranges = text.split(',').flatMap(part => AREA_SETS.get(part.trim()) ?? [parseArea(part, text)])
  const names = ranges.map(range => range.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InputError(`expected each name once, got "${twice}" twice in "${text}"`)
  const whole = ranges.find(range => range.name === 'all') ?? COCO_AREAS[0]
  return [whole, ...ranges.filter(range => range.name !== 'all')]
}

const AREA_SETS = new Map<string, AreaOption[]>([
  ['coco', COCO_AREAS],
  ['percentile', PERCENTILE_AREAS],
])

function parseArea(part: string, text: string): AreaOption {
  const expected =
    'coco, percentile or NAME=LO:HI,... such as tiny=0:256,big=256:1e10 (px) or mid=P25:P75 (percentiles)'
  const match = /^\s*([^\s=:]+)=([^:]+):([^:]+)$/.exec(part)
  if (!match) throw unexpected(expected, text)
  const [, name, ...ends] = match
  const percentile = ends.map(end => /^\s*p/i.test(end))
  if (percentile[0] !== percentile[1])
    throw new InputError(`expected both ends of ${name} in px or both as percentiles, got "${part.trim()}"`)
  const [lo, hi] = ends.map(end => parseNumber(end.replace(/^\s*p/i, ''), text, expected))
  if (percentile[0]) {
    if (lo < 0 || hi <= lo || hi > 100)
      throw new InputError(`expected P0 to P100, the lower first, in ${name}, got P${lo}:P${hi}`)
    return { name, percentiles: [lo, hi] }
  }
  if (lo < 0 || hi < lo) throw new InputError(`expected 0 <= LO <= HI in ${name}, got ${lo}:${hi}`)
  return { name, lo, hi }
}

/** What `parseAreas` reads as these ranges; the whole is left out where it is what stands for itself. */
export const areasText = (ranges: AreaOption[]): string =>
  ranges
    .filter(({ name }, i) => ranges.length === 1 || i > 0 || name !== 'all')
    .map(range => {
      if (!('lo' in range)) return `${range.name}=P${range.percentiles[0]}:P${range.percentiles[1]}`
      const { name, lo, hi, percentiles } = range
      return percentiles
        ? `${name}=P${percentiles[0]}:P${percentiles[1]}`
        : `${name}=${lo}:${hi >= 1e10 ? '1e10' : hi}`
    })
    .join(',')
