import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appendMask } from '../../src/geometry/encoded.js'
import { encodeSpans } from '../../src/geometry/rle.js'
import { SpanBuffer } from '../../src/geometry/spans.js'
import { encodeMasks, rowsTo } from '../support/masks.js'
import { availableBackends } from './backends.js'

interface Shape {
  height: number
  width: number
  parts: number[][]
  /** What the reference makes of it. */
  rle: string
}

const shapes: Shape[] = JSON.parse(readFileSync(join(import.meta.dirname, 'shapes.json'), 'utf8')).shapes
const polygons = encodeMasks(shapes.map(({ height, width, parts }) => ({ height, width, parts })))
const strings = encodeMasks(shapes.map(({ height, width, rle }) => ({ height, width, rle })))
const rows = rowsTo(shapes.length)

test('polygons become the runs of the reference', () => {
  const actual = shapes.map(({ height, width }, i) => {
    const spans = new SpanBuffer()
    appendMask(polygons, i, spans)
    const runs = encodeSpans(spans.values.subarray(0, spans.length), height * width)
    return Buffer.from(runs).toString()
  })
  expect(shapes.length).toBeGreaterThan(300)
  expect(actual).toEqual(shapes.map(({ rle }) => rle))
})

describe.each(availableBackends)('on $name', ({ open }) => {
  test('polygons have the pixels of the runs of the reference', async () => {
    const backend = await open()
    const [drawn, stated] = [await backend.load(polygons, rows), await backend.load(strings, rows)]
    const shared = await drawn.intersect(stated, { dt: rows, gt: rows })
    // Equal sizes and as many shared pixels: the same mask.
    expect([...drawn.areaPx]).toEqual([...stated.areaPx])
    expect([...shared]).toEqual([...stated.areaPx])
    expect([...drawn.bounds]).toEqual([...stated.bounds])
    backend.close()
  })
})
