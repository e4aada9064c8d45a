import { describe, expect, test } from 'vitest'
import { boxContour } from '../../src/geometry/contours.js'
import { drawText, textWidth } from '../../src/report/bitmap-font.js'
import { blend, createPixels, cut, enlarge, resize, stretch } from '../../src/report/pixels.js'
import { stroke } from '../../src/report/stroke.js'

describe('resizing', () => {
  test('takes the mean of what each pixel covers', () => {
    const grey = (value: number): number[] => [value, value, value, 255]
    const rgba = Uint8Array.from([10, 20, 90, 100].flatMap(grey))
    expect([...resize({ width: 4, height: 1, rgba }, 0.5).rgba]).toEqual([...grey(15), ...grey(95)])
  })

  test('puts what is transparent on white', () => {
    const rgba = Uint8Array.of(0, 0, 0, 0)
    expect([...resize({ width: 1, height: 1, rgba }, 1).rgba]).toEqual([255, 255, 255, 255])
  })
})

/** First channel, a row a string of digits 0 to 9. */
const rowsOf = ({ width, height, rgba }: { width: number; height: number; rgba: Uint8Array }): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => rgba[4 * (y * width + x)]).join(''),
  )

const drawing = (...rows: string[]) => {
  const pixels = createPixels(rows[0].length, rows.length, [0, 0, 0])
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) pixels.rgba[4 * (y * row.length + x)] = Number(row[x])
  })
  return pixels
}

describe('pixels', () => {
  test('stretch by the nearest, and stay the same where nothing changes', () => {
    expect(rowsOf(stretch(drawing('12', '34'), { width: 4, height: 2 }))).toEqual(['1122', '3344'])
    expect(rowsOf(stretch(drawing('1234'), { width: 2, height: 1 }))).toEqual(['24'])
    const same = drawing('12')
    expect(stretch(same, { width: 2, height: 1 })).toBe(same)
  })

  test('are enlarged by whole factors', () => {
    expect(rowsOf(enlarge(drawing('12', '34'), 2))).toEqual(['1122', '1122', '3344', '3344'])
  })

  test('are cut out, with paper where there is no picture', () => {
    expect(rowsOf(cut(drawing('12', '34'), 1, -1, 3, 3, [7, 7, 7]))).toEqual(['777', '277', '477'])
    expect(rowsOf(cut(drawing('12', '34'), -5, 0, 2, 1, [7, 7, 7]))).toEqual(['77'])
  })

  test('mix colours within, and nothing outside', () => {
    const pixels = drawing('00')
    blend(pixels, 1, 0, [8, 0, 0], 0.5)
    for (const [x, y] of [
      [-1, 0],
      [2, 0],
      [0, 1],
    ])
      blend(pixels, x, y, [9, 0, 0], 1)
    expect(rowsOf(pixels)).toEqual(['04'])
  })
})

describe('strokes', () => {
  const draw = (dash?: [number, number], alpha = 1): string[] => {
    const pixels = createPixels(7, 5, [0, 0, 0])
    stroke(
      pixels,
      boxContour(10, 20, 2, 1),
      { x: 9.5, y: 19.5, scale: 2 },
      { colour: [8, 0, 0], width: 1, dash, alpha },
    )
    return rowsOf(pixels)
  }

  test('go around a box at its scale', () => {
    expect(draw()).toEqual(['0000000', '0888880', '0800080', '0888880', '0000000'])
  })

  test('ink each pixel once, faint ones too', () => {
    expect(draw(undefined, 0.5)[1]).toBe('0444440')
  })

  test('leave gaps where they are dashed', () => {
    const ink = draw([2, 2]).join('').replaceAll('0', '').length
    expect(ink).toBeGreaterThan(4)
    expect(ink).toBeLessThan(12)
  })
})

test('letters have their form and width; unknown ones leave a gap', () => {
  const pixels = createPixels(textWidth('1é.', 1), 7, [0, 0, 0])
  drawText(pixels, '1é.', 0, 0, 1, [1, 0, 0])
  expect(rowsOf(pixels)).toEqual([
    '00100000000000000',
    '01100000000000000',
    '00100000000000000',
    '00100000000000000',
    '00100000000000000',
    '00100000000001100',
    '01110000000001100',
  ])
})
