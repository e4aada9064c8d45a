import { type Rate, rateOf } from './claims.js'
import type { Group } from './finding-study.js'

export const recallOf = ({ tp, fn }: Group): Rate => rateOf([tp], [tp, fn])
export const precisionOf = ({ tp, fp }: Group): Rate => rateOf([tp], [tp, fp])
export const f1Of = ({ tp, fp, fn }: Group): Rate => rateOf([tp, tp], [tp, tp, fp, fn])
