/** Opens the report: reads the data that the page carries, then draws. */

import { render } from 'preact'
import type { PageContent } from '../report/page-content.js'
import { decodePage } from '../report/page-data.js'
import { App } from './app.js'
import { Report } from './report.js'
import { Store } from './state/store.js'
import { StoreContext } from './ui/hooks.js'

const blockOf = (name: string): string => {
  for (const block of document.querySelectorAll<HTMLScriptElement>('script[data-block]'))
    if (block.dataset.block === name) return block.text
  throw new Error(`the page has no data "${name}"`)
}

async function open(root: HTMLElement): Promise<void> {
  const report = new Report(await decodePage<PageContent>(blockOf))
  const store = new Store(report.start, state => report.checked(state))
  document.title = `${report.content.detectionsName} on ${report.content.groundTruthName} – detscope`
  // In steps: drawing anything needs the index of the scene and the best score.
  for (const _ of report.prepare(store.state)) await new Promise(resolve => setTimeout(resolve))
  root.replaceChildren()
  render(
    <StoreContext.Provider value={{ store, report }}>
      <App />
    </StoreContext.Provider>,
    root,
  )
}

function fail(root: HTMLElement, error: unknown): void {
  const words = document.createElement('p')
  words.className = 'boot'
  words.textContent = `This report cannot be opened: ${error instanceof Error ? error.message : error}`
  root.replaceChildren(words)
}

const root = document.getElementById('app')
if (root) open(root).catch(error => fail(root, error))
