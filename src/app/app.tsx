import { useEffect, useMemo, useRef } from 'preact/hooks'
import { listInstances } from './listing.js'
import { PictureDrawer } from './pictures/drawer.js'
import type { Report } from './report.js'
import { type Owner, schedule } from './schedule.js'
import { Coco } from './sections/coco.js'
import { Counts } from './sections/counts.js'
import { Curves } from './sections/curves.js'
import { Distributions } from './sections/distributions.js'
import { Findings } from './sections/findings.js'
import { Images } from './sections/images.js'
import { Instances } from './sections/instances.js'
import { Setup } from './sections/setup.js'
import { Summary } from './sections/summary.js'
import type { State } from './state/state.js'
import { Controls } from './ui/controls.js'
import { Header, Navigation } from './ui/frame.js'
import { InSight, newSight, useActions, useAppState, useReport, useWork } from './ui/hooks.js'
import { InstanceList } from './ui/instance-list.js'
import { ListedContext } from './ui/listed.js'
import { Readout } from './ui/readout.js'

export function App() {
  const state = useAppState()
  const report = useReport()
  const instances = useMemo(newSight, [])
  const latest = useRef(state)
  latest.current = state
  const asker = useMemo<Owner>(
    () => ({
      get visible() {
        const { list, open } = latest.current
        return instances.visible || list || open !== null
      },
    }),
    [instances],
  )
  const listed = useWork(() => listInstances(report, state), [report, state], asker)
  usePreparation(report, state)
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
          <InSight>
            <Summary />
          </InSight>
          <InSight>
            <Findings />
          </InSight>
          <Controls />
          <InSight>
            <Setup />
          </InSight>
          <InSight>
            <Coco />
          </InSight>
          <InSight>
            <Curves />
          </InSight>
          <InSight>
            <Counts />
          </InSight>
          <InSight>
            <Images />
          </InSight>
          <InSight>
            <Distributions />
          </InSight>
          <InSight sight={instances}>
            <Instances />
          </InSight>
        </main>
        {state.list && <InstanceList />}
      </div>
      <Readout />
      <PictureDrawer />
    </ListedContext.Provider>
  )
}

const PREPARATION: Owner = { visible: false, idle: true }

/** Has the data ready for a switch of protocol, class or crowds before anyone makes it. */
function usePreparation(report: Report, state: State): void {
  const { protocol, classAgnostic, crowds, maxDet, sizes, areas } = state
  useEffect(
    () => schedule(PREPARATION, report.prepareOthers(state)),
    [report, protocol, classAgnostic, crowds, maxDet, sizes, areas],
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
