import { useEffect, useRef } from 'preact/hooks'
import type { Scene } from '../../data/scene.js'
import type { ModelName } from '../../metrics/models.js'
import type { InstanceRef, PictureItem } from '../../report/picture.js'
import { ModelTag } from '../ui/model-tag.js'
import { isSame } from './paint.js'
import { styleOf } from './style.js'
import { classOf, GROUPS, nameOf, numbersOf } from './words.js'

interface Props {
  scene: Scene
  /** Whose they are, of two. */
  model: ModelName | null
  items: PictureItem[]
  open: InstanceRef
  lit: InstanceRef[]
  explain: (ref: InstanceRef) => string
  onHover: (ref: InstanceRef | null) => void
  onOpen: (ref: InstanceRef) => void
}

/** The instances of an image, errors first; what is pointed at here lights up in the picture. */
export function ImageList({ scene, model, items, open, lit, explain, onHover, onOpen }: Props) {
  const ref = useRef<HTMLElement>(null)
  const { kind, row } = open
  // Whenever another instance is open.
  useEffect(() => {
    ref.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [kind, row])
  const isOn = (item: PictureItem): boolean =>
    isSame(item, open) ||
    // The line of a pair is that of its detection.
    (open.kind === 'gt' && item.kind === 'dt' && item.isMatched && item.partner === open.row)
  return (
    <section
      class="pic-list"
      ref={ref}
      aria-label="Instances of this image"
      onPointerLeave={() => onHover(null)}
    >
      {model && (
        <p class="whose">
          What <ModelTag model={model} /> has in this image
        </p>
      )}
      {GROUPS.map(({ title, has }) => {
        const group = items.filter(has)
        if (group.length === 0) return null
        return (
          <div key={title}>
            <h3>
              {title} <span class="muted">{group.length}</span>
            </h3>
            <ul>
              {group.map(item => (
                <li key={`${item.kind}${item.row}`}>
                  <button
                    type="button"
                    class={lit.some(one => isSame(one, item)) ? 'instance lit' : 'instance'}
                    aria-current={isOn(item) ? 'true' : undefined}
                    onPointerEnter={() => onHover({ kind: item.kind, row: item.row })}
                    onFocus={() => onHover({ kind: item.kind, row: item.row })}
                    onBlur={() => onHover(null)}
                    onClick={() => onOpen({ kind: item.kind, row: item.row })}
                  >
                    <Line scene={scene} item={item} reason={explain(item)} />
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </section>
  )
}

function Line({ scene, item, reason }: { scene: Scene; item: PictureItem; reason: string }) {
  const { letters } = styleOf(item.outcome)
  return (
    <>
      <span class="first">
        <span class={`badge ${letters.toLowerCase()}`}>{letters}</span>
        <strong>{classOf(scene, item)}</strong>
        <span class="muted numbers">{numbersOf(scene, item)}</span>
      </span>
      <span class="why">
        {reason} <span class="muted">({nameOf(scene, item.kind, item.row)})</span>
      </span>
    </>
  )
}
