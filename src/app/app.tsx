import { useEffect } from 'preact/hooks'
import { listInstances } from './listing.js'
import { PictureDrawer } from './pictures/drawer.js'
import { Coco } from './sections/coco.js'
import { Counts } from './sections/counts.js'
import { Curves } from './sections/curves.js'
import { Distributions } from './sections/distributions.js'
import { Findings } from './sections/findings.js'
import { Images } from './sections/images.js'
import { Instances } from './sections/instances.js'
import { Setup } from './sections/setup.js'
import { Summary } from './sections/summary.js'
import { Controls } from './ui/controls.js'
import { Header, Navigation } from './ui/frame.js'
import { useActions, useAppState, useReport, useWork } from './ui/hooks.js'
import { InstanceList } from './ui/instance-list.js'
import { ListedContext } from './ui/listed.js'

export function App() {
  const state = useAppState()
  const report = useReport()
  const listed = useWork(() => listInstances(report, state), [report, state])
  useUndoKey()
  return (
    <ListedContext.Provider value={listed}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the report
      </button>
      <Header />
      <div class={state.list ? 'columns beside' : 'columns'}>
        <Navigation />
        <main id="main" tabIndex={-1}>
          <Summary />
          <Findings />
          <Controls />
          <Setup />
          <Coco />
          <Curves />
          <Counts />
          <Images />
          <Distributions />
          <Instances />
        </main>
        {state.list && <InstanceList />}
      </div>
      <PictureDrawer />
    </ListedContext.Provider>
  )
}

/** Esc takes the last step back. */
function useUndoKey(): void {
  const { undo } = useActions()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // A search field clears itself.
      const isSearch = event.target instanceof HTMLInputElement && event.target.type === 'search'
      if (event.key === 'Escape' && !event.defaultPrevented && !isSearch) undo()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [undo])
}
