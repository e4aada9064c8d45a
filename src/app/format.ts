/** Numbers as a reader meets them. Undefined ones are a dash. */

export const DASH = '–'

const group = new Intl.NumberFormat('en-US')
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** 12,345 */
export const formatCount = (value: number): string => group.format(value)

/** 12K where room is short. */
export const formatCompact = (value: number): string => compact.format(value)

/** Ticks of an axis that counts: whole numbers only. */
export const formatTick = (value: number): string =>
  Number.isInteger(value) ? formatCompact(Math.abs(value)) : ''

/** A metric with three decimals and no leading zero: .612, 1.000. */
export const formatMetric = (value: number | null): string =>
  value === null || Number.isNaN(value) ? DASH : value.toFixed(3).replace(/^(-?)0\./, '$1.')

/** A change of a metric with its sign: +.012, −.003, 0. */
export function formatChange(value: number | null): string {
  if (value === null || Number.isNaN(value)) return DASH
  const text = Math.abs(value).toFixed(4).replace(/^0\./, '.')
  if (text === '.0000') return value === 0 ? '0' : `${value < 0 ? '−' : '+'}<.0001`
  return `${value < 0 ? '−' : '+'}${text}`
}

/** A score or IoU with what decimals it needs, three at most: .5, .47, .905. */
export const formatScore = (value: number): string =>
  String(Number(value.toFixed(3))).replace(/^(-?)0\./, '$1.')

/** An IoU with two decimals at least: .50, .905. */
export const formatIou = (value: number): string => {
  const text = String(Number(value.toFixed(3)))
  const [whole, decimals = ''] = text.split('.')
  return `${whole === '0' ? '' : whole}.${decimals.padEnd(2, '0')}`
}

/** 1,024 px; areas below ten keep a decimal. */
export const formatPx = (value: number): string =>
  Number.isFinite(value) ? `${group.format(Number(value.toFixed(value < 10 ? 1 : 0)))} px` : '∞'

/** A name that can be seen and clicked: files may state an empty one. */
export const named = (name: string): string => (name.trim() === '' ? '(no name)' : name)

/** 71 % */
export const formatShare = (part: number, whole: number): string =>
  whole > 0 ? `${Math.round((100 * part) / whole)} %` : DASH

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
