import { readFileSync } from 'node:fs'
import { type AreaRange, COCO_AREAS } from '../data/config.js'
import { InputError } from '../errors.js'

/**
 * `.5,.75` or a grid `start:step:stop`. A grid has the values of numpy.linspace, so that .5:.05:.95 and 0:.01:1
 * are the reference's own thresholds to the last bit.
 */
export function parseThresholds(text: string): number[] {
  const parts = text.split(':')
  if (parts.length === 1) return text.split(',').map(part => parseNumber(part, text, LIST_OR_GRID))
  if (parts.length !== 3) throw unexpected(LIST_OR_GRID, text)
  const [start, step, stop] = parts.map(part => parseNumber(part, text, LIST_OR_GRID))
  const steps = (stop - start) / step
  const last = Math.round(steps)
  if (last < 1 || last > 10_000 || Math.abs(steps - last) > 1e-6)
    throw unexpected('a step that leads from start to stop in 1 to 10000 steps', text)
  return linspace(start, stop, last)
}

const LIST_OR_GRID = 'numbers such as .5,.75 or a grid start:step:stop such as .5:.05:.95'

/** `last + 1` values as numpy.linspace makes them: start + i * ((stop - start) / last), and stop itself at the end. */
const linspace = (start: number, stop: number, last: number): number[] =>
  Array.from({ length: last + 1 }, (_, i) => (i === last ? stop : start + i * ((stop - start) / last)))

export function parseIouThresholds(text: string): number[] {
  const thresholds = parseThresholds(text)
  for (const value of thresholds)
    if (!(value > 0 && value <= 1)) throw unexpected('thresholds above 0 and at most 1', text, value)
  requireAscending(thresholds, text)
  return thresholds
}

export function parseRecallThresholds(text: string): number[] {
  const thresholds = parseThresholds(text)
  for (const value of thresholds)
    if (!(value >= 0 && value <= 1)) throw unexpected('thresholds from 0 to 1', text, value)
  requireAscending(thresholds, text)
  return thresholds
}

/** `A,B,C`, or `M` for 1,10,M. */
export function parseMaxDets(text: string): number[] {
  const expected = 'three ascending whole numbers such as 1,10,100, or one above 10'
  const given = text.split(',').map(part => parseNumber(part, text, expected))
  const caps = given.length === 1 ? [1, 10, ...given] : given
  if (caps.length !== 3) throw unexpected(expected, text)
  for (const cap of given)
    if (!Number.isInteger(cap) || cap < 1 || cap > 0xffffffff) throw unexpected(expected, text, cap)
  if (given.length === 1 && given[0] <= 10)
    throw new InputError(
      `expected one number above 10 (it stands for 1,10,M), got "${text}"; for smaller caps give all three, such as 1,3,5`,
    )
  requireAscending(caps, text)
  return caps
}

/** `NAME=LO:HI,...` in px, both ends included; `coco` stands for the reference's four. `all` comes first. */
export function parseAreas(text: string): AreaRange[] {
  const ranges = text
    .split(',')
    .flatMap(part => (part.trim() === 'coco' ? COCO_AREAS : [parseArea(part, text)]))
  const names = ranges.map(range => range.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InputError(`expected each name once, got "${twice}" twice in "${text}"`)
  const whole = ranges.find(range => range.name === 'all') ?? COCO_AREAS[0]
  return [whole, ...ranges.filter(range => range.name !== 'all')]
}

function parseArea(part: string, text: string): AreaRange {
  const expected = 'coco or NAME=LO:HI,... such as tiny=0:256,big=256:1e10 (px)'
  const match = /^\s*([^\s=:]+)=([^:]+):([^:]+)$/.exec(part)
  if (!match) throw unexpected(expected, text)
  const lo = parseNumber(match[2], text, expected)
  const hi = parseNumber(match[3], text, expected)
  if (lo < 0 || hi < lo) throw new InputError(`expected 0 <= LO <= HI in ${match[1]}, got ${lo}:${hi}`)
  return { name: match[1], lo, hi }
}

/** `1,2,3`, or `@file` with ids separated by commas or white space (a JSON list of numbers is one such file). */
export function parseIds(text: string): number[] {
  const expected = 'whole numbers such as 1,2,3, or @file'
  const body = text.startsWith('@') ? readIdFile(text.slice(1)).replace(/^\s*\[|\]\s*$/g, '') : text
  const words = body.split(/[\s,]+/).filter(word => word !== '')
  if (words.length === 0) throw unexpected(expected, text)
  const ids = words.map(word => {
    const id = /^[+-]?\d+$/.test(word) ? Number(word) : Number.NaN
    if (!Number.isSafeInteger(id)) throw new InputError(`expected ${expected}, found "${word}"`)
    return id
  })
  return [...new Set(ids)]
}

function readIdFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const cause = code === 'ENOENT' ? 'no such file' : (error as Error).message
    throw new InputError(`cannot read the ids in ${path}: ${cause}`, { cause: error })
  }
}

/** A whole number from 0 up; 0 stands for all cores. */
export const parseThreads = (text: string): number => parseCount(text, 0, 1024)

export function parseCount(text: string, min: number, max: number): number {
  const expected = `a whole number from ${min} to ${max}`
  const count = parseNumber(text, text, expected)
  if (!Number.isInteger(count) || count < min || count > max) throw unexpected(expected, text)
  return count
}

function parseNumber(part: string, text: string, expected: string): number {
  const trimmed = part.trim()
  // Number() also takes '', '0x10' and 'Infinity', none of which is meant here.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) throw unexpected(expected, text)
  return Number(trimmed)
}

function requireAscending(values: number[], text: string): void {
  for (let i = 1; i < values.length; i++)
    if (!(values[i] > values[i - 1]))
      throw new InputError(`expected ascending numbers, got ${values[i]} after ${values[i - 1]} in "${text}"`)
}

const unexpected = (expected: string, text: string, value?: number): InputError =>
  new InputError(`expected ${expected}, got ${value === undefined ? '' : `${value} in `}"${text}"`)
