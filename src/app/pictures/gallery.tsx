import type { InstanceRow } from '../../metrics/instances.js'
import { plural } from '../format.js'
import { useActions, useReport, useWidth } from '../ui/hooks.js'
import { imageName, numbersOf } from '../ui/instance-cells.js'
import { useListed } from '../ui/listed.js'
import { Badge } from '../ui/parts.js'
import { useVirtualRows } from '../ui/virtual.js'
import { Crop } from './crop.js'
import { FlipCrops, useFlips } from './flip-crops.js'
import { sourceOf } from './use-picture.js'
import { briefly } from './words.js'

/** CSS px. */
const LEAST_SIDE = 148
const GAP = 12
const CAPTION = 60
/** Between the crops of two models. */
const CROPS_GAP = 4

/** Crops of the listed instances, in the order of the table; drawn as they come into sight. */
export function Gallery() {
  const listed = useListed()
  const { note } = sourceOf(useReport())
  const [box, width] = useWidth()
  const isFlips = useFlips()
  const least = isFlips ? 2 * LEAST_SIDE : LEAST_SIDE
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)))
  const side = Math.floor((width - GAP * (columns - 1)) / columns)
  const count = listed?.count ?? 0
  const height = (isFlips ? (side - CROPS_GAP) / 2 : side) + CAPTION + GAP
  const { ref, items, before, after } = useVirtualRows(Math.ceil(count / columns), height)
  return (
    <>
      {count > 0 && note !== '' && <p class="reading">{note}</p>}
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a landmark */}
      <div
        class="gallery"
        ref={ref}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-label={`Gallery of ${plural(count, 'instance')}`}
      >
        <div ref={box}>
          <ul style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
            {listed &&
              width > 0 &&
              items.flatMap(({ index }) =>
                Array.from({ length: Math.min(columns, count - index * columns) }, (_, i) => (
                  <Card
                    key={index * columns + i}
                    row={listed.rowAt(index * columns + i)}
                    place={index * columns + i}
                    count={count}
                    side={side}
                    height={height}
                  />
                )),
              )}
          </ul>
          {listed && count === 0 && <p class="empty">No instance is like that.</p>}
        </div>
      </div>
    </>
  )
}

interface CardProps {
  row: InstanceRow
  place: number
  count: number
  side: number
  height: number
}

function Card({ row, place, count, side, height }: CardProps) {
  const report = useReport()
  const { step } = useActions()
  const isFlips = useFlips()
  const { kind, outcome, category, image, reason } = row
  const name = report.scene.categories.names[category]
  return (
    <li style={{ width: `${side}px`, height: `${height}px` }} aria-setsize={count} aria-posinset={place + 1}>
      <button
        type="button"
        class="card"
        title={`${reason.text} – ${imageName(report, image)}`}
        aria-label={`${outcome} ${name}, ${numbersOf(row)}, ${imageName(report, image)}: open its picture`}
        onClick={() => step(state => ({ ...state, open: { kind, row: row.row } }))}
      >
        {isFlips ? (
          <FlipCrops row={row.row} side={(side - CROPS_GAP) / 2} />
        ) : (
          <Crop kind={kind} row={row.row} side={side} />
        )}
        <span class="first">
          <Badge outcome={outcome} />
          <strong>{name}</strong>
        </span>
        <span class="muted numbers">{briefly(row)}</span>
      </button>
    </li>
  )
}
