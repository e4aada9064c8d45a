import { useEffect, useMemo, useRef } from 'preact/hooks'
import { type Listing, listInstances } from './listing.js'
import type { Pair } from './pair.js'
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
import { ModelComparison } from './sections/model-comparison.js'
import { Setup } from './sections/setup.js'
import { Summary } from './sections/summary.js'
import type { State } from './state/state.js'
import { Controls } from './ui/controls.js'
import { Header, Navigation } from './ui/frame.js'
import {
  InSight,
  newSight,
  type Sight,
  useActions,
  useAppState,
  usePair,
  useReport,
  useWork,
} from './ui/hooks.js'
import { InstanceList } from './ui/instance-list.js'
import { Both, ListingsContext, OfListed } from './ui/of-model.js'
import { Readout } from './ui/readout.js'

export function App() {
  const state = useAppState()
  const report = useReport()
  const pair = usePair()
  const sights = useMemo(() => ({ A: newSight(false), B: newSight(false) }), [])
  const latest = useRef(state)
  latest.current = state
  const listings = {
    A: useListing(pair?.A ?? report, sights.A, latest),
    B: useListing(pair?.B ?? null, sights.B, latest),
  }
  usePreparation(pair ?? report, state)
  useUndoKey()
  return (
    <ListingsContext.Provider value={listings}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the report
      </button>
      <Header />
      <div class={state.list ? 'columns beside' : 'columns'}>
        <Navigation />
        <main id="main" class={pair ? 'two' : undefined} tabIndex={-1}>
          {pair && (
            <InSight>
              <ModelComparison />
            </InSight>
          )}
          <Both of={Summary} />
          <Both of={Findings} />
          <Controls />
          <Both of={Setup} below />
          <Both of={Coco} below />
          <Both of={Curves} below />
          <Both of={Counts} below />
          <Both of={Images} below />
          <Both of={Distributions} below />
          <Both of={Instances} below sights={sights} />
        </main>
        {state.list && (
          <OfListed>
            <InstanceList />
          </OfListed>
        )}
      </div>
      <Readout />
      <OfListed>
        <PictureDrawer />
      </OfListed>
    </ListingsContext.Provider>
  )
}

/** What the state lists of a model; urgent where it is to be seen. Nothing for no model. */
function useListing(report: Report | null, sight: Sight, latest: { current: State }): Listing | undefined {
  const pair = usePair()
  const state = useAppState()
  const asker = useMemo<Owner>(
    () => ({
      get visible() {
        const { list, open, model } = latest.current
        const isListed = pair === null || model === report?.model
        return sight.visible || ((list || open !== null) && isListed)
      },
    }),
    [sight, report, pair],
  )
  return useWork(
    function* () {
      return report ? yield* listInstances(report, state, pair) : undefined
    },
    [report, state, pair],
    asker,
  )
}

const PREPARATION: Owner = { visible: false, idle: true }

/** Has the data ready for a switch of protocol, class or crowds before anyone makes it. */
function usePreparation(report: Report | Pair, state: State): void {
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
