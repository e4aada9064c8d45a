/**
 * A number from 0 to 1 as reports write it: two decimals without the leading zero (".62", "1.00"), and more where two
 * would make it look equal to one of `marks`, to 0 or to 1 although it is not.
 */
export function decimal(value: number, ...marks: number[]): string {
  const near = [0, 1, ...marks].filter(mark => mark !== value)
  let digits = 2
  while (digits < 9 && near.some(mark => mark.toFixed(digits) === value.toFixed(digits))) digits++
  return value
    .toFixed(digits)
    .replace(/(\.\d\d\d*?)0+$/, '$1')
    .replace(/^(-?)0\./, '$1.')
}

/** A share as a whole percentage: "71 %". Shares that are neither 0 nor 1 never read so. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share)
  if (share > 0 && rounded === 0) return 'under 1 %'
  if (share < 1 && rounded === 100) return 'over 99 %'
  return `${rounded} %`
}

/** A whole number with commas: "1,234". Intl takes tens of milliseconds to wake up. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

/** "1 miss", "2 misses". */
export const counted = (value: number, one: string, many: string): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** "1020 px", "1020.5 px". */
export const pixels = (area: number): string => `${Number(area.toFixed(1))} px`

/** The name of a class in quotes, or its id where the file gives no name. */
export const className = (
  { names, ids }: { names: string[]; ids: Float64Array },
  category: number,
): string => (names[category] === '' ? `class ${ids[category]}` : `"${names[category]}"`)

/** `a "pallet"`, `an "axle"`. */
export const indefinite = (name: string): string => `${/^"?[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`
