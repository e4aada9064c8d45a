import { describe, expect, test } from 'vitest'
import { MASK_RLE } from '../../src/data/masks.js'
import { firstHasMask, MaskColumns, NONE } from '../../src/ingest/mask-columns.js'

const BYTES = Uint8Array.of(48, 49, 50, 51)
const rle = (masks: MaskColumns) => masks.rle(BYTES, 1, 3, 5, 7)

describe('rows without a mask', () => {
  test('before the first mask take no room, and count', () => {
    const masks = new MaskColumns()
    masks.noneFor(1000)
    masks.none()
    expect(masks.count).toBe(1001)
    expect(masks.plain().kinds).toHaveLength(0)
  })

  test('stand where they were when a mask comes', () => {
    const masks = new MaskColumns()
    masks.noneFor(2)
    rle(masks)
    masks.noneFor(1)
    expect([...masks.kinds.view()]).toEqual([NONE, NONE, MASK_RLE, NONE])
    expect([...masks.sizes.view()]).toEqual([0, 0, 0, 0, 5, 7, 0, 0])
    const { lengths, starts, chunk } = masks.select(Uint32Array.of(0, 1, 2, 3))
    expect([...lengths]).toEqual([0, 0, 2, 0])
    expect([...chunk]).toEqual([0, 0, 0, 0])
    expect(starts).toHaveLength(4)
  })

  test('of several readers are joined, wherever the masks are', () => {
    const masks = new MaskColumns()
    const [none, late, early] = [new MaskColumns(), new MaskColumns(), new MaskColumns()]
    none.noneFor(2)
    late.noneFor(1)
    rle(late)
    rle(early)
    for (const part of [none, none, late, none, early]) masks.append(part.plain())
    expect(masks.count).toBe(9)
    expect([...masks.kinds.view()]).toEqual([NONE, NONE, NONE, NONE, NONE, MASK_RLE, NONE, NONE, MASK_RLE])
    const { chunks, chunk, starts } = masks.select(Uint32Array.of(5, 8))
    for (const i of [0, 1]) expect(chunks[chunk[i]][starts[i]]).toBe(49)
  })

  test('tell whether the first row has one', () => {
    const [none, some] = [new MaskColumns(), new MaskColumns()]
    expect(firstHasMask(none.plain())).toBe(false)
    none.noneFor(1)
    rle(none)
    rle(some)
    expect(firstHasMask(none.plain())).toBe(false)
    expect(firstHasMask(some.plain())).toBe(true)
  })
})
