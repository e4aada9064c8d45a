import { analyse, evaluate, summarize } from 'detscope'
import { decode } from './decode.js'
import { INPUT, run } from './model.js'
import { groundTruth } from './scenes.js'

const IMAGES = 24

const status = document.querySelector('[role=status]') as HTMLElement
const table = document.querySelector('table') as HTMLTableElement

async function main(): Promise<void> {
  const labels = groundTruth(IMAGES)
  const detections = []
  for (const image of labels.images) detections.push(...decode(await run(image.id), image, INPUT))
  const evaluation = await evaluate(labels, detections, { iouType: 'segm', scene: true })
  const { AP, AP50, AP75, AR100 } = summarize(evaluation).metrics
  const { score, f1 } = analyse(evaluation).thresholds.overall
  const lines = { AP, AP50, AP75, AR100, 'best score threshold': score, 'F1 there': f1 }
  for (const [name, value] of Object.entries(lines)) {
    const row = table.insertRow()
    row.insertCell().textContent = name
    row.insertCell().textContent = value === null ? '–' : value.toFixed(3)
  }
  table.hidden = false
  status.textContent = `${detections.length} detections in ${IMAGES} pictures.`
}

main().catch(error => {
  status.textContent = String(error)
})
