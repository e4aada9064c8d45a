import type { InstanceRow } from '../../metrics/instances.js'
import { formatCount, plural } from '../format.js'
import { MODELS } from '../pair.js'
import { Crop } from '../pictures/crop.js'
import { FlipCrops, useFlips } from '../pictures/flip-crops.js'
import { briefly } from '../pictures/words.js'
import { placeOf } from '../sections/section.js'
import { goTo } from './go-to.js'
import { useActions, useAppState, usePair, useReport } from './hooks.js'
import { imageName } from './instance-cells.js'
import { useListed } from './listed.js'
import { Badge, Switch } from './parts.js'
import { useVirtualRows } from './virtual.js'

const ROW_HEIGHT = 76

/** The instances of what was clicked, beside the page. */
export function InstanceList() {
  const listed = useListed()
  const { step, adjust, show } = useActions()
  const { open, model } = useAppState()
  const pair = usePair()
  const isFlips = useFlips()
  const count = listed?.count ?? 0
  const { ref, items, before, after } = useVirtualRows(count, ROW_HEIGHT)
  const isOpen = (row: InstanceRow): boolean => open?.kind === row.kind && open.row === row.row
  return (
    <aside class="list" aria-label="Instances">
      <div class="row">
        <h2>{listed ? plural(count, 'instance') : '…'}</h2>
        <button type="button" class="plain" onClick={() => goTo(placeOf('instances', model))}>
          as a table
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Close the list"
          onClick={() => adjust(state => ({ ...state, list: false }))}
        >
          ×
        </button>
      </div>
      {pair && (
        <div class="row">
          <Switch
            label="Whose instances"
            value={model}
            options={MODELS.map(value => ({ value, title: `${isFlips ? 'As' : 'Of'} ${value}` }))}
            onChange={show}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" ref={ref} tabIndex={0}>
        <ul style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
          {listed &&
            items.map(item => {
              const row = listed.rowAt(item.index)
              return (
                <li
                  key={item.key}
                  style={{ height: `${ROW_HEIGHT}px` }}
                  aria-setsize={count}
                  aria-posinset={item.index + 1}
                >
                  <button
                    type="button"
                    class={isOpen(row) ? 'instance open' : 'instance'}
                    onClick={() => step(state => ({ ...state, open: { kind: row.kind, row: row.row } }))}
                  >
                    {isFlips ? (
                      <FlipCrops row={row.row} side={64} />
                    ) : (
                      <Crop kind={row.kind} row={row.row} side={64} />
                    )}
                    <InstanceWords row={row} />
                  </button>
                </li>
              )
            })}
        </ul>
        {listed && count === 0 && <p class="empty">No instance is like that.</p>}
      </div>
      <p class="unseen" role="status">{`${formatCount(count)} instances listed`}</p>
    </aside>
  )
}

function InstanceWords({ row }: { row: InstanceRow }) {
  const report = useReport()
  return (
    <>
      <span class="first">
        <Badge outcome={row.outcome} />
        <strong>{report.scene.categories.names[row.category]}</strong>
        <span class="muted numbers">{briefly(row)}</span>
      </span>
      <span class="why">{row.reason.text}</span>
      <span class="muted file">{imageName(report, row.image)}</span>
    </>
  )
}
