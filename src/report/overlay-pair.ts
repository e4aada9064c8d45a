import { drawText, GLYPH_HEIGHT } from './bitmap-font.js'
import { type Colour, createPixels, type Pixels } from './pixels.js'

/** Those of the page. */
const COLOURS: [string, Colour][] = [
  ['A', [164, 53, 111]],
  ['B', [138, 97, 0]],
]
const WHITE: Colour = [255, 255, 255]
const SCALE = 2
const PADDING = 5
/** px between the pictures. */
const GAP = 6
const BAND = GLYPH_HEIGHT * SCALE + 2 * PADDING

/** The same place as two models see it, A at the left and B at the right, each below a band with its letter. */
export function besideEachOther(a: Pixels, b: Pixels): Pixels {
  const both = createPixels(a.width + GAP + b.width, BAND + Math.max(a.height, b.height), WHITE)
  const starts = [0, a.width + GAP]
  for (const [i, side] of [a, b].entries()) {
    const [letter, colour] = COLOURS[i]
    const band = createPixels(side.width, BAND, colour)
    drawText(band, letter, PADDING, PADDING, SCALE, WHITE)
    paste(both, band, starts[i], 0)
    paste(both, side, starts[i], BAND)
  }
  return both
}

function paste(onto: Pixels, { width, height, rgba }: Pixels, x: number, y: number): void {
  for (let row = 0; row < height; row++)
    onto.rgba.set(rgba.subarray(4 * row * width, 4 * (row + 1) * width), 4 * ((y + row) * onto.width + x))
}
