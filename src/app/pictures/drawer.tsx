import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ModelName } from '../../metrics/models.js'
import { type InstanceRef, withPartner } from '../../report/picture.js'
import { formatCount } from '../format.js'
import { MODELS } from '../pair.js'
import type { State } from '../state/state.js'
import { useActions, useAppState, usePair, useReport } from '../ui/hooks.js'
import { imageName } from '../ui/instance-cells.js'
import { useListed } from '../ui/listed.js'
import { ImageList } from './image-list.js'
import { useLens } from './lens.js'
import { isSame } from './paint.js'
import { counterpart, type ModelRef, pairOf, type Seen, seenBy } from './seen.js'
import { Side } from './side.js'
import { ALL_ON, type Toggles } from './style.js'
import { ToggleBar } from './toggle-bar.js'
import { usePicture } from './use-picture.js'
import { sentenceOf } from './words.js'

/** The picture of the instance that the state has open, over the page; nothing where none is. */
export function PictureDrawer() {
  const state = useAppState()
  return state.open ? <Drawer state={state} open={state.open} /> : null
}

/** Toggles outlast the picture that they were set in. */
let lastToggles: Toggles = ALL_ON

function Drawer({ state, open }: { state: State; open: InstanceRef }) {
  const report = useReport()
  const { adjust } = useActions()
  const dialog = useModal()
  const lens = useLens()
  const [toggles, setToggles] = useState(lastToggles)
  const [hovered, setHovered] = useState<ModelRef | null>(null)
  const image = report.scene[open.kind].images[open.row]
  const sides = useSides(state, image)
  const own = sides.find(({ model }) => model === state.model) ?? sides[0]
  const picture = usePicture(report, image)
  const focus = picture?.shapes.of(open).box
  const pointedAt = counterpart(own, hovered, sides)
  const items = withPartner(own.report.scene, own.items, pointedAt ?? open)
  const current = own.items.find(item => isSame(item, open))
  const hoverOf = (model: ModelName) => (ref: InstanceRef | null) => setHovered(ref && { ...ref, model })
  const openOf = (model: ModelName) => (ref: InstanceRef | null) => {
    setHovered(null)
    adjust(now => ({ ...now, model, open: ref }))
  }
  const goTo = openOf(own.model)
  const walk = useWalk(open, goTo)
  const onKey = (event: KeyboardEvent): void => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'range'
    if (event.key === 'Escape') goTo(null)
    else if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') walk.by(1)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') walk.by(-1)
    else return
    // The page would take Esc for a step back, and scroll with the arrows.
    event.preventDefault()
    event.stopPropagation()
  }
  const sentence = current ? sentenceOf(report.scene, current) : ''
  return (
    <dialog
      class="pic"
      ref={dialog}
      aria-label="Picture"
      onKeyDown={onKey}
      onCancel={event => {
        event.preventDefault()
        goTo(null)
      }}
    >
      <header class="pic-head">
        <div class="pic-walk">
          <button
            type="button"
            class="quiet"
            aria-label="Previous instance"
            title="Previous (←)"
            onClick={() => walk.by(-1)}
            disabled={walk.place <= 0}
          >
            ←
          </button>
          <button
            type="button"
            class="quiet"
            aria-label="Next instance"
            title="Next (→)"
            onClick={() => walk.by(1)}
            disabled={walk.place >= walk.count - 1}
          >
            →
          </button>
          <span class="pic-place">
            {walk.place < 0
              ? `not among the ${formatCount(walk.count)} listed`
              : `${formatCount(walk.place + 1)} of ${formatCount(walk.count)}`}
          </span>
        </div>
        <h2 tabIndex={-1} data-focus>
          {imageName(report, image)}
        </h2>
        <button
          type="button"
          class="quiet"
          aria-label="Close the picture"
          title="Close (Esc)"
          onClick={() => goTo(null)}
        >
          ×
        </button>
      </header>
      <p class="unseen" role="status">
        {`${sentence}. ${own.explain(open)}`}
      </p>
      <div class={sides.length > 1 ? 'pic-main two' : 'pic-main'}>
        <div class="pic-stage">
          <ToggleBar
            toggles={toggles}
            sides={sides}
            onChange={next => {
              lastToggles = next
              setToggles(next)
            }}
          />
          <div class={sides.length > 1 ? 'pic-sides two' : 'pic-sides'}>
            {sides.map(seen => (
              <Side
                key={seen.model}
                seen={seen}
                image={image}
                open={counterpart(seen, { ...open, model: own.model }, sides)}
                hovered={counterpart(seen, hovered, sides)}
                focus={focus}
                lens={lens}
                toggles={toggles}
                hasKeys={seen === own}
                isOfTwo={sides.length > 1}
                onHover={hoverOf(seen.model)}
                onOpen={openOf(seen.model)}
              />
            ))}
          </div>
          {picture?.notes.map(note => (
            <p key={note} class="pic-note">
              {note}
            </p>
          ))}
        </div>
        <ImageList
          scene={report.scene}
          model={sides.length > 1 ? own.model : null}
          items={items}
          open={open}
          lit={pairOf(items, pointedAt)}
          explain={own.explain}
          onHover={hoverOf(own.model)}
          onOpen={goTo}
        />
      </div>
    </dialog>
  )
}

/** The image as each model sees it; those of one state are the same until it changes. */
function useSides(state: State, image: number): Seen[] {
  const report = useReport()
  const pair = usePair()
  return useMemo(
    () =>
      pair
        ? MODELS.map(model => seenBy(model, pair[model], state, image))
        : [seenBy('A', report, state, image)],
    [report, pair, state, image],
  )
}

/** A dialog that is open while it is there; what had the focus gets it back. */
function useModal() {
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-focus]')?.focus()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return ref
}

/** Steps through the listed instances. */
function useWalk(open: InstanceRef, goTo: (ref: InstanceRef) => void) {
  const listed = useListed()
  const { kind, row } = open
  const place = useMemo(() => listed?.placeOf({ kind, row }) ?? -1, [listed, kind, row])
  const count = listed?.count ?? 0
  return {
    place,
    count,
    by: (step: number): void => {
      // From an instance that is not listed, to the first.
      const next = place < 0 ? 0 : place + step
      if (!listed || next < 0 || next >= count) return
      const { kind, row } = listed.rowAt(next)
      goTo({ kind, row })
    },
  }
}
