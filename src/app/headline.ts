import type { CorrectedAverages } from '../metrics/corrected.js'
import type { PageContent } from '../report/page-content.js'
import type { State } from './state/state.js'

export interface Headline {
  AP: number | null
  AP50: number | null
  AP75: number | null
  AR: number | null
}

const UNDEFINED: Headline = { AP: null, AP50: null, AP75: null, AR: null }

/** The metrics of a report in four numbers, of one class where `chosen` (index in the evaluated ones) is not -1. */
export function headlineOf(
  content: PageContent,
  { protocol }: Pick<State, 'protocol'>,
  chosen: number,
): Headline {
  if (protocol === 'corrected') {
    const metrics = content.corrected.coco
    const averages = chosen < 0 ? metrics?.sizes[0] : metrics?.perClass[chosen]
    return averages ? areasOf(averages) : UNDEFINED
  }
  const { overall, areas, classes } = content.coco
  if (chosen >= 0) return classes[chosen] ?? UNDEFINED
  return { AP: overall.AP, AP50: overall.AP50, AP75: overall.AP75, AR: areas[0].AR }
}

/** Protocol `corrected` takes the area under the exact curve. */
const areasOf = ({ mAP, mAP50, mAP75, mAR }: CorrectedAverages): Headline => ({
  AP: mAP.auc,
  AP50: mAP50.auc,
  AP75: mAP75.auc,
  AR: mAR,
})
