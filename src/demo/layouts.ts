import { dockDoor, floorAndWall, floorMarks, laneLines, laneLinesAhead, looseThings } from './building.js'
import { COLOURS, paintOf } from './colour.js'
import {
  type BoxSizes,
  fillShelf,
  loadedPallet,
  rackBay,
  sideBay,
  stackBoxes,
  wrappedBlock,
} from './fixtures.js'
import { FORKS, forkliftFromBehind, forkliftFromSide } from './forklift.js'
import type { Random } from './random.js'
import { box, type Camera } from './solid.js'
import { FORKLIFT, Stage } from './stage.js'

export type Layout = 'racks' | 'aisle' | 'stacks' | 'conveyor' | 'dense' | 'empty'

/** px: width, height. */
type Size = readonly [number, number]

const LARGE: Size = [480, 320]
const SMALL: Size = [320, 240]
const SIZES: readonly Size[] = [LARGE, [400, 300], [384, 288], SMALL, [300, 400], [360, 360]]
const CLOSE_SIZES: readonly Size[] = [LARGE, [400, 300], [360, 360]]
const AISLE_SIZES: readonly Size[] = [SMALL, [320, 320], [384, 256], [240, 320]]

/** m: the levels of every rack. */
const LEVELS = [0.16, 1.45, 2.74, 4.03]

const PARCELS: BoxSizes = { width: [0.24, 0.34], height: [0.22, 0.3], empty: 0.06, crates: 0.06 }
const CARTONS: BoxSizes = { width: [0.34, 0.66], height: [0.26, 0.5], empty: 0.22, crates: 0.24 }

/** `horizon` is the height of the line of sight, as a share of the picture from its top. */
function stageFor(
  random: Random,
  [width, height]: Size,
  { eyeY, zoom, horizon }: { eyeY: number; zoom: number; horizon: number },
): Stage {
  const camera: Camera = {
    eyeX: random.between(-0.7, 0.7),
    eyeY,
    focalPx: Math.round(zoom * (width + height) * 0.58),
    centreX: Math.round(width / 2),
    centreY: Math.round(height * horizon),
  }
  return new Stage(random, width, height, camera)
}

/** A wall of racks at `z` m, as far as the picture reaches. */
function rackWall(stage: Stage, z: number, sizes: BoxSizes, filled: number): void {
  const { random, camera } = stage
  const bay = 2.6
  const reach = ((z + 1) * stage.width) / 2 / camera.focalPx
  let x0 = camera.eyeX - reach - random.between(0, bay)
  for (; x0 < camera.eyeX + reach; x0 += bay) {
    const x1 = x0 + bay
    rackBay(stage, { x0, x1, z, depth: 1, levels: LEVELS, top: 5.2 })
    for (const y of LEVELS) {
      if (!random.chance(filled)) continue
      fillShelf(stage, { x0: x0 + 0.08, x1: x1 - 0.08, y, z, depth: 1, clearance: 1.1, layers: 2 }, sizes)
    }
  }
}

/** A wall of racks, and before it what stands on the floor. */
function racks(random: Random): Stage {
  const stage = stageFor(random, random.pick(SIZES), {
    eyeY: random.between(1.5, 2),
    zoom: 1,
    horizon: random.between(0.32, 0.42),
  })
  const z = random.between(5.2, 7)
  floorAndWall(stage, 11)
  laneLines(stage, z - 2.7)
  rackWall(stage, z, CARTONS, 0.8)
  floorMarks(stage, z - 3.4)
  if (random.chance(0.35)) someTruck(stage, random.between(-0.8, 0.8), z - 2.4)
  else somePallets(stage, [-2.1, -0.6, 0.9], z - 2.4, 0.45)
  looseThings(stage, z - 3.2)
  return stage
}

/** Racks full of parcels. */
function dense(random: Random): Stage {
  const stage = stageFor(random, LARGE, { eyeY: 1.7, zoom: 1, horizon: 0.54 })
  floorAndWall(stage, 11)
  rackWall(stage, 5.6, PARCELS, 0.96)
  return stage
}

/** Close to a few loaded pallets, a wall with dock doors behind them. */
function stacks(random: Random): Stage {
  const close = random.chance(0.5)
  const stage = stageFor(random, random.pick(close ? CLOSE_SIZES : SIZES), {
    eyeY: close ? random.between(1, 1.3) : random.between(1.4, 1.9),
    zoom: 0.9,
    horizon: random.between(0.28, 0.37),
  })
  floorAndWall(stage, 8)
  dockDoor(stage, random.between(-3.4, -1.2), 8)
  dockDoor(stage, random.between(1.2, 3.4), 8)
  const z = close ? random.between(1.9, 2.5) : random.between(3.2, 4)
  laneLines(stage, z + 1.3)
  somePallets(stage, [-2, -0.55, 0.9], z, 0.8, close ? 0.6 : 0.15)
  if (random.chance(0.5)) someTruck(stage, random.between(-1.5, 1.5), z + 1.7)
  else somePallets(stage, [-3.4, -1.9, -0.4, 1.1, 2.6], z + 1.6, 0.6)
  floorMarks(stage, z - 1)
  looseThings(stage, z - 0.8)
  if (random.chance(0.5)) {
    const width = random.between(0.5, 0.8)
    const height = random.between(0.3, 0.5)
    stage.carton({ x: random.between(-1, 0.4), y: 0, z: z - 0.6, width, height, depth: 0.45 }, true)
  }
  return stage
}

