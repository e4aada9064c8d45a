import { expect, test } from 'vitest'
import { defineLayout, layoutsWgsl, Mask } from '../../src/backends/webgpu/layouts.js'

const Point = defineLayout('Point', { x: 'i32', y: 'i32', id: 'u32' })

test('one description gives the WGSL struct and its size', () => {
  expect(Point.wgsl).toBe('struct Point {\n  x: i32,\n  y: i32,\n  id: u32,\n}\n')
  expect(Point.words).toBe(3)
})

test('records are written in the order of the fields, negative numbers in two’s complement', () => {
  const table = new Uint32Array(6)
  Point.write(table, 1, { id: 7, x: -1, y: 2 })
  expect([...table]).toEqual([0, 0, 0, 0xffffffff, 2, 7])
  expect(Point.read(table, 1, 'id')).toBe(7)
})

test('the kernels see every record', () => {
  expect(layoutsWgsl).toContain(Mask.wgsl)
  expect(layoutsWgsl).toContain('const LANES = 64u;')
})
