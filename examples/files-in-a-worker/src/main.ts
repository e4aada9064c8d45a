import type { Answer, Request, Result } from './messages.js'

const form = document.querySelector('form') as HTMLFormElement
const status = document.querySelector('[role=status]') as HTMLElement
const table = document.querySelector('table') as HTMLTableElement
const cancel = form.elements.namedItem('cancel') as HTMLButtonElement

let worker: Worker | null = null

function stop(): void {
  worker?.terminate()
  worker = null
  cancel.disabled = true
}

form.addEventListener('submit', event => {
  event.preventDefault()
  const chosen = new FormData(form)
  stop()
  table.hidden = true
  worker = new Worker(new URL('./evaluator.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<Answer>) => show(data)
  cancel.disabled = false
  const request: Request = {
    groundTruth: chosen.get('gt') as File,
    detections: chosen.get('dt') as File,
  }
  worker.postMessage(request)
})

// Ending the worker ends its threads as well. Within one page an AbortSignal does it: evaluateFiles(.., { signal }).
cancel.addEventListener('click', () => {
  stop()
  status.textContent = 'Cancelled.'
})

function show(answer: Answer): void {
  if ('progress' in answer) {
    const { stage, done, total } = answer.progress
    status.textContent = total ? `${stage}: ${Math.floor((100 * done) / total)} %` : stage
    return
  }
  stop()
  if ('error' in answer) status.textContent = answer.error
  else showResult(answer.result)
}

function showResult({ metrics, warnings, seconds }: Result): void {
  status.textContent = [`Done in ${seconds.toFixed(2)} s.`, ...warnings].join(' ')
  table.replaceChildren()
  for (const [name, value] of metrics) {
    const row = table.insertRow()
    row.insertCell().textContent = name
    row.insertCell().textContent = value === null ? '–' : value.toFixed(3)
  }
  table.hidden = false
}
