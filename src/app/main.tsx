/** Opens the report: reads the data that the page carries, then draws. */

import { render } from 'preact'
import { GALLERY, type GalleryPart } from '../report/gallery.js'
import type { PageContent } from '../report/page-content.js'
import { decodePage } from '../report/page-data.js'
import { withPicturesOf } from '../report/pair-gallery.js'
import { App } from './app.js'
import { blockOf, hasSecond } from './blocks.js'
import { givesWay, nextTask } from './give-way.js'
import { Pair } from './pair.js'
import { Report, titleOf } from './report.js'
import { Store } from './state/store.js'
import { StoreContext } from './ui/hooks.js'

async function open(root: HTMLElement): Promise<void> {
  const report = new Report(await decodePage<PageContent>(blockOf('A'), givesWay()))
  const second = hasSecond() ? await openSecond(report) : null
  const pair = second ? new Pair(report, second) : undefined
  const source = pair ?? report
  const store = new Store(source.start, state => source.checked(state))
  document.title = titleOf(report, second)
  // In steps: drawing anything needs the index of the scene and the best score.
  for (const _ of source.prepare(store.state)) await nextTask()
  await nextTask()
  root.replaceChildren()
  render(
    <StoreContext.Provider value={{ store, report, pair }}>
      <App />
    </StoreContext.Provider>,
    root,
  )
}

/** The second model. Pictures stand in the file once. */
async function openSecond(first: Report): Promise<Report> {
  const data = await decodePage<PageContent>(blockOf('B'), givesWay())
  const [part, parts] = [first.content.parts[GALLERY], data.content.parts]
  if (part && parts[GALLERY])
    parts[GALLERY] = withPicturesOf(parts[GALLERY] as GalleryPart, part as GalleryPart)
  return new Report(data, null, 'B')
}

function fail(root: HTMLElement, error: unknown): void {
  const words = document.createElement('p')
  words.className = 'boot'
  words.textContent = `This report cannot be opened: ${error instanceof Error ? error.message : error}`
  root.replaceChildren(words)
}

const root = document.getElementById('app')
if (root) open(root).catch(error => fail(root, error))
