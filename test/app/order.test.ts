import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sortRows } from '../../src/app/ui/data-table.js'
import { orderBy, placesOf } from '../../src/app/ui/order.js'

const keys = fc.array(fc.option(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }))))

describe('an order', () => {
  test.each([true, false])('descending %s is that of a stable comparison, absent keys last', descending => {
    fc.assert(
      fc.property(keys, values => {
        const isAbsent = (i: number): boolean => values[i] === null || Number.isNaN(values[i])
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => {
            if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b))
            const [one, other] = [values[a] as number, values[b] as number]
            if (one === other) return 0
            return one < other === descending ? 1 : -1
          })
        expect([...orderBy(values.length, i => values[i], descending)]).toEqual(expected)
      }),
    )
  })

  test.each([true, false])('descending %s of many with equal keys, which have longer digits', descending => {
    const values = Array.from({ length: 40_000 }, (_, i) => ((i * 7919) % 1000) - 500.5)
    const expected = values
      .map((_, i) => i)
      .sort((a, b) => (descending ? values[b] - values[a] : values[a] - values[b]))
    expect([...orderBy(values.length, i => values[i], descending)]).toEqual(expected)
  })

  test('of 200,000', () => {
    const values = Float64Array.from({ length: 200_000 }, (_, i) => Math.sin(i))
    const order = orderBy(values.length, i => values[i], true)
    expect(Array.from(order, i => values[i])).toEqual([...values].sort((a, b) => b - a))
  })
})

test('texts sort as readers count', () => {
  expect([...placesOf(['img10', 'img2', 'Img2', 'apple'])]).toEqual([3, 1, 2, 0])
})

test('rows sort by a column of texts or of numbers, and stay as they are for a column that is none', () => {
  const rows = [
    { name: 'b', size: 2 },
    { name: 'a', size: null },
    { name: 'c', size: 10 },
  ]
  const columns = [
    { id: 'name', title: '', value: (row: (typeof rows)[number]) => row.name },
    { id: 'size', title: '', value: (row: (typeof rows)[number]) => row.size },
  ]
  const names = (column: string, descending: boolean) =>
    sortRows(rows, columns, { column, descending })
      .map(row => row.name)
      .join('')
  expect(names('name', false)).toBe('abc')
  expect(names('name', true)).toBe('cba')
  expect(names('size', true)).toBe('cba')
  expect(names('size', false)).toBe('bca')
  expect(names('other', true)).toBe('bac')
})
