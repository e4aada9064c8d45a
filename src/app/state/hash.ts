/** A state as the fragment of an address, and back. Only what differs from the start is written. */

import type { FoundBy, InstanceFilter, Objective } from '../../data/analysis.js'
import { CROWD_RULES } from '../../matching/scene-rules.js'
import type { InstanceRef, Narrowing, Sort, State } from './state.js'

type Outcome = NonNullable<InstanceFilter['outcomes']>[number]
type Range = [number, number]

const OUTCOMES: Outcome[] = ['TP', 'FP', 'FN', 'ignored', 'cut']
const FOUND_BY: FoundBy[] = ['A', 'B', 'both', 'neither']
const RANGES = ['score', 'overlap', 'area', 'gtArea', 'imageGroundTruths', 'imageDetections'] as const

/** How one part of the state is written and read; `read` gives undefined for text that makes no sense. */
interface Field<T> {
  write: (value: T) => string
  read: (text: string) => T | undefined
}

const number: Field<number> = {
  write: String,
  read: text => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
}
const row: Field<number> = {
  write: String,
  read: text => (/^\d{1,10}$/.test(text) ? Number(text) : undefined),
}
const cap: Field<number> = {
  write: String,
  read: text => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
}
const flag: Field<boolean> = {
  write: value => (value ? 'yes' : 'no'),
  read: text => (text === 'yes' ? true : text === 'no' ? false : undefined),
}
const text: Field<string> = { write: value => value, read: value => value }
const within = (lo: number, hi: number): Field<number> => ({
  write: String,
  read: value => {
    const read = number.read(value)
    return read !== undefined && read >= lo && read <= hi ? read : undefined
  },
})
const oneOf = <T extends string>(...values: T[]): Field<T> => ({
  write: value => value,
  read: value => values.find(known => known === value),
})
/** `none` stands for an empty value. */
const orNone = <T, N>(field: Field<T>, none: N): Field<T | N> => ({
  write: value => (value === none ? 'none' : field.write(value as T)),
  read: value => (value === 'none' ? none : field.read(value)),
})
const list = <T extends string>(values: Field<T>): Field<T[]> => ({
  write: items => items.map(values.write).join(','),
  read: value => {
    const items = value === '' ? [] : value.split(',').map(values.read)
    return items.every(item => item !== undefined) ? (items as T[]) : undefined
  },
})
const range: Field<Range> = {
  write: ([lo, hi]) => `${lo}..${hi}`,
  read: value => {
    const ends = value.split('..')
    const [lo, hi] = ends.map(end => (end.trim() === '' ? Number.NaN : Number(end)))
    return ends.length === 2 && !Number.isNaN(lo) && !Number.isNaN(hi) ? [lo, hi] : undefined
  },
}

const STATE: { [K in keyof State]?: Field<State[K]> } = {
  protocol: oneOf('coco', 'corrected'),
  model: oneOf('A', 'B'),
  iou: within(0.01, 1),
  score: orNone(number, null),
  scoreStrict: flag,
  sizes: text,
  areas: text,
  size: text,
  category: orNone(row, -1),
  classAgnostic: flag,
  crowds: oneOf(...CROWD_RULES),
  maxDet: orNone(cap, null),
  objective: { write: writeObjective, read: readObjective },
  find: text,
  scores: oneOf('kept', 'all'),
  layout: oneOf('table', 'gallery'),
  list: flag,
  open: orNone({ write: writeRef, read: readRef }, null),
}

const NARROWING: { [K in keyof Narrowing]-?: Field<NonNullable<Narrowing[K]>> } = {
  foundBy: list(oneOf(...FOUND_BY)),
  outcomes: list(oneOf(...OUTCOMES)),
  reasons: list({
    write: value => value,
    read: value =>
      /^[a-z-]+$/.test(value) ? (value as NonNullable<Narrowing['reasons']>[number]) : undefined,
  }),
  image: row,
  confusedWith: row,
  ...(Object.fromEntries(RANGES.map(name => [name, range])) as Record<(typeof RANGES)[number], Field<Range>>),
}

const SORT = 'sort.'
const FILTER = 'in.'

/** Without `#`; '' for the start itself. */
export function toHash(state: State, start: State): string {
  const params = new URLSearchParams()
  for (const [name, field] of Object.entries(STATE)) {
    const { write } = field as Field<unknown>
    const value = write(state[name as keyof State])
    if (value !== write(start[name as keyof State])) params.set(name, value)
  }
  for (const [name, field] of Object.entries(NARROWING)) {
    const value = state.filter[name as keyof Narrowing]
    if (value !== undefined) params.set(FILTER + name, (field as Field<unknown>).write(value))
  }
  for (const [table, sort] of Object.entries(state.sorts)) params.set(SORT + table, writeSort(sort))
  return params.toString()
}

/** The start with what the fragment says; what it says wrongly, or of nothing known, is left out. */
export function fromHash(hash: string, start: State): State {
  const state: State = { ...start, filter: {}, sorts: {} }
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (name.startsWith(SORT)) {
      const sort = readSort(value)
      if (sort) state.sorts[name.slice(SORT.length)] = sort
    } else if (name.startsWith(FILTER)) set(state.filter, NARROWING, name.slice(FILTER.length), value)
    else set(state, STATE, name, value)
  }
  return state
}

function set(target: object, fields: object, name: string, value: string): void {
  if (!Object.hasOwn(fields, name)) return
  const read = (fields as Record<string, Field<unknown>>)[name].read(value)
  if (read !== undefined) Object.assign(target, { [name]: read })
}

const writeSort = ({ column, descending }: Sort): string => (descending ? '-' : '+') + column

const readSort = (value: string): Sort | undefined =>
  /^[-+]./.test(value) ? { column: value.slice(1), descending: value[0] === '-' } : undefined

function writeRef({ kind, row }: InstanceRef): string {
  return `${kind}:${row}`
}

function readRef(value: string): InstanceRef | undefined {
  const match = /^(dt|gt):(\d{1,10})$/.exec(value)
  return match ? { kind: match[1] as 'dt' | 'gt', row: Number(match[2]) } : undefined
}

function writeObjective(objective: Objective): string {
  const { kind, ...numbers } = objective
  return [kind, ...Object.values(numbers)].join(' ')
}

function readObjective(value: string): Objective | undefined {
  const [kind, ...rest] = value.split(' ')
  const [a, b] = rest.map(number.read)
  if (a === undefined || a < 0) return undefined
  if (kind === 'f-beta' && a > 0) return { kind, beta: a }
  if (kind === 'min-precision') return { kind, precision: a }
  if (kind === 'min-recall') return { kind, recall: a }
  if (kind === 'cost' && b !== undefined && b >= 0) return { kind, falsePositive: a, falseNegative: b }
  return undefined
}
