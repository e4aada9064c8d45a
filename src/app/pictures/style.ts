/** How instances look in pictures: the same in every theme, since a photograph has its own light. */

import { CUT, FN, FP, IGNORED, TP } from '../../data/analysis.js'
import { BELOW, ELSEWHERE, type PictureItem } from '../../report/picture.js'

export interface OutcomeStyle {
  /** Written on labels, so that colour is never alone. */
  letters: string
  /** Of contour and fill: Okabe and Ito's, told apart by colour-blind people and in print. */
  colour: string
  /** Behind white letters. */
  label: string
  /** In a sentence. */
  words: string
}

const GREY = { colour: '#8a9099', label: '#565d66' }

const STYLES: Record<number, OutcomeStyle> = {
  [TP]: { letters: 'TP', colour: '#009e73', label: '#00664b', words: 'true positive' },
  [FP]: { letters: 'FP', colour: '#d55e00', label: '#9a4400', words: 'false positive' },
  [FN]: { letters: 'FN', colour: '#0072b2', label: '#005a8c', words: 'missed' },
  [IGNORED]: { ...GREY, letters: 'ignored', words: 'ignored' },
  [CUT]: { ...GREY, letters: 'cut', words: 'beyond the cap' },
  [ELSEWHERE]: { ...GREY, letters: 'other size', words: 'of another size' },
  [BELOW]: { ...GREY, letters: 'below', words: 'below the score threshold' },
}

export const styleOf = (outcome: number): OutcomeStyle => STYLES[outcome] ?? STYLES[IGNORED]

/** What a reader has switched on. */
export interface Toggles {
  groundTruths: boolean
  detections: boolean
  tp: boolean
  fp: boolean
  fn: boolean
  /** Ignored, cut, of another size. */
  others: boolean
  labels: boolean
  /** Opacity of fills, 0 to 1. */
  fill: number
}

export const ALL_ON: Toggles = {
  groundTruths: true,
  detections: true,
  tp: true,
  fp: true,
  fn: true,
  others: true,
  labels: true,
  fill: 0.2,
}

export function isShown({ kind, outcome }: PictureItem, toggles: Toggles): boolean {
  if (!(kind === 'gt' ? toggles.groundTruths : toggles.detections)) return false
  if (outcome === TP) return toggles.tp
  if (outcome === FP) return toggles.fp
  if (outcome === FN) return toggles.fn
  return toggles.others
}
