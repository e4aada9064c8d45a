import { expect, test } from 'vitest'
import { appendBoxes, Column } from '../../src/ingest/columns.js'

test('zeros stand between values, also where the column grows', () => {
  for (const size of [1, 4, 64]) {
    const column = new Column(length => new Float64Array(length), size)
    column.append(Float64Array.of(1, 2))
    column.zeros(5)
    column.push(3)
    column.zeros(20)
    column.append(Float64Array.of(4))
    expect([...column.view()]).toEqual([1, 2, 0, 0, 0, 0, 0, 3, ...new Array(20).fill(0), 4])
  }
})

test('boxes are kept where some record has one, and are zeros where none has', () => {
  const column = new Column(length => new Float64Array(length))
  appendBoxes(column, Float64Array.of(0, 0, 0, 0, 5, 6, 7, 8), Uint8Array.of(0, 1))
  appendBoxes(column, new Float64Array(8), Uint8Array.of(0, 0))
  appendBoxes(column, Float64Array.of(1, 2, 3, 4), Uint8Array.of(1))
  expect([...column.view()]).toEqual([0, 0, 0, 0, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
})
