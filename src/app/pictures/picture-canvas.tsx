import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Scene } from '../../data/scene.js'
import type { InstanceRef, PictureItem } from '../../report/picture.js'
import {
  type Box,
  type Camera,
  cameraAt,
  pan,
  placeOf,
  type Size,
  showAll,
  toImage,
  zoomAt,
} from './camera.js'
import { type Point, useGestures, useWheel, useZoomKeys, ZOOM_STEP } from './gestures.js'
import { type Lens, MARGIN } from './lens.js'
import { isSame, LINES, type Painting, paint } from './paint.js'
import type { Picture } from './source.js'
import { isShown, type Toggles } from './style.js'
import { labelOf, type Role, sentenceOf, tallyOf } from './words.js'

interface Props {
  scene: Scene
  picture: Picture
  items: PictureItem[]
  toggles: Toggles
  /** null where none of these is open: what is, is of another model. */
  current: InstanceRef | null
  /** Where it looks, with the pictures beside it. */
  lens: Lens
  /** What the view begins with, px of the image; undefined while it is not known. */
  focus: Box | undefined
  /** Whether keys zoom: those of one picture do, where several move together. */
  hasKeys: boolean
  hovered: InstanceRef | null
  /** The hovered one and its partner. */
  lit: InstanceRef[]
  onHover: (ref: InstanceRef | null) => void
  onOpen: (ref: InstanceRef) => void
}

/** The image with its instances: wheel and pinch zoom, dragging pans, a click opens what lies under it. */
export function PictureCanvas(props: Props) {
  const { scene, picture, items, toggles, current, hovered, lit } = props
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const view = useSize(frame)
  const [camera, setCamera] = useCamera(props, view)
  const draw = useCallback(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !camera || view.width === 0) return
    const roleOf = (item: PictureItem): Role => {
      if (isSame(lit[0] ?? current, item)) return 'told'
      return lit.some(ref => isSame(ref, item)) ? 'partner' : 'other'
    }
    const label = (item: PictureItem) => labelOf(scene, item, roleOf(item))
    const painting = { picture, items, camera, view, toggles, current, lit, labelOf: label, lines: LINES }
    const { canvas: element } = context
    const ratio = devicePixelRatio
    fitBuffer(element, view, ratio)
    const shown = paint(context, { ...painting, paper: paperOf(element) }, ratio)
    note(element, shown, painting)
  }, [scene, picture, items, camera, view, toggles, current, lit])
  useLayoutEffect(draw, [draw])
  useRedraw(draw)
  const find = (left: number, top: number): PictureItem | null =>
    camera ? hit(picture, items, toggles, ...toImage(camera, left, top)) : null
  const zoom = (factor: number, at: Point = [view.width / 2, view.height / 2]): void =>
    setCamera(before => before && zoomAt(before, ...at, factor, picture.size, view))
  const reset = (): void => setCamera(() => showAll(picture.size, view, MARGIN))
  useWheel(canvas, zoom)
  useZoomKeys(props.hasKeys, zoom, reset)
  const gestures = useGestures({
    onPan: (dx, dy) => setCamera(before => before && pan(before, dx, dy, picture.size, view)),
    onPinch: (factor, at) => zoom(factor, at),
    onMove: at => {
      const item = at && find(...at)
      if (!isSame(item, hovered)) props.onHover(item && { kind: item.kind, row: item.row })
    },
    onClick: at => {
      const item = find(...at)
      if (item) props.onOpen({ kind: item.kind, row: item.row })
    },
  })
  const told = hovered && items.find(item => isSame(item, hovered))
  return (
    <div class="pic-frame" ref={frame}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={describe(picture, items)}
        style={{ width: `${view.width}px`, height: `${view.height}px` }}
        {...gestures}
        onDblClick={reset}
      />
      {told && <p class="pic-tip">{sentenceOf(scene, told)}</p>}
      <div class="pic-zoom">
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(ZOOM_STEP)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoom(1 / ZOOM_STEP)}>
          −
        </button>
        <button type="button" aria-label="Whole image" title="Whole image (0)" onClick={reset}>
          ⤢
        </button>
      </div>
    </div>
  )
}

