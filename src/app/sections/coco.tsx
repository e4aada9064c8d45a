import { useMemo } from 'preact/hooks'
import { IouLines, type IouPoint } from '../charts/iou-lines.js'
import { useAppState, useReport } from '../ui/hooks.js'
import { Explain } from '../ui/parts.js'
import { MetricsByClass } from './coco-classes.js'
import { Comparison } from './coco-comparison.js'
import { MetricsBySize } from './coco-sizes.js'
import { Corrections } from './corrections.js'
import { Section } from './section.js'

export function Coco() {
  return (
    <Section
      id="coco"
      lead="The numbers that everyone compares, and what they would be without the reference’s quirks."
    >
      <Explain term="How are both computed?">
        “coco” is pycocotools’ AP: the upper envelope of the precision-recall curve, sampled at 101 recalls,
        averaged over classes and IoU thresholds. “corrected” takes the area under the exact curve, with ties
        together and each match made once; its AR is the last recall without a cap. No score threshold applies
        to either: a click on a metric lists everything that it is computed from, down to the lowest score.
      </Explain>
      <div class="pair">
        <Comparison />
        <ByIou />
      </div>
      <Corrections />
      <MetricsBySize />
      <MetricsByClass />
    </Section>
  )
}

/** AP over all classes at each IoU threshold, by both protocols. */
function ByIou() {
  const { content, leastScore } = useReport()
  const { iou } = useAppState()
  const points = useMemo(() => {
    const coco = content.coco.thresholds.map(({ iou, areas }) => ({
      protocol: 'coco' as const,
      iou,
      value: areas[0].AP,
    }))
    const corrected = content.corrected.coco?.perIou.map(({ auc }, t) => ({
      protocol: 'corrected' as const,
      iou: content.coco.thresholds[t].iou,
      value: auc,
    }))
    return [...coco, ...(corrected ?? [])].filter((point): point is IouPoint => point.value !== null)
  }, [content])
  return (
    <IouLines
      title="AP over all classes at each IoU threshold"
      points={points}
      iou={iou}
      score={leastScore}
    />
  )
}
