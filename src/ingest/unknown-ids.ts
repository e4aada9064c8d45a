import type { WarningList } from '../data/warnings.js'
import { InputError } from '../errors.js'

/** What to do with a record of an image or category that the ground truth does not list. */
export type OnUnknown = 'error' | 'warn'

/** Records whose image or category is not listed. */
export interface Unknown {
  what: 'image' | 'category'
  /** The file, and what its record i is called. */
  table: { name: string; record(i: number): string }
  /** What each record names, [record]. */
  ids: Float64Array
  /** The records at fault, ascending. */
  records: number[]
  /** What the ground truth lists, ascending, and the images' file names. */
  known: Float64Array
  fileNames: string[]
}

const SHOWN_IDS = 5

/** Refuses or counts records of unknown images or categories, with the ids at hand and a guess at the cause. */
export function reportUnknown(unknown: Unknown, onUnknown: OnUnknown, warnings: WarningList): void {
  const { what, table, ids, records } = unknown
  if (records.length === 0) return
  const first = `${table.record(records[0])} has ${what}_id ${ids[records[0]]}`
  if (onUnknown === 'warn') {
    warnings.add(what === 'image' ? 'unknown-image' : 'unknown-category', () => first, records.length)
    return
  }
  const distinct = [...new Set(records.map(i => ids[i]))]
  const shown = distinct.slice(0, SHOWN_IDS).join(', ')
  const more = distinct.length > SHOWN_IDS ? ` and ${distinct.length - SHOWN_IDS} more` : ''
  const whose =
    what === 'image'
      ? distinct.length === 1
        ? 'an image'
        : 'images'
      : distinct.length === 1
        ? 'a category'
        : 'categories'
  const verb = records.length === 1 ? '1 record names' : `${records.length} records name`
  throw new InputError(
    `${table.name}: ${verb} ${whose} that the ground truth does not list: ${what}_id ${shown}${more}; ` +
      `first: ${first}. ${known(unknown)}. Likely cause: ${causeOf(unknown, distinct)}. ` +
      'To leave such records out and count them: --on-unknown warn (onUnknown: "warn")',
  )
}

function known({ what, known }: Unknown): string {
  if (known.length === 0) return `The ground truth lists no ${what} at all`
  return `The ${what} ids of the ground truth run from ${known[0]} to ${known[known.length - 1]}`
}

/** The commonest reason that fits the ids. */
function causeOf({ what, ids, records, known, fileNames }: Unknown, distinct: number[]): string {
  const whose = what === 'image' ? 'images' : 'classes'
  const [low, high] = [known[0], known[known.length - 1]]
  const unknown = new Set(distinct)
  if (low === 1 && unknown.has(0)) {
    return `${whose} are counted from 0 here and from 1 in the ground truth; every other id may then be wrong too`
  }
  if (low === 0 && unknown.has(high + 1) && unknown.size === 1) {
    return `${whose} are counted from 1 here and from 0 in the ground truth; every other id may then be wrong too`
  }
  const named = what === 'image' ? imageNamed(distinct, fileNames) : -1
  if (named >= 0) {
    return `image_id is the number in the file name: "${fileNames[named]}" has the id ${known[named]}`
  }
  if (what === 'category') {
    const gaps = high - low + 1 > known.length
    return gaps && distinct.every(id => id >= 0 && id <= high)
      ? 'these are places in a list of classes, but the category ids of the ground truth have gaps'
      : 'the two files were made with different lists of classes'
  }
  return records.length === ids.length
    ? 'the two files are of different sets of images'
    : 'the ground truth holds a part of the images only'
}

/** Row of the image whose file name holds one of the numbers, -1 where there is none. */
function imageNamed(numbers: number[], fileNames: string[]): number {
  const wanted = new Set(numbers)
  return fileNames.findIndex(name => {
    const digits = /(\d+)\D*$/.exec(name.replace(/\.[a-z0-9]+$/i, ''))
    return digits !== null && wanted.has(Number(digits[1]))
  })
}
