import { COLOURS, darken, paintOf } from './colour.js'
import { cardboardBox, type Place } from './props.js'
import { box, type Prism } from './solid.js'
import type { Stage } from './stage.js'

/** m: the measures of boxes on a shelf or a stack. */
export interface BoxSizes {
  width: readonly [number, number]
  height: readonly [number, number]
  /** Share of places left empty, 0 to 1. */
  empty: number
  /** Share of plastic crates, 0 to 1. */
  crates: number
}

/**
 * Fills a shelf from x0 to x1 with boxes that stand `depth` deep, up to `layers` on each other and not above
 * `clearance`, all in m.
 */
export function fillShelf(
  stage: Stage,
  span: { x0: number; x1: number; y: number; z: number; depth: number; clearance: number; layers: number },
  sizes: BoxSizes,
): void {
  const { random } = stage
  let x = span.x0 + random.between(0.03, 0.12)
  while (true) {
    const width = random.between(sizes.width[0], sizes.width[1])
    if (x + width > span.x1 - 0.03) return
    if (!random.chance(sizes.empty)) {
      const z = span.z + random.between(0.02, 0.12)
      fillColumn(stage, { x, y: span.y, z, width, height: 0, depth: span.depth - 0.2 }, span, sizes)
    }
    x += width + random.between(0.02, 0.09)
  }
}

function fillColumn(
  stage: Stage,
  foot: Place,
  limits: { y: number; clearance: number; layers: number },
  sizes: BoxSizes,
): void {
  const { random } = stage
  const crates = random.chance(sizes.crates)
  const layers = random.whole(1, limits.layers)
  let y = foot.y
  for (let layer = 0; layer < layers; layer++) {
    const height = crates ? 0.62 * sizes.height[1] : random.between(sizes.height[0], sizes.height[1])
    if (y + height > limits.y + limits.clearance) return
    const inset = layer && !crates ? random.between(0, 0.16) * foot.width : 0
    const shift = random.next() * inset
    const place = { ...foot, x: foot.x + shift, y, width: foot.width - inset, height }
    if (crates) stage.crate(place, false)
    else stage.carton(place, false)
    y += height
  }
}

/** How a pallet is loaded. */
export interface Load {
  columns: number
  layers: number
  /** m */
  boxHeight: number
  crates: boolean
}

/** m: the pallet in use everywhere. */
const PALLET = { width: 1.2, height: 0.14, depth: 0.9 }

/** A pallet with a load on it, its near left corner at x and z. */
export function loadedPallet(stage: Stage, x: number, z: number, load: Load): void {
  stage.pallet({ ...PALLET, x, y: 0, z })
  stackBoxes(stage, { x, y: PALLET.height, z }, load)
}

/** Boxes in columns and layers on the ground area of a pallet; some columns of the front row are lower. */
export function stackBoxes(stage: Stage, at: { x: number; y: number; z: number }, load: Load): void {
  const { random } = stage
  const rows = random.chance(0.4) ? 2 : 1
  const step = (PALLET.width - 0.06) / load.columns
  const depth = (PALLET.depth - 0.1) / rows
  for (let i = 0; i < rows * load.columns; i++) {
    const row = Math.floor(i / load.columns)
    const missing = random.chance(0.35) && (rows === 1 || row === 0) ? random.whole(1, 2) : 0
    for (let layer = 0; layer < load.layers - missing; layer++) {
      const place = {
        x: at.x + 0.03 + (i % load.columns) * step + random.between(0.005, 0.02),
        y: at.y + layer * load.boxHeight,
        z: at.z + 0.03 + row * (depth + 0.02) + random.between(0, 0.03),
        width: step - random.between(0.02, 0.04),
        height: load.boxHeight,
        depth: depth - 0.05,
      }
      if (load.crates) stage.crate(place, true)
      else stage.carton(place, true)
    }
  }
}

/** A block of boxes under stretch film, too far or too dense to label one by one: a crowd region. */
export function wrappedBlock(
  stage: Stage,
  at: { x: number; y: number; z: number },
  block: { columns: number; layers: number; size: number },
): void {
  const members: Prism[] = []
  for (let column = 0; column < block.columns; column++) {
    const layers = block.layers - (stage.random.chance(0.3) ? 1 : 0)
    for (let layer = 0; layer < layers; layer++) {
      const width = block.size * 1.15
      const place = {
        x: at.x + column * width,
        y: at.y + layer * block.size,
        z: at.z,
        width: width - 0.02,
        height: block.size - 0.015,
        depth: 0.7,
      }
      members.push(cardboardBox(stage.random, place, []))
    }
  }
  stage.putCrowd(members)
}

/** One bay of a rack that faces the camera: uprights on both sides, a shelf a level. */
export function rackBay(
  stage: Stage,
  bay: { x0: number; x1: number; z: number; depth: number; levels: readonly number[]; top: number },
): void {
  const upright = paintOf(stage.scheme.upright)
  const { x0, x1, z, depth } = bay
  const plank = { ...paintOf(stage.scheme.beam), top: COLOURS.plank, bottom: darken(COLOURS.plank, 0.4) }
  for (const x of [x0 - 0.04, x1 - 0.04]) {
    stage.decor(box(x, x + 0.08, 0, bay.top, z - 0.02, z + 0.06, upright))
    stage.decor(box(x, x + 0.08, 0, bay.top, z + depth, z + depth + 0.08, upright))
  }
  for (const y of bay.levels) stage.decor(box(x0 + 0.04, x1 - 0.04, y - 0.11, y, z, z + depth - 0.02, plank))
}

/** A bay of 2.7 m along an aisle, on its left (-1) or right (1). */
export function sideBay(
  stage: Stage,
  side: -1 | 1,
  z: number,
  levels: readonly number[],
  filled: boolean,
): void {
  const { random } = stage
  const upright = paintOf(stage.scheme.upright)
  const near = 1.75
  const [x0, x1] = side === 1 ? [near, near + 1] : [-near - 1, -near]
  const beam = {
    ...paintOf(stage.scheme.beam),
    top: COLOURS.plank,
    front: stage.scheme.upright,
    bottom: darken(COLOURS.plank, 0.4),
  }
  for (const x of [x0, x1 - 0.08]) stage.decor(box(x, x + 0.08, 0, 5, z, z + 0.08, upright))
  for (const y of levels) {
    stage.decor(box(x0, x1, y - 0.11, y, z + 0.08, z + 2.7, beam))
    if (filled && random.chance(0.7)) sideShelf(stage, { x0, x1, y, z, side })
  }
}

function sideShelf(
  stage: Stage,
  shelf: { x0: number; x1: number; y: number; z: number; side: -1 | 1 },
): void {
  const { random } = stage
  let z = shelf.z + 0.15
  while (true) {
    const depth = random.between(0.42, 0.75)
    if (z + depth > shelf.z + 2.65) return
    if (random.chance(0.78)) {
      const width = random.between(0.6, 0.85)
      const inset = random.between(0.02, 0.1)
      const x = shelf.side === 1 ? shelf.x0 + inset : shelf.x1 - inset - width
      const place = { x, y: shelf.y, z, width, height: random.between(0.32, 0.85), depth }
      if (random.chance(0.18)) stage.crate({ ...place, height: 0.34 }, false)
      else stage.carton(place, false, [shelf.side === 1 ? 'left' : 'right'])
    }
    z += depth + random.between(0.04, 0.12)
  }
}
