import { useMemo } from 'preact/hooks'
import { type InstanceRef, withPartner } from '../../report/picture.js'
import { ModelTag } from '../ui/model-tag.js'
import type { Box } from './camera.js'
import type { Lens } from './lens.js'
import { isSame } from './paint.js'
import { PictureCanvas } from './picture-canvas.js'
import { pairOf, type Seen } from './seen.js'
import { styleOf, type Toggles } from './style.js'
import { usePicture } from './use-picture.js'

interface Props {
  seen: Seen
  image: number
  /** What is open, and what is pointed at, as this model has them. */
  open: InstanceRef | null
  hovered: InstanceRef | null
  focus: Box | undefined
  lens: Lens
  toggles: Toggles
  hasKeys: boolean
  /** Whether another model's picture stands beside it: then each says whose it is. */
  isOfTwo: boolean
  onHover: (ref: InstanceRef | null) => void
  onOpen: (ref: InstanceRef) => void
}

/** The picture of an image as one model sees it. */
export function Side({ seen, image, isOfTwo, ...rest }: Props) {
  const open = useSame(rest.open)
  const hovered = useSame(rest.hovered)
  const picture = usePicture(seen.report, image)
  const looked = hovered ?? open
  const items = useMemo(() => withPartner(seen.report.scene, seen.items, looked), [seen, looked])
  const lit = useMemo(() => pairOf(items, hovered), [items, hovered])
  const stage = picture ? (
    <PictureCanvas
      {...rest}
      scene={seen.report.scene}
      picture={picture}
      items={items}
      current={open}
      hovered={hovered}
      lit={lit}
    />
  ) : (
    <div class="pic-frame">
      <p class="pic-wait">Loading…</p>
    </div>
  )
  if (!isOfTwo) return stage
  return (
    <figure>
      <Caption seen={seen} open={open} />
      {stage}
    </figure>
  )
}

/** The same object while it names the same instance: a picture is drawn anew only where something changes. */
const useSame = (ref: InstanceRef | null): InstanceRef | null => useMemo(() => ref, [ref?.kind, ref?.row])

/** Whose picture it is, and what becomes of the instance there. */
function Caption({ seen: { model, items, explain }, open }: Pick<Props, 'seen' | 'open'>) {
  const item = items.find(one => isSame(one, open))
  const letters = item && styleOf(item.outcome).letters
  return (
    <figcaption>
      <ModelTag model={model} />
      {letters && <span class={`badge ${letters.toLowerCase()}`}>{letters}</span>}
      <span>{open ? explain(open) : 'nothing is annotated here'}</span>
    </figcaption>
  )
}
