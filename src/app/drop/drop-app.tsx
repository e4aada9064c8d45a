import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { IouType } from '../../data/config.js'
import type { BackendChoice } from '../../evaluate-sources.js'
import type { OnUnknown } from '../../ingest/link.js'
import { App } from '../app.js'
import type { Pair } from '../pair.js'
import { type Report, titleOf } from '../report.js'
import { StoreContext } from '../ui/hooks.js'
import { Select } from '../ui/parts.js'
import { ThemeSwitch } from '../ui/theme-switch.js'
import { AppBar, BOTH } from './app-bar.js'
import { DropZone } from './drop-zone.js'
import { LockIcon } from './icons.js'
import { droppedFiles, type Intake, type Note, pictureCount } from './intake.js'
import { openStore, pairOf } from './model.js'
import { ProgressCard } from './progress-card.js'
import { type Session, type SessionState, useSession } from './session.js'
import { Slots } from './slots.js'

/** The app: a place for files, then the report of what they hold. */
export function DropApp() {
  const { session, state } = useSession()
  const isOver = useWindowDrop(session)
  const phase = state.running ? 'running' : state.models.length > 0 ? 'shown' : 'choice'
  useFocusOnChange(phase)
  return (
    <>
      {state.models.length > 0 ? (
        <Shown session={session} state={state} />
      ) : (
        <Choice session={session} state={state} isOver={isOver} />
      )}
      {isOver && state.models.length > 0 && <p class="dropping">Drop pictures or further files</p>}
    </>
  )
}

/** What had the focus is gone with what it stood in: the next stop of the tab key is the first of what came. */
function useFocusOnChange(phase: string): void {
  const last = useRef(phase)
  useEffect(() => {
    if (last.current === phase) return
    last.current = phase
    document.getElementById('main')?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [phase])
}

/** Before there is a report. */
function Choice({ session, state, isOver }: { session: Session; state: SessionState; isOver: boolean }) {
  const { intake, running, failure } = state
  useEffect(() => {
    document.title = 'detscope'
  }, [])
  return (
    <>
      <StartHeader />
      <main id="main" class="start" tabIndex={-1}>
        <h1>See what your detector finds, what it misses, and why.</h1>
        <p class="lead">
          COCO’s AP and AR to the last bit, then the counts, curves and pictures behind them, for boxes and
          masks.
        </p>
        {running ? (
          <ProgressCard running={running} onCancel={session.cancel} />
        ) : (
          <Files session={session} intake={intake} isOver={isOver} />
        )}
        <Problems failure={failure} notes={intake.notes} />
        <p class="private">
          <LockIcon />
          <span>
            <strong>Nothing leaves this machine.</strong> Files are read and evaluated in this browser. None
            is uploaded, and none is kept when you close the page.
          </span>
        </p>
      </main>
    </>
  )
}

/** What has been dropped, and where to drop more. */
function Files({ session, intake, isOver }: { session: Session; intake: Intake; isOver: boolean }) {
  const isEmpty = !intake.gt && intake.dts.length === 0 && pictureCount(intake.pictures) === 0
  const isReady = intake.gt !== null && intake.dts.length > 0
  return (
    <>
      {!isEmpty && (
        <Slots
          intake={intake}
          isEvaluated={dt => session.isEvaluated(dt)}
          onChange={next => session.change(next)}
        />
      )}
      <DropZone
        isOver={isOver}
        isSmall={!isEmpty}
        onFiles={files => session.take(files)}
        onDemo={() => session.demo()}
      />
      {!isEmpty && (
        <div class="go">
          <button type="button" class="primary" disabled={!isReady} onClick={() => session.evaluate()}>
            Evaluate
          </button>
          <Options session={session} />
        </div>
      )}
    </>
  )
}

/** What is rarely asked for. */
function Options({ session }: { session: Session }) {
  const { options } = session.state
  return (
    <>
      <Select
        label="Compare"
        value={options.iouType ?? ''}
        options={[
          { value: '', title: 'what both files have' },
          { value: 'bbox', title: 'boxes' },
          { value: 'segm', title: 'masks' },
        ]}
        onChange={value =>
          session.set({ options: { ...options, iouType: value === '' ? undefined : (value as IouType) } })
        }
      />
      <Select
        label="Masks on"
        value={options.backend}
        options={[
          { value: 'auto', title: 'GPU where it pays' },
          { value: 'webgpu', title: 'GPU' },
          { value: 'cpu', title: 'CPU' },
        ]}
        onChange={value => session.set({ options: { ...options, backend: value as BackendChoice } })}
      />
      <Select
        label="Unknown ids"
        value={options.onUnknown}
        options={[
          { value: 'error', title: 'an error' },
          { value: 'warn', title: 'left out and counted' },
        ]}
        onChange={value => session.set({ options: { ...options, onUnknown: value as OnUnknown } })}
      />
    </>
  )
}

/** Only what is new is read out. */
const Problems = ({ failure, notes }: { failure: string | null; notes: Note[] }) => (
  <div class="problems" role="alert">
    {failure && <p>{failure}</p>}
    {notes.map(({ kind, text }) => (
      <p key={text} class={kind === 'replaced' ? 'note' : ''}>
        {text}
      </p>
    ))}
  </div>
)

function StartHeader() {
  return (
    <header class="head">
      <span class="mark">detscope</span>
      <ThemeSwitch />
    </header>
  )
}

/** The reports of what has been evaluated. */
function Shown({ session, state }: { session: Session; state: SessionState }) {
  const { models, failure, intake } = state
  const pair = useMemo(() => pairOf(models), [models])
  const [chosen, setShown] = useState(BOTH)
  const shown = pair ? Math.min(chosen, BOTH) : 0
  return (
    <div class="shown">
      <AppBar
        models={models}
        pair={pair}
        shown={shown}
        onShow={setShown}
        onPictures={files => session.take(files)}
        onNew={session.back}
      />
      <Problems failure={failure} notes={intake.notes} />
      {pair && shown === BOTH ? (
        <ModelReport key={pair} report={pair.A} pair={pair} />
      ) : (
        <ModelReport key={models[shown].report} report={models[shown].report} />
      )}
    </div>
  )
}

function ModelReport({ report, pair }: { report: Report; pair?: Pair }) {
  const store = useMemo(() => openStore(pair ?? report), [report, pair])
  useEffect(() => () => store.close(), [store])
  useEffect(() => {
    document.title = titleOf(report, pair?.B ?? null)
  }, [report, pair])
  return (
    <StoreContext.Provider value={{ store, report, pair }}>
      <App />
    </StoreContext.Provider>
  )
}

/** Files may be dropped anywhere. Whether some are held over the window. */
function useWindowDrop(session: Session): boolean {
  const [isOver, set] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const carriesFiles = ({ dataTransfer }: DragEvent): boolean =>
      dataTransfer?.types.includes('Files') ?? false
    addEventListener(
      'dragover',
      event => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        set(true)
      },
      { signal },
    )
    addEventListener(
      'dragleave',
      event => {
        // Leaving one element for another is none.
        if (event.relatedTarget === null) set(false)
      },
      { signal },
    )
    addEventListener(
      'drop',
      event => {
        if (!event.dataTransfer || !carriesFiles(event)) return
        event.preventDefault()
        set(false)
        droppedFiles(event.dataTransfer).then(files => session.take(files), reportError)
      },
      { signal },
    )
    return () => controller.abort()
  }, [session])
  return isOver
}
