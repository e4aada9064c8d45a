import { useLayoutEffect, useRef } from 'preact/hooks'
import { type InstanceRef, isNear, type PictureItem } from '../../report/picture.js'
import { useAppState, useReport } from '../ui/hooks.js'
import { around, type Box, enclose, moveInside } from './camera.js'
import { isSame, paint } from './paint.js'
import { paperOf } from './picture-canvas.js'
import type { Picture } from './source.js'
import { ALL_ON } from './style.js'
import { useItems, usePicture } from './use-picture.js'

/** What surrounds an instance, as parts of its side; and px of the image that a crop shows at least. */
const SURROUNDINGS = 0.35
const LEAST_SIDE = 24

/** CSS px. */
const THIN = { plain: 1.5, bold: 2 }

const PLAIN = { ...ALL_ON, labels: false, fill: 0.12 }

/** A square cut out of the image: the instance, and the partner it is matched with or most like. */
export function Crop({ kind, row, side }: InstanceRef & { side: number }) {
  const report = useReport()
  const state = useAppState()
  const canvas = useRef<HTMLCanvasElement>(null)
  const image = report.scene[kind].images[row]
  const picture = usePicture(report, image)
  const items = useItems(report, state, image)
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context && picture) paintCrop(context, picture, pairIn(items, { kind, row }), { kind, row }, side)
  }, [picture, items, kind, row, side])
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing can focus it
    <canvas
      class="crop"
      ref={canvas}
      style={{ width: `${side}px`, height: `${side}px` }}
      data-photograph={picture ? (picture.bitmap ? 'yes' : 'no') : 'loading'}
      aria-hidden="true"
    />
  )
}

/** The instance and its partner, where it has one. */
function pairIn(items: PictureItem[], ref: InstanceRef): PictureItem[] {
  const item = items.find(one => isSame(one, ref))
  if (!item) return []
  const partner = isNear(item) && items.find(one => one.kind !== item.kind && one.row === item.partner)
  return partner ? [partner, item] : [item]
}

function paintCrop(
  context: CanvasRenderingContext2D,
  picture: Picture,
  items: PictureItem[],
  current: InstanceRef,
  side: number,
): void {
  const ratio = devicePixelRatio
  context.canvas.width = Math.round(side * ratio)
  context.canvas.height = Math.round(side * ratio)
  const view = { width: side, height: side }
  const camera = enclose(moveInside(windowOf(picture, current, items), picture.size), view)
  const paper = paperOf(context.canvas)
  paint(
    context,
    {
      picture,
      items,
      camera,
      view,
      toggles: PLAIN,
      current,
      lit: [],
      labelOf: () => null,
      lines: THIN,
      paper,
    },
    ratio,
  )
}

/** Around the instance, and its partner unless that is far larger. */
function windowOf(picture: Picture, current: InstanceRef, items: PictureItem[]): Box {
  const own = picture.shapes.of(current).box
  const others = items.map(item => picture.shapes.of(item).box)
  const side = (box: Box): number => Math.max(box.width, box.height)
  const near = others.filter(box => side(box) <= 2 * side(own))
  return around([own, ...near], SURROUNDINGS, LEAST_SIDE)
}
