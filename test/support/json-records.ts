/** Records as JSON has them in every spelling, for properties of readers. */
import fc from 'fast-check'

export const one = <T>(...choices: T[]): fc.Arbitrary<T> => fc.constantFrom(...choices)

export const space = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, one(' ', '\n  ', '\t', '\r\n'))

export const field = (key: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.tuple(space, space, value).map(([a, b, v]) => `"${key}"${a}:${b}${v}`)

/** A field `weight` times as often as none. */
export const maybe = (weight: number, arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.oneof(
    { weight, arbitrary: arbitrary.map(text => [text]) },
    { weight: 1, arbitrary: fc.constant([] as string[]) },
  )

/** `parts` between brackets, with commas and space between them. */
export const bracketed = (open: string, parts: fc.Arbitrary<string[]>, close: string): fc.Arbitrary<string> =>
  fc.tuple(parts, space, space).map(([list, a, b]) => `${open}${a}${list.join(`${b},${a}`)}${b}${close}`)

/** An object of these fields in any order; those left out are empty lists. */
export const recordOf = (...fields: fc.Arbitrary<string[]>[]): fc.Arbitrary<string> =>
  bracketed(
    '{',
    fc.tuple(...fields).chain(found => fc.shuffledSubarray(found.flat(), { minLength: found.flat().length })),
    '}',
  )
