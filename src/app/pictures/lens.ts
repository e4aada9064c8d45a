import { useMemo, useRef, useState } from 'preact/hooks'
import { type Box, type Camera, isInSight, type Place, placeOf, type Size, show } from './camera.js'

/** CSS px beside what is shown as a whole. */
export const MARGIN = 16

/** Where pictures look that stand beside each other: all of them at the same place, at the same scale. */
export interface Lens {
  place: Place | null
  move: (next: (place: Place | null) => Place | null) => void
  /**
   * To be called with each change of the image, the view, or `focus` (what is open, in px of the image). Begins with a
   * view of it, and turns to another that cannot be seen from where it stands; a reader who has moved it wants it there.
   */
  turnTo: (focus: Box, camera: Camera | null, image: number, size: Size, view: Size) => void
}

export function useLens(): Lens {
  const [place, move] = useState<Place | null>(null)
  // What it was turned to last: where two pictures call, one is enough.
  const last = useRef({ image: -1, view: '', focus: '' })
  return useMemo(() => {
    const turnTo: Lens['turnTo'] = (focus, camera, image, size, view) => {
      const { x, y, width, height } = focus
      const now = { image, view: `${view.width} ${view.height}`, focus: `${x} ${y} ${width} ${height}` }
      const isNew = now.image !== last.current.image || now.view !== last.current.view
      const isOther = now.focus !== last.current.focus
      last.current = now
      if (!isNew && !isOther) return
      if (isNew || !camera || !isInSight(camera, focus, view))
        move(placeOf(show(focus, size, view, MARGIN), view))
    }
    return { place, move, turnTo }
  }, [place])
}
