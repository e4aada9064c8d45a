/** A few characters, drawn as pixels: what labels of overlays need. */

import { blend, type Colour, type Pixels } from './pixels.js'

const GLYPH_WIDTH = 5
export const GLYPH_HEIGHT = 7

/** Rows of five from the top; # is ink. */
const GLYPHS: Record<string, string> = {
  '0': '.###. #...# #..## #.#.# ##..# #...# .###.',
  '1': '..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.',
  '2': '.###. #...# ....# ...#. ..#.. .#... #####',
  '3': '.###. #...# ....# ..##. ....# #...# .###.',
  '4': '...#. ..##. .#.#. #..#. ##### ...#. ...#.',
  '5': '##### #.... ####. ....# ....# #...# .###.',
  '6': '..##. .#... #.... ####. #...# #...# .###.',
  '7': '##### ....# ...#. ..#.. .#... .#... .#...',
  '8': '.###. #...# #...# .###. #...# #...# .###.',
  '9': '.###. #...# #...# .#### ....# ...#. .##..',
  '.': '..... ..... ..... ..... ..... .##.. .##..',
  '-': '..... ..... ..... .###. ..... ..... .....',
  A: '.###. #...# #...# ##### #...# #...# #...#',
  B: '####. #...# #...# ####. #...# #...# ####.',
  F: '##### #.... #.... ####. #.... #.... #....',
  G: '.###. #...# #.... #.### #...# #...# .###.',
  I: '.###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.',
  N: '#...# ##..# #.#.# #..## #...# #...# #...#',
  P: '####. #...# #...# ####. #.... #.... #....',
  T: '##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..',
  U: '#...# #...# #...# #...# #...# #...# .###.',
  o: '..... ..... .###. #...# #...# #...# .###.',
}

/** px that a text is wide at a scale. */
export const textWidth = (text: string, scale: number): number =>
  Math.max(0, text.length * (GLYPH_WIDTH + 1) - 1) * scale

/** Draws a text with its top left corner at (x, y); characters without a glyph leave a gap. */
export function drawText(
  pixels: Pixels,
  text: string,
  x: number,
  y: number,
  scale: number,
  colour: Colour,
): void {
  for (let i = 0; i < text.length; i++) {
    const rows = GLYPHS[text[i]]?.split(' ') ?? []
    for (let v = 0; v < rows.length * scale; v++) {
      for (let u = 0; u < GLYPH_WIDTH * scale; u++) {
        if (rows[Math.floor(v / scale)][Math.floor(u / scale)] !== '#') continue
        blend(pixels, x + i * (GLYPH_WIDTH + 1) * scale + u, y + v, colour, 1)
      }
    }
  }
}
