import { useEffect, useMemo, useState } from 'preact/hooks'
import { GALLERY, type GalleryPart } from '../../report/gallery.js'
import { type PictureItem, pictureItems } from '../../report/picture.js'
import { blockOf } from '../blocks.js'
import type { Report } from '../report.js'
import type { State } from '../state/state.js'
import { type Picture, PictureSource } from './source.js'

const sources = new WeakMap<Report, PictureSource>()

export function sourceOf(report: Report): PictureSource {
  const known = sources.get(report)
  if (known) return known
  const source = new PictureSource({
    scene: report.scene,
    part: (report.content.parts[GALLERY] as GalleryPart | undefined) ?? null,
    block: blockOf(report.model),
    model: report.model,
    local: report.local,
    location,
  })
  sources.set(report, source)
  return source
}

/** The picture of an image once it is there; asked for while the component is. */
export function usePicture(report: Report, image: number): Picture | undefined {
  const source = sourceOf(report)
  const [loaded, set] = useState<Picture | undefined>(() => source.get(image))
  useEffect(() => {
    const controller = new AbortController()
    source.load(image, controller.signal).then(
      picture => {
        if (!controller.signal.aborted) set(picture)
      },
      () => {}, // Only what nobody waits for any more fails.
    )
    return () => controller.abort()
  }, [source, image])
  return loaded?.image === image ? loaded : source.get(image)
}

/** The instances of an image as the state looks at them. */
export function useItems(report: Report, state: State, image: number): PictureItem[] {
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const view = report.viewOf(state)
  const size = report.sizeIndexOf(state)
  const { iou, score, scoreStrict } = view
  // What of the view matters to a picture; the view itself is another object each time.
  return useMemo(
    () => pictureItems(scene, index, view, size, image),
    [report, index, iou, score, scoreStrict, view.sizes, state.maxDet, size, image],
  )
}
