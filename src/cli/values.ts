import { readFileSync } from 'node:fs'
import type { Objective } from '../data/analysis.js'
import { parseNumber, unexpected } from '../data/number-text.js'
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

/** A score, which may be any number: detectors differ. */
export const parseScore = (text: string): number => parseNumber(text, text, 'a number such as .5')

/** `f1`, `f:BETA`, `precision:P`, `recall:R` or `cost:FP,FN`: what the best score threshold is the best for. */
export function parseObjective(text: string): Objective {
  const expected = 'f1, f:BETA, precision:P, recall:R or cost:FP,FN, such as f:2, precision:.95 or cost:1,5'
  const [kind, rest, ...more] = text.trim().split(':')
  if (kind === 'f1' && rest === undefined) return { kind: 'f-beta', beta: 1 }
  if (rest === undefined || more.length > 0) throw unexpected(expected, text)
  const values = rest.split(',').map(value => parseNumber(value, text, expected))
  if (values.length !== (kind === 'cost' ? 2 : 1)) throw unexpected(expected, text)
  const [first, second] = values
  if (kind === 'f' && first > 0) return { kind: 'f-beta', beta: first }
  if (kind === 'precision' && first > 0 && first <= 1) return { kind: 'min-precision', precision: first }
  if (kind === 'recall' && first > 0 && first <= 1) return { kind: 'min-recall', recall: first }
  if (kind === 'cost' && first >= 0 && second >= 0 && first + second > 0)
    return { kind: 'cost', falsePositive: first, falseNegative: second }
  if (!['f', 'precision', 'recall', 'cost'].includes(kind)) throw unexpected(expected, text)
  throw new InputError(`expected ${OBJECTIVE_RANGES[kind as keyof typeof OBJECTIVE_RANGES]}, got "${text}"`)
}

const OBJECTIVE_RANGES = {
  f: 'a BETA above 0',
  precision: 'a precision above 0 and at most 1',
  recall: 'a recall above 0 and at most 1',
  cost: 'costs from 0 up, one of them above 0',
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

const UNITS = ['', 'k', 'm', 'g', 't']
const LEAST_MEMORY = 64e6

/** Bytes: `2GB` (thousands), `512MiB` (1024s), or `1.5g` (1024s, as other programs read it). */
export function parseMemory(text: string): number {
  const expected = 'a size with its unit such as 2GB, 512MiB or 1.5g'
  const match = /^\s*(\d+\.?\d*|\.\d+)\s*([kmgt]?)(i?b)?\s*$/i.exec(text)
  if (!match) throw unexpected(expected, text)
  const [, number, prefix, suffix = ''] = match
  if (prefix === '' && suffix === '')
    throw new InputError(`expected ${expected}, got "${text}" without a unit`)
  if (prefix === '' && suffix.length === 2) throw unexpected(expected, text)
  const bytes = Math.floor(
    Number(number) * (suffix.toLowerCase() === 'b' ? 1000 : 1024) ** UNITS.indexOf(prefix.toLowerCase()),
  )
  if (bytes < LEAST_MEMORY)
    throw new InputError(`expected 64MB or more, as the program itself needs that, got "${text}"`)
  return bytes
}

/** A whole number from 0 up; 0 stands for all cores. */
export const parseThreads = (text: string): number => parseCount(text, 0, 1024)

export function parseCount(text: string, min: number, max: number): number {
  const expected = `a whole number from ${min} to ${max}`
  const count = parseNumber(text, text, expected)
  if (!Number.isInteger(count) || count < min || count > max) throw unexpected(expected, text)
  return count
}

function requireAscending(values: number[], text: string): void {
  for (let i = 1; i < values.length; i++)
    if (!(values[i] > values[i - 1]))
      throw new InputError(`expected ascending numbers, got ${values[i]} after ${values[i - 1]} in "${text}"`)
}
