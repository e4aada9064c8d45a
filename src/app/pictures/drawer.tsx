import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { matchesIn } from '../../metrics/outcomes.js'
import { reasonOf } from '../../metrics/reasons.js'
import { belowItem, type InstanceRef, isNear, type PictureItem } from '../../report/picture.js'
import { formatCount } from '../format.js'
import { MODELS } from '../pair.js'
import type { Report } from '../report.js'
import type { State } from '../state/state.js'
import { useActions, useAppState, usePair, useReport, useStore } from '../ui/hooks.js'
import { imageName } from '../ui/instance-cells.js'
import { useListed } from '../ui/listed.js'
import { ModelTag } from '../ui/model-tag.js'
import { OfModel } from '../ui/of-model.js'
import type { Box } from './camera.js'
import { ImageList } from './image-list.js'
import { isSame } from './paint.js'
import { PictureCanvas } from './picture-canvas.js'
import type { Picture } from './source.js'
import { ALL_ON, styleOf, type Toggles } from './style.js'
import { ToggleBar } from './toggle-bar.js'
import { useItems, usePicture } from './use-picture.js'
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
  const pair = usePair()
  const { adjust } = useActions()
  const dialog = useModal()
  const [toggles, setToggles] = useState(lastToggles)
  const [hovered, setHovered] = useState<InstanceRef | null>(null)
  const image = report.scene[open.kind].images[open.row]
  const picture = usePicture(report, image)
  const items = useItemsWithBelow(report, state, image, hovered ?? open)
  const explain = useReasons(report, state)
  const lit = useMemo(() => pairOf(items, hovered), [items, hovered])
  const current = items.find(item => isSame(item, open))
  const goTo = (ref: InstanceRef | null): void => {
    setHovered(null)
    adjust(now => ({ ...now, open: ref }))
  }
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
  const stage = (
    <Stage
      scene={report.scene}
      picture={picture}
      items={items}
      toggles={toggles}
      current={open}
      hovered={hovered}
      lit={lit}
      onHover={setHovered}
      onOpen={goTo}
    />
  )
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
        {`${sentence}. ${explain(open)}`}
      </p>
      <div class="pic-main">
        <div class="pic-stage">
          <ToggleBar
            toggles={toggles}
            items={items}
            onChange={next => {
              lastToggles = next
              setToggles(next)
            }}
          />
          {pair ? (
            <div class="pic-both">
              {MODELS.map(model => (
                <OfModel key={model} model={model}>
                  {model === state.model ? (
                    <figure>
                      <SideCaption item={current} reason={explain(open)} />
                      {stage}
                    </figure>
                  ) : (
                    <OtherSide
                      state={state}
                      image={image}
                      gt={gtOf(current)}
                      focus={picture?.shapes.of(open).box}
                      toggles={toggles}
                      onOpen={ref => adjust(now => ({ ...now, model, open: ref }))}
                    />
                  )}
                </OfModel>
              ))}
            </div>
          ) : (
            stage
          )}
          {picture?.notes.map(note => (
            <p key={note} class="pic-note">
              {note}
            </p>
          ))}
        </div>
        <ImageList
          scene={report.scene}
          items={items}
          open={open}
          lit={lit}
          explain={explain}
          onHover={setHovered}
          onOpen={goTo}
        />
      </div>
    </dialog>
  )
}

interface StageProps extends Omit<Parameters<typeof PictureCanvas>[0], 'picture'> {
  picture: Picture | undefined
}

const Stage = ({ picture, ...rest }: StageProps) =>
  picture ? (
    <PictureCanvas {...rest} picture={picture} />
  ) : (
    <div class="pic-frame">
      <p class="pic-wait">Loading…</p>
    </div>
  )

/** Row of the ground truth that an instance is, or is matched with or near to; -1 for none. */
function gtOf(item: PictureItem | undefined): number {
  if (!item) return -1
  if (item.kind === 'gt') return item.row
  return isNear(item) ? item.partner : -1
}

interface OtherSideProps {
  state: State
  image: number
  gt: number
  focus: Box | undefined
  toggles: Toggles
  onOpen: (ref: InstanceRef) => void
}

/** The same place as the other model sees it. */
function OtherSide({ state, image, gt, focus, toggles, onOpen }: OtherSideProps) {
  const report = useReport()
  const [hovered, setHovered] = useState<InstanceRef | null>(null)
  const picture = usePicture(report, image)
  const current = useMemo((): InstanceRef | null => (gt < 0 ? null : { kind: 'gt', row: gt }), [gt])
  const items = useItemsWithBelow(report, state, image, hovered ?? current)
  const explain = useReasons(report, state)
  const lit = useMemo(() => pairOf(items, hovered), [items, hovered])
  return (
    <figure>
      <SideCaption
        item={items.find(item => isSame(item, current))}
        reason={current ? explain(current) : 'nothing is annotated here'}
      />
      <Stage
        scene={report.scene}
        picture={picture}
        items={items}
        toggles={toggles}
        current={current}
        focus={focus}
        hovered={hovered}
        lit={lit}
        onHover={setHovered}
        onOpen={onOpen}
      />
    </figure>
  )
}

/** Whose picture it is, and what becomes of the instance there. */
function SideCaption({ item, reason }: { item: PictureItem | undefined; reason: string }) {
  const { model = 'A' } = useStore()
  const letters = item && styleOf(item.outcome).letters
  return (
    <figcaption>
      <ModelTag model={model} />
      {letters && <span class={`badge ${letters.toLowerCase()}`}>{letters}</span>}
      <span>{reason}</span>
    </figcaption>
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

/** The image's instances; with the best detection of a missed ground truth that is looked at, be it below the threshold. */
function useItemsWithBelow(
  report: Report,
  state: State,
  image: number,
  ref: InstanceRef | null,
): PictureItem[] {
  const items = useItems(report, state, image)
  return useMemo(() => {
    const item = items.find(one => isSame(one, ref))
    if (item?.kind !== 'gt' || item.partner < 0 || !isNear(item)) return items
    const partner: InstanceRef = { kind: 'dt', row: item.partner }
    if (items.some(one => isSame(one, partner))) return items
    return [...items, belowItem(report.scene, item.partner, item.row)]
  }, [report, items, ref])
}

/** An instance and its partner. */
function pairOf(items: PictureItem[], ref: InstanceRef | null): InstanceRef[] {
  const item = ref && items.find(one => isSame(one, ref))
  if (!item) return []
  const { kind, row, partner } = item
  const pair: InstanceRef[] = [{ kind, row }]
  if (partner >= 0 && isNear(item)) pair.push({ kind: kind === 'dt' ? 'gt' : 'dt', row: partner })
  return pair
}

/** Why an instance has its outcome, in words. */
function useReasons(report: Report, state: State): (ref: InstanceRef) => string {
  return useMemo(() => {
    const scene = report.sceneOf(state)
    const index = report.indexOf(state)
    const view = report.viewOf(state)
    const size = report.sizeIndexOf(state)
    const { matches } = matchesIn(scene, index, view, size)
    return ({ kind, row }) => reasonOf(scene, index, view, matches, kind, row, view.sizes[size]).text
  }, [report, state])
}
