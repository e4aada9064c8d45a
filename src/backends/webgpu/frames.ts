/** Where a bit map lies in its image: columns x0 .. x0 + columns, words first_word .. first_word + column_words down. */
export interface Frame {
  x0: number
  columns: number
  firstWord: number
  columnWords: number
}

/** The frame of pixels x0 .. x1, y0 .. y1 (half-open): rows are rounded outwards to whole words. */
export function frameOf(x0: number, y0: number, x1: number, y1: number): Frame {
  const firstWord = y0 >>> 5
  return { x0, columns: x1 - x0, firstWord, columnWords: Math.ceil(y1 / 32) - firstWord }
}

export const EMPTY_FRAME: Frame = { x0: 0, columns: 0, firstWord: 0, columnWords: 0 }

export const wordsIn = (frame: Frame): number => frame.columns * frame.columnWords

/** Offsets of frames laid out one after another, and the total, in words: [frame + 1]. */
export function basesOf(frames: Frame[]): Float64Array {
  const bases = new Float64Array(frames.length + 1)
  for (let i = 0; i < frames.length; i++) bases[i + 1] = bases[i] + wordsIn(frames[i])
  return bases
}