/** What stands in the picture, for scripts that look after it: a canvas has no elements. */
function note(
  { dataset }: HTMLCanvasElement,
  shown: PictureItem[],
  { picture, camera, current, lit }: Pick<Painting, 'picture' | 'camera' | 'current' | 'lit'>,
): void {
  const { groundTruths, detections, tp, fp, fn } = tallyOf(shown)
  const name = (ref: InstanceRef | null): string => (ref ? `${ref.kind}:${ref.row}` : '')
  const numbers = { groundTruths, detections, tp, fp, fn }
  for (const [key, value] of Object.entries(numbers)) dataset[key] = String(value)
  dataset.current = name(current)
  dataset.lit = lit.map(name).join(' ')
  dataset.camera = `${camera.x} ${camera.y} ${camera.scale}`
  dataset.photograph = picture.bitmap ? 'yes' : 'no'
  dataset.masks = String(shown.filter(item => picture.shapes.of(item).isMask).length)
}

function describe({ bitmap, size }: Picture, items: PictureItem[]): string {
  const { groundTruths, detections, tp, fp, fn } = tallyOf(items)
  const what = bitmap ? 'Photograph' : 'Plain canvas'
  return `${what}, ${size.width} × ${size.height} px, with ${groundTruths} ground truths and ${detections} detections: ${tp} true positives, ${fp} false positives, ${fn} missed`
}

/** The smallest instance under a point of the image: large ones lie behind. */
function hit(
  picture: Picture,
  items: PictureItem[],
  toggles: Toggles,
  x: number,
  y: number,
): PictureItem | null {
  let found: PictureItem | null = null
  let least = Number.POSITIVE_INFINITY
  for (const item of items) {
    if (!isShown(item, toggles)) continue
    const shape = picture.shapes.of(item)
    if (shape.area >= least || !shape.contains(x, y)) continue
    found = item
    least = shape.area
  }
  return found
}

function fitBuffer(canvas: HTMLCanvasElement, view: Size, ratio: number): void {
  const width = Math.round(view.width * ratio)
  const height = Math.round(view.height * ratio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

let paper: Painting['paper'] | null = null

/** Colours of the theme, for where there is no photograph. Read once a frame: for each reading styles are worked out. */
export function paperOf(element: Element): Painting['paper'] {
  if (paper) return paper
  const style = getComputedStyle(element)
  const colour = (name: string, fallback: string): string => style.getPropertyValue(name) || fallback
  paper = {
    canvas: colour('--surface', '#f6f7f8'),
    image: colour('--paper', '#fff'),
    edge: colour('--line', '#d8dce1'),
  }
  requestAnimationFrame(() => {
    paper = null
  })
  return paper
}

function useSize(ref: { current: HTMLElement | null }): Size {
  const [size, set] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element
      set(before => (before.width === width && before.height === height ? before : { width, height }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}

type SetCamera = (next: (camera: Camera | null) => Camera | null) => void

/** The place of the lens as the camera of a view. */
function useCamera({ lens, focus, picture }: Props, view: Size): [Camera | null, SetCamera] {
  const { place } = lens
  const camera = useMemo(() => (place && view.width > 0 ? cameraAt(place, view) : null), [place, view])
  const { x, y, width, height } = focus ?? { x: 0, y: 0, width: -1, height: -1 }
  useLayoutEffect(() => {
    if (focus && view.width > 0) lens.turnTo(focus, camera, picture.image, picture.size, view)
  }, [picture, x, y, width, height, view])
  const setCamera: SetCamera = next =>
    lens.move(before => {
      const moved = next(before && cameraAt(before, view))
      return moved && placeOf(moved, view)
    })
  return [camera, setCamera]
}

/** Theme and resolution may change under an open picture. */
function useRedraw(draw: () => void): void {
  useEffect(() => {
    const queries = ['(prefers-color-scheme: dark)', `(resolution: ${devicePixelRatio}dppx)`].map(query =>
      matchMedia(query),
    )
    for (const query of queries) query.addEventListener('change', draw)
    return () => {
      for (const query of queries) query.removeEventListener('change', draw)
    }
  }, [draw])
}
