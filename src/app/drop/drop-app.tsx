import { useEffect, useMemo, useState } from 'preact/hooks'
import { App } from '../app.js'
import { StoreContext } from '../ui/hooks.js'
import { Switch } from '../ui/parts.js'
import { type Theme, useTheme } from '../ui/theme.js'
import { AppBar } from './app-bar.js'
import { DropZone, Slots } from './drop-zone.js'
import { droppedFiles } from './intake.js'
import { type Model, openStore } from './model.js'
import { ProgressCard } from './progress-card.js'
import { type Session, type SessionState, useSession } from './session.js'

/** The app: a place for files, then the report of what they hold. */
export function DropApp() {
  const { session, state } = useSession()
  const isOver = useWindowDrop(session)
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
        <h1>See what your detector gets right, and what it misses.</h1>
        {running ? (
          <ProgressCard running={running} onCancel={session.cancel} />
        ) : (
          <>
            <DropZone isOver={isOver} onFiles={files => session.take(files)} onDemo={() => session.demo()} />
            <Slots intake={intake} onChange={next => session.set({ intake: next, failure: null })} />
            <Problems failure={failure} notes={intake.notes} />
            <button
              type="button"
              class="main"
              disabled={!intake.gt || intake.dts.length === 0}
              onClick={() => session.evaluate()}
            >
              Evaluate
            </button>
          </>
        )}
      </main>
    </>
  )
}

function Problems({ failure, notes }: { failure: string | null; notes: SessionState['intake']['notes'] }) {
  return (
    <div class="problems" role="alert">
      {failure && <p class="failure">{failure}</p>}
      {notes.map(({ kind, text }) => (
        <p key={text} class={kind}>
          {text}
        </p>
      ))}
    </div>
  )
}

function StartHeader() {
  const [theme, setTheme] = useTheme()
  return (
    <header class="head">
      <span class="mark">detscope</span>
      <Switch<Theme>
        label="Theme"
        value={theme}
        options={[
          { value: 'light', title: 'Light' },
          { value: 'system', title: 'Auto' },
          { value: 'dark', title: 'Dark' },
        ]}
        onChange={setTheme}
      />
    </header>
  )
}

/** The reports of what has been evaluated. */
function Shown({ session, state }: { session: Session; state: SessionState }) {
  const { models, failure, intake } = state
  const [shown, setShown] = useState(0)
  const model = models[Math.min(shown, models.length - 1)]
  return (
    <>
      <AppBar
        models={models}
        shown={shown}
        onShow={setShown}
        onPictures={files => session.take(files)}
        onNew={session.back}
      />
      <Problems failure={failure} notes={intake.notes} />
      <ModelReport key={model.report} model={model} />
    </>
  )
}

function ModelReport({ model: { report } }: { model: Model }) {
  const store = useMemo(() => openStore(report), [report])
  useEffect(() => () => store.close(), [store])
  useEffect(() => {
    document.title = `${report.content.detectionsName} on ${report.content.groundTruthName} – detscope`
  }, [report])
  return (
    <StoreContext.Provider value={{ store, report }}>
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
