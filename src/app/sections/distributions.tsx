import { useMemo, useRef } from 'preact/hooks'
import { countDistributions } from '../../metrics/count-distributions.js'
import { type ScoreDistributions, scoreDistributions } from '../../metrics/distributions.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { HistogramChart, type Layer } from '../charts/histograms.js'
import { Key } from '../charts/key.js'
import { formatCount, formatPx, formatScore } from '../format.js'
import type { Narrowing } from '../state/state.js'
import { goTo } from '../ui/go-to.js'
import { useActions, useAppState, useReport, useStore, useWork } from '../ui/hooks.js'
import { Switch } from '../ui/parts.js'
import { placeOf, Section } from './section.js'

const allScores = ({ allTpScores: TP, allFpScores: FP }: ScoreDistributions) => ({ TP, FP })

const whole = (value: number): string => (Number.isInteger(value) ? formatCount(value) : '')

const isEqual = (one: number[], other: number[]): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i])

const isSame = (layers: Layer[], others: Layer[]): boolean =>
  layers.every(
    ({ histogram }, i) =>
      isEqual(histogram.edges, others[i].histogram.edges) &&
      isEqual(histogram.counts, others[i].histogram.counts),
  )

export function Distributions() {
  const state = useAppState()
  const report = useReport()
  const { model } = useStore()
  const { pick, step } = useActions()
  const { leastScore } = report
  const latest = useRef<Record<string, Layer[]>>({})
  /** The layers drawn last where they are the same: their chart stays as it is. */
  const kept = (name: string, layers: Layer[]): Layer[] => {
    const before = latest.current[name]
    latest.current[name] = before && isSame(before, layers) ? before : layers
    return latest.current[name]
  }
  const layers = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      const view = report.viewOf(state)
      const size = report.sizeIndexOf(state)
      matchesIn(scene, index, view, size)
      yield
      const category = state.category < 0 ? undefined : state.category
      const found = countDistributions(scene, index, view, size, category)
      yield
      const scored =
        state.scores === 'kept'
          ? { TP: found.tpScores, FP: found.fpScores }
          : allScores(scoreDistributions(scene, index, view, size, category))
      const layer = (outcome: Layer['outcome'], of: string, name: keyof typeof found): Layer => ({
        outcome,
        of,
        histogram: found[name],
      })
      return {
        ious: kept('ious', [layer('TP', 'true positives', 'ious')]),
        scores: kept('scores', [
          { outcome: 'TP' as const, of: 'true positives', histogram: scored.TP },
          { outcome: 'FP' as const, of: 'false positives', histogram: scored.FP },
        ]),
        scoresShown: state.scores,
        objects: kept('objects', [
          layer('TP', 'objects found', 'matchedAreas'),
          layer('FN', 'objects missed', 'missedAreas'),
        ]),
        detections: kept('detections', [
          layer('TP', 'true positives', 'tpAreas'),
          layer('FP', 'false positives', 'fpAreas'),
        ]),
        imageObjects: kept('imageObjects', [layer(null, 'images', 'imageGroundTruths')]),
        imageDetections: kept('imageDetections', [layer(null, 'images', 'imageDetections')]),
      }
    },
    [report, state],
  )
  const sizes = report.sizesOf(state)
  const lists = useMemo(() => {
    const list =
      (name: keyof Narrowing) =>
      ({ outcome }: Layer, range: [number, number]): void =>
        pick({ filter: { outcomes: [outcome as 'TP'], [name]: range } })
    const listImages =
      (name: keyof Narrowing) =>
      (_: Layer, range: [number, number]): void => {
        pick({ filter: { [name]: range }, images: true })
        goTo(placeOf('images', model))
      }
    return {
      overlap: list('overlap'),
      score: list('score'),
      // What lies below the threshold is listed only without it.
      anyScore: ({ outcome }: Layer, score: [number, number]): void =>
        pick({ score: leastScore, filter: { outcomes: [outcome as 'TP'], score } }),
      gtArea: list('gtArea'),
      area: list('area'),
      objects: listImages('imageGroundTruths'),
      detections: listImages('imageDetections'),
    }
  }, [pick, leastScore, model])
  const choice = useMemo(
    () => (
      <Switch
        label="Scores"
        value={state.scores}
        options={[
          { value: 'kept', title: 'kept' },
          { value: 'all', title: 'all' },
        ]}
        onChange={scores => step(now => ({ ...now, scores }))}
      />
    ),
    [state.scores, step],
  )
  const log = useMemo(() => ({ sizes }), [sizes])
  return (
    <Section
      id="distributions"
      lead="How the numbers above come about. A click on a bin lists what it holds."
    >
      <Key outcomes={['TP', 'FP', 'FN']} />
      <div class="grid">
        <HistogramChart
          title="IoU of true positives"
          reading="How well found objects are outlined: the further right, the tighter."
          layers={layers?.ious}
          axis="IoU"
          format={formatScore}
          onPick={lists.overlap}
        />
        <HistogramChart
          title="Scores of detections"
          reading="Green are right, orange are wrong; a good model has its orange at the left."
          layers={layers?.scores}
          axis="score"
          format={formatScore}
          onPick={layers?.scoresShown === 'all' ? lists.anyScore : lists.score}
        >
          {choice}
        </HistogramChart>
        <HistogramChart
          title="Areas of objects, found and missed"
          reading="Each bin is twice as wide as the one before; blue are objects that were missed."
          layers={layers?.objects}
          axis="area, px"
          format={formatPx}
          log={log}
          onPick={lists.gtArea}
        />
        <HistogramChart
          title="Areas of detections, right and wrong"
          reading="By the area of the detection itself; orange are false alarms."
          layers={layers?.detections}
          axis="area, px"
          format={formatPx}
          log={log}
          onPick={lists.area}
        />
        <HistogramChart
          title="Objects per image"
          reading="How many images have how many objects; a click shows those images in section 4."
          layers={layers?.imageObjects}
          axis="objects"
          format={whole}
          onPick={lists.objects}
        />
        <HistogramChart
          title="Detections per image"
          reading="How many images have how many detections above the score; a click shows those images in section 4."
          layers={layers?.imageDetections}
          axis="detections"
          format={whole}
          onPick={lists.detections}
        />
      </div>
    </Section>
  )
}
