import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { saveBlob } from '../download.js'
import { formatCount } from '../format.js'
import type { Pair } from '../pair.js'
import { Switch } from '../ui/parts.js'
import { Chooser } from './drop-zone.js'
import type { Model } from './model.js'
import { comparedInput } from './pair-outputs.js'
import type { Hardware, PictureFile, SaveKind } from './protocol.js'
import { PAGE_ADDRESS } from './version.js'

const FILES: Record<SaveKind, { title: string; name: string }> = {
  html: { title: 'Report, one HTML file', name: 'report.html' },
  json: { title: 'Everything as JSON', name: 'result.json' },
  csv: { title: 'Every table as CSV, in a zip', name: 'tables.zip' },
  markdown: { title: 'Summary as Markdown', name: 'summary.md' },
  thresholds: { title: 'Score thresholds as JSON', name: 'thresholds.json' },
}

/** What `shown` is where both models are. */
export const BOTH = 2

interface AppBarProps {
  models: Model[]
  /** Both of two models. */
  pair: Pair | null
  /** Index of the model that is shown, or BOTH. */
  shown: number
  onShow: (shown: number) => void
  onPictures: (files: PictureFile[]) => void
  onNew: () => void
}

/** Above a report in the app: which model, what it ran on, files to save, new files. */
export function AppBar({ models, pair, shown, onShow, onPictures, onNew }: AppBarProps) {
  const isBoth = pair !== null && shown === BOTH
  const model = isBoth ? models[0] : models[shown]
  return (
    <section class="appbar" aria-label="This evaluation">
      {models.length > 1 && (
        <Switch
          label="Model"
          value={String(shown)}
          options={[
            { value: String(BOTH), title: 'Both' },
            ...models.map(({ input }, i) => ({ value: String(i), title: `${'AB'[i]}: ${input.dt.name}` })),
          ]}
          onChange={value => onShow(Number(value))}
        />
      )}
      <p class="hardware">{hardwareWords((isBoth ? models : [model]).map(each => each.hardware))}</p>
      <div class="row">
        <Chooser label="Folder of images" title="Add images" isFolder onFiles={onPictures} />
        <SaveMenu model={model} models={models} pair={isBoth ? pair : null} />
        <button type="button" class="quiet" onClick={onNew}>
          Change files
        </button>
      </div>
    </section>
  )
}

/** What the numbers were computed on; of two models at once where it was the same. */
export function hardwareWords(all: Hardware[]): string {
  const places = new Set(all.map(placeWords))
  const took = all.map(({ elapsedMs }) => `${formatCount(Math.round(elapsedMs))} ms`)
  return Array.from(places, (place, i) => {
    const times = places.size === 1 ? took.join(' and ') : took[i]
    return `Evaluated in this browser in ${times}, ${place}`
  }).join(' ')
}

function placeWords({ threads, isShared, backend }: Hardware): string {
  const device = backend.kind === 'webgpu' ? `the GPU (${backend.adapter}) and the CPU` : 'the CPU'
  const workers = threads === 1 ? 'one worker' : `${threads} workers`
  const memory = isShared ? 'shared memory' : 'memory handed over, not shared'
  const fallback = backend.fallback ? ` Work moved to the CPU: ${backend.fallback.replace(/\.$/, '')}.` : ''
  return `on ${device}, by ${workers}; ${memory}.${fallback}`
}

/** Each file is made by the worker when it is asked for. */
function SaveMenu({ model, models, pair }: { model: Model; models: Model[]; pair: Pair | null }) {
  const [status, setStatus] = useState('')
  const [busy, setBusy] = useState(false)
  const menu = useRef<HTMLDetailsElement>(null)
  useClosing(menu)
  const save = async (kind: SaveKind): Promise<void> => {
    const { title, name } = FILES[kind]
    if (menu.current) menu.current.open = false
    setBusy(true)
    setStatus(`Making “${title}” …`)
    try {
      const page = kind === 'html' ? await pageText() : ''
      const compared = pair ? await comparedInput(kind, pair, models) : undefined
      const second = pair ? models[1].input.dt : undefined
      saveBlob(name, await model.engine.call('save', { kind, runtime: runtime(), page, second, compared }))
      setStatus(`${name} is saved.`)
    } catch (error) {
      setStatus(`${name} could not be made: ${error instanceof Error ? error.message : error}`)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <details class="menu" ref={menu}>
        <summary class="quiet">Save</summary>
        <ul>
          {(Object.keys(FILES) as SaveKind[]).map(kind => (
            <li key={kind}>
              <button type="button" disabled={busy} onClick={() => save(kind)}>
                {FILES[kind].title}
              </button>
            </li>
          ))}
        </ul>
      </details>
      <span class="muted" role="status">
        {status}
      </span>
    </>
  )
}

/** A menu that opens is closed by Escape, by a click elsewhere, and when the focus leaves it. */
function useClosing(menu: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const closeOutside = ({ target }: Event): void => {
      if (menu.current && target instanceof Node && !menu.current.contains(target)) menu.current.open = false
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !menu.current?.open) return
      // The report's own step back is not meant.
      event.preventDefault()
      menu.current.open = false
      menu.current.querySelector('summary')?.focus()
    }
    addEventListener('pointerdown', closeOutside, { signal })
    addEventListener('focusin', closeOutside, { signal })
    addEventListener('keydown', onKey, { signal, capture: true })
    return () => controller.abort()
  }, [menu])
}

/** The built page of a report, which stands beside the app. */
async function pageText(): Promise<string> {
  const answer = await fetch(new URL(PAGE_ADDRESS, document.baseURI))
  if (!answer.ok) throw new Error(`${PAGE_ADDRESS} cannot be loaded (${answer.status})`)
  return answer.text()
}

/** Name and version of the browser, as far as it says. */
function runtime(): string {
  const [, name, version] = /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(navigator.userAgent) ?? []
  const known = name === 'Version' ? 'Safari' : name === 'Edg' ? 'Edge' : name
  return known ? `${known} ${version}` : navigator.userAgent
}
