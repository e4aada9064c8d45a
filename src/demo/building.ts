import { COLOURS, darken } from './colour.js'
import { cone, wheelieBin } from './props.js'
import { CARDBOARD_BOX, PLASTIC_CRATE, type Stage } from './stage.js'

/** The ground up to a wall at `wallZ` m, with seams and windows. */
export function floorAndWall(stage: Stage, wallZ: number): void {
  const far = 40
  const seam = darken(stage.scheme.wall, 0.06)
  const rectangle = (x0: number, x1: number, y0: number, y1: number, colour: number): void =>
    stage.patch([x0, y0, wallZ, x1, y0, wallZ, x1, y1, wallZ, x0, y1, wallZ], colour)
  rectangle(-far, far, 0, 30, stage.scheme.wall)
  rectangle(-far, far, 0, 1, stage.scheme.band)
  const offset = stage.random.between(0, 2)
  for (let x = -20 + offset; x < 20; x += 2) rectangle(x, x + 0.05, 1, 30, seam)
  for (let x = -19.2 + offset; x < 20; x += 4) rectangle(x, x + 2.4, 3.5, 4.5, COLOURS.window)
  const ground = (x0: number, x1: number, z0: number, z1: number, colour: number): void =>
    stage.patch([x0, 0, z0, x1, 0, z0, x1, 0, z1, x0, 0, z1], colour)
  ground(-far, far, 0.4, wallZ, COLOURS.floor)
  for (let z = 2.4; z < wallZ; z += 3) ground(-far, far, z, z + 0.03, COLOURS.floorSeam)
  for (let x = -16 + offset; x < 16; x += 4) ground(x, x + 0.03, 0.4, wallZ, COLOURS.floorSeam)
}

/** A dock door in the wall at `z`. */
export function dockDoor(stage: Stage, x: number, z: number): void {
  const panel = (x0: number, x1: number, y0: number, y1: number, colour: number): void =>
    stage.patch([x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z], colour)
  panel(x - 0.15, x + 2.35, 0, 2.75, COLOURS.metal)
  panel(x, x + 2.2, 0, 2.6, COLOURS.door)
  for (let y = 0.52; y < 2.5; y += 0.52) panel(x, x + 2.2, y, y + 0.03, COLOURS.doorSeam)
  panel(x + 0.5, x + 1.7, 1.64, 1.92, COLOURS.glass)
}

/** Two lane lines along x. */
export function laneLines(stage: Stage, z: number): void {
  for (const at of [z, z + 2.3])
    stage.patch([-40, 0, at, 40, 0, at, 40, 0, at + 0.1, -40, 0, at + 0.1], COLOURS.lane)
}

/** Outline of a stain, x and z from 0 to 1. */
const STAIN = [0, 0.3, 0.22, 0, 0.7, 0.04, 1, 0.35, 0.86, 0.8, 0.5, 1, 0.12, 0.85]

/** Now and then a stain on the floor that a detector may stumble over. */
export function floorMarks(stage: Stage, z: number): void {
  const { random } = stage
  if (!random.chance(0.5)) return
  const x = random.between(-2, 1)
  const width = random.between(0.5, 1.1)
  const xyz: number[] = []
  for (let i = 0; i < STAIN.length; i += 2) xyz.push(x + STAIN[i] * width, 0, z + STAIN[i + 1] * 0.6)
  stage.patch(xyz, COLOURS.stain, stage.lookalike(CARDBOARD_BOX))
}

/** Things that stand about: a cone, a bin. */
export function looseThings(stage: Stage, z: number): void {
  const { random } = stage
  const side = random.chance(0.5) ? -1 : 1
  if (random.chance(0.35)) stage.putLookalike(PLASTIC_CRATE, cone(side * random.between(1.3, 2.2), z))
  if (random.chance(0.25))
    stage.putLookalike(PLASTIC_CRATE, wheelieBin(-side * random.between(1.6, 2.6), z + 0.6))
}

/** Two lane lines along z, `half` m to both sides. */
export function laneLinesAhead(stage: Stage, half: number, end: number): void {
  for (const x of [-half - 0.1, half]) {
    stage.patch([x, 0, 0.5, x + 0.1, 0, 0.5, x + 0.1, 0, end, x, 0, end], COLOURS.lane)
  }
}
