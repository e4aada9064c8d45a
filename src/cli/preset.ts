import { PERCENTILE_AREAS } from '../data/config.js'
import { InputError } from '../errors.js'
import type { EvalOptions } from './eval.js'

/** The article's configuration: masks, scores strictly above .80, sizes by percentiles. */
const ARTICLE = { iouType: 'segm', area: PERCENTILE_AREAS } as const
const ARTICLE_SCORE = 0.8

/** The score threshold that was asked for, and whether it leaves out a score that is equal to it. */
export interface ScoreChoice {
  /** Null: the score with the best F1. */
  score: number | null
  strict: boolean
}

/** The options with the preset's values where nothing else was given. */
export function withPreset(options: EvalOptions): EvalOptions {
  return options.preset === 'article' ? { ...ARTICLE, ...options } : options
}

export function scoreChoice({ preset, scoreThreshold }: EvalOptions): ScoreChoice {
  if (scoreThreshold !== undefined) return { score: scoreThreshold, strict: false }
  if (preset === 'article') return { score: ARTICLE_SCORE, strict: true }
  return { score: null, strict: false }
}

/** Options that do nothing without another one. Fails with InputError, so that nobody waits for what does not come. */
export function checkCompany(options: EvalOptions): void {
  const { report, overlays } = options
  const needs = (option: string, given: unknown, others: [string, unknown][]): void => {
    if (given === undefined || others.some(([, other]) => other !== undefined)) return
    throw new InputError(`${option} needs ${others.map(([name]) => name).join(' or ')}`)
  }
  needs('--images', options.images, [
    ['--report', report],
    ['--overlays', overlays],
  ])
  needs('--gallery', options.gallery, [['--report', report]])
  needs('--top', options.top, [['--overlays', overlays]])
}

/** Why the score threshold is what it is, in words. */
export function scoreReason({ preset, scoreThreshold }: EvalOptions): string {
  if (scoreThreshold !== undefined) return 'as given'
  return preset === undefined ? 'the best F1 at IoU .50' : `preset ${preset}`
}
