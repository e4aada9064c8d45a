import type { ComponentChildren, ComponentType } from 'preact'
import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { ModelName } from '../../metrics/models.js'
import type { Listing } from '../listing.js'
import { MODELS } from '../pair.js'
import { InSight, type Sight, StoreContext, useAppState, usePair, useStore } from './hooks.js'
import { ListedContext } from './listed.js'

/** What the state lists of each model. */
export const ListingsContext = createContext<Partial<Record<ModelName, Listing>>>({})

/** A part of the page about one of two models. */
export function OfModel({ model, children }: { model: ModelName; children: ComponentChildren }) {
  const shown = useStore()
  const listings = useContext(ListingsContext)
  const own = useMemo(
    () => ({ ...shown, report: shown.pair?.[model] ?? shown.report, model }),
    [shown, model],
  )
  return (
    <StoreContext.Provider value={own}>
      <ListedContext.Provider value={listings[model]}>{children}</ListedContext.Provider>
    </StoreContext.Provider>
  )
}

/** A part of the page about the model whose instances are listed. */
export function OfListed({ children }: { children: ComponentChildren }) {
  const { model } = useAppState()
  return <OfModel model={model}>{children}</OfModel>
}

interface BothProps {
  of: ComponentType
  /** Whether they start below the screen, and so wait for their turn to be drawn. */
  below?: boolean
  /** Who else knows where they are. */
  sights?: Record<ModelName, Sight>
}

/** A section; of two models side by side. */
export function Both({ of: Section, below, sights }: BothProps) {
  const pair = usePair()
  const section = (model: ModelName) => (
    <OfModel model={model}>
      <InSight sight={sights?.[model]} below={below}>
        <Section />
      </InSight>
    </OfModel>
  )
  if (!pair) return section('A')
  return (
    <div class="both">
      {MODELS.map(model => (
        <div key={model}>{section(model)}</div>
      ))}
    </div>
  )
}