/** Boxes and crates on a belt. */
function conveyor(random: Random): Stage {
  const stage = stageFor(random, random.pick(SIZES), {
    eyeY: random.between(1.5, 2),
    zoom: 0.95,
    horizon: random.between(0.38, 0.48),
  })
  floorAndWall(stage, 9)
  const z = random.between(3.1, 3.7)
  const top = 0.72
  const metal = paintOf(COLOURS.metal)
  stage.decor(box(-9, 9, top - 0.14, top, z, z + 0.75, { ...metal, top: COLOURS.rubber }), true)
  stage.decor(box(-9, 9, top - 0.04, top + 0.02, z - 0.05, z, paintOf(COLOURS.lane)))
  for (let x = -4.1; x < 5; x += 1.6) stage.decor(box(x, x + 0.1, 0, top - 0.14, z + 0.05, z + 0.6, metal))
  for (let x = -3 + random.between(0, 0.5); x < 3; x += random.between(0.06, 0.7)) {
    const width = random.between(0.36, 0.7)
    const height = random.between(0.22, 0.5)
    const place = { x, y: top, z: z + random.between(0.05, 0.15), width, height, depth: 0.5 }
    if (random.chance(0.3)) stage.crate({ ...place, height: 0.28 }, false)
    else stage.carton(place, false)
    x += width
  }
  somePallets(stage, [-2.8, -1.2, 0.4, 1.9], z + 1.6, 0.6)
  if (random.chance(0.4)) someTruck(stage, random.between(-1.5, 1.5), z + 3.1)
  looseThings(stage, z - 1)
  return stage
}

/** Between two racks, down to a door at the far end. */
function aisle(random: Random): Stage {
  const stage = aisleStage(random, AISLE_SIZES, true)
  floorMarks(stage, 3)
  const what = random.next()
  if (what < 0.4) {
    const truck = forkliftFromBehind(random.between(-0.5, 0.5), random.between(3.6, 7))
    stage.put(FORKLIFT, truck, true)
  } else if (what < 0.8) somePallets(stage, [random.between(-1.1, -0.3)], random.between(3.4, 6), 1)
  looseThings(stage, 8)
  return stage
}

/** The same with nothing on the racks that a label could name. */
function empty(random: Random): Stage {
  const stage = aisleStage(random, [SMALL], false)
  stage.pallet({ x: -0.8, y: 0, z: 3.4, width: 1.2, height: 0.14, depth: 0.9 })
  floorMarks(stage, 2.6)
  looseThings(stage, 6)
  return stage
}

function aisleStage(random: Random, sizes: readonly Size[], filled: boolean): Stage {
  const stage = stageFor(random, random.pick(sizes), {
    eyeY: random.between(1.6, 2.1),
    zoom: 0.85,
    horizon: random.between(0.3, 0.38),
  })
  const end = 21
  floorAndWall(stage, end)
  dockDoor(stage, -1.1, end)
  laneLinesAhead(stage, 1.4, end)
  for (const side of [-1, 1] as const) {
    for (let z = 2.2; z < end - 3; z += 2.7) sideBay(stage, side, z, LEVELS, filled)
  }
  return stage
}

/** Pallets at some of the places; `bulkyShare` is the share of those that carry single large boxes. */
function somePallets(
  stage: Stage,
  lefts: readonly number[],
  z: number,
  share: number,
  bulkyShare = 0.15,
): void {
  const { random } = stage
  for (const x of lefts) {
    if (!random.chance(share)) continue
    const crates = random.chance(0.2)
    const bulky = !crates && random.chance(bulkyShare)
    const columns = bulky ? 1 : crates ? 2 : random.whole(2, 3)
    const boxHeight = crates ? 0.3 : bulky ? random.between(0.5, 0.75) : random.between(0.28, 0.44)
    const layers = random.whole(1, bulky ? 2 : 4)
    const at = { x: x + random.between(0, 0.25), z: z + random.between(-0.1, 0.3) }
    loadedPallet(stage, at.x, at.z, { columns, layers, boxHeight, crates })
  }
}

/** A forklift, most often with boxes on its forks. */
function someTruck(stage: Stage, x: number, z: number): void {
  const { random } = stage
  const facing = random.chance(0.5) ? 1 : -1
  const { body, forks } = forkliftFromSide(x, z, facing)
  stage.put(FORKLIFT, body, true)
  stage.putMore(forks)
  if (!random.chance(0.7)) return
  const left = facing === 1 ? x + FORKS.from + 0.05 : x - FORKS.from - 1.25
  const load = { columns: 2, layers: random.whole(1, 3), boxHeight: 0.42, crates: random.chance(0.25) }
  stackBoxes(stage, { x: left, y: 0.14, z: z + 0.05 }, load)
}

const LAYOUTS: Record<Layout, (random: Random) => Stage> = { racks, aisle, stacks, conveyor, dense, empty }

/** m: where the crowd region of a layout stands. */
const CROWD_Z: Record<Layout, number> = {
  racks: 8.5,
  aisle: 12,
  stacks: 6.6,
  conveyor: 7.6,
  dense: 8.5,
  empty: 12,
}

/** Sets the scene of a layout; a block of boxes that is one crowd region is added where asked for. */
export function compose(random: Random, layout: Layout, crowd: boolean): Stage {
  const stage = LAYOUTS[layout](random)
  if (crowd) {
    const columns = layout === 'aisle' ? 4 : 6
    const x = layout === 'aisle' ? -0.6 : random.between(-2.4, 0.2)
    wrappedBlock(stage, { x, y: 0, z: CROWD_Z[layout] }, { columns, layers: 5, size: 0.3 })
  }
  return stage
}
