import { type Canvas, castShadow, fill, NOBODY } from './canvas.js'
import { type Colour, mix, type Paint } from './colour.js'

/** A pinhole camera that looks along z. World units are metres: x to the right, y up, z away from the camera. */
export interface Camera {
  eyeX: number
  eyeY: number
  /** px a metre at a distance of one metre. */
  focalPx: number
  /** px, where the line of sight meets the picture. */
  centreX: number
  centreY: number
}

/** A convex outline in x and y, extruded from z0 (near) to z1 (far). */
export interface Prism {
  /** x, y pairs, counter-clockwise with y up. */
  outline: readonly number[]
  z0: number
  z1: number
  paint: Paint
  marks: readonly Mark[]
}

export type Face = 'front' | 'top' | 'left' | 'right'

/** A flat patch on a face of a box: u runs along the face, v from its lower or near edge up or away; 0 to 1. */
export interface Mark {
  face: Face
  uv: readonly number[]
  colour: Colour
}

/** Prisms drawn in order as one body. */
export interface Solid {
  /** What the samples are marked with: an object's number or NOBODY. */
  object: number
  prisms: readonly Prism[]
  shadow: boolean
  /** m, what the whole spans: x0, x1, y0, y1, z0, z1. */
  bounds: readonly number[]
}

/** Marks are left out on boxes that come out lower than this, in px. */
const MARKED_FROM_PX = 13

/** m a shadow reaches to the right for each metre of height. */
const SHADOW_SLANT = 0.3
const SHADOW_STRENGTH = 0.32

/** Far colours fade toward this, in steps so that few colours are in use. */
const HAZE: Colour = 0xdfe7ec
const HAZE_STEPS = 6
const HAZE_FROM = 5
const HAZE_TO = 32

export function box(
  x0: number,
  x1: number,
  y0: number,
  y1: number,
  z0: number,
  z1: number,
  paint: Paint,
  marks: readonly Mark[] = [],
): Prism {
  return { outline: [x0, y0, x1, y0, x1, y1, x0, y1], z0, z1, paint, marks }
}

export function solid(object: number, prisms: readonly Prism[], shadow = false): Solid {
  const bounds = [1e9, -1e9, 1e9, -1e9, 1e9, -1e9]
  for (const { outline, z0, z1 } of prisms) {
    for (let i = 0; i < outline.length; i++) {
      const axis = i % 2 ? 2 : 0
      bounds[axis] = Math.min(bounds[axis], outline[i])
      bounds[axis + 1] = Math.max(bounds[axis + 1], outline[i])
    }
    bounds[4] = Math.min(bounds[4], z0)
    bounds[5] = Math.max(bounds[5], z1)
  }
  return { object, prisms, shadow, bounds }
}

export const projectX = (camera: Camera, x: number, z: number): number =>
  camera.centreX + (camera.focalPx * (x - camera.eyeX)) / z
export const projectY = (camera: Camera, y: number, z: number): number =>
  camera.centreY - (camera.focalPx * (y - camera.eyeY)) / z

/** Picture points of world points x, y, z, rounded to 1 / `grid` px. */
export function project(camera: Camera, xyz: readonly number[], grid: number): number[] {
  const out: number[] = []
  for (let i = 0; i < xyz.length; i += 3) {
    out.push(Math.round(projectX(camera, xyz[i], xyz[i + 2]) * grid) / grid)
    out.push(Math.round(projectY(camera, xyz[i + 1], xyz[i + 2]) * grid) / grid)
  }
  return out
}

export function hazed(colour: Colour, z: number): Colour {
  const share = (z - HAZE_FROM) / (HAZE_TO - HAZE_FROM)
  const step = Math.max(0, Math.min(HAZE_STEPS - 1, Math.round(share * HAZE_STEPS)))
  return step === 0 ? colour : mix(colour, HAZE, step / HAZE_STEPS)
}

/** World points of a mark on the box a prism is. */
function markPoints(prism: Prism, mark: Mark): number[] {
  const [x0, y0, x1, , , y1] = prism.outline
  const out: number[] = []
  for (let i = 0; i < mark.uv.length; i += 2) {
    const u = mark.uv[i]
    const v = mark.uv[i + 1]
    const x = x0 + (x1 - x0) * u
    const y = y0 + (y1 - y0) * v
    const z = prism.z0 + (prism.z1 - prism.z0) * u
    if (mark.face === 'front') out.push(x, y, prism.z0)
    else if (mark.face === 'top') out.push(x, y1, prism.z0 + (prism.z1 - prism.z0) * v)
    else out.push(mark.face === 'left' ? x0 : x1, y, z)
  }
  return out
}

function faceIsSeen(camera: Camera, prism: Prism, face: Face): boolean {
  const [x0, , x1, , , y1] = prism.outline
  if (face === 'top') return camera.eyeY > y1
  if (face === 'left') return camera.eyeX < x0
  return face === 'front' || camera.eyeX > x1
}

/** The paint of a side whose outward normal points to (x, y). */
function sideColour(paint: Paint, x: number, y: number): Colour {
  if (Math.abs(x) > Math.abs(y)) return x > 0 ? paint.right : paint.left
  return y > 0 ? paint.top : paint.bottom
}

/** Draws the faces that the camera sees; returns the px they would cover with nothing before them. */
function drawPrism(canvas: Canvas, camera: Camera, prism: Prism, object: number): number {
  const { outline, z0, z1, paint } = prism
  const grid = outline.length === 8 ? 1 : 3
  let facesPx = 0
  const draw = (xyz: number[], colour: Colour, on: number): void => {
    const points = project(camera, xyz, on)
    if (on === grid) facesPx += polygonArea(points)
    fill(canvas, points, hazed(colour, z0), object)
  }
  for (let i = 0; i < outline.length; i += 2) {
    const j = (i + 2) % outline.length
    const [ax, ay, bx, by] = [outline[i], outline[i + 1], outline[j], outline[j + 1]]
    const facing = (by - ay) * (camera.eyeX - ax) - (bx - ax) * (camera.eyeY - ay)
    if (facing <= 0) continue
    const colour = sideColour(paint, by - ay, ax - bx)
    draw([ax, ay, z0, bx, by, z0, bx, by, z1, ax, ay, z1], colour, grid)
  }
  const front: number[] = []
  for (let i = 0; i < outline.length; i += 2) front.push(outline[i], outline[i + 1], z0)
  draw(front, paint.front, grid)
  const heightPx = (camera.focalPx * (outline[outline.length - 1] - outline[1])) / z0
  if (heightPx >= MARKED_FROM_PX) {
    for (const mark of prism.marks) {
      if (!faceIsSeen(camera, prism, mark.face)) continue
      fill(canvas, project(camera, markPoints(prism, mark), 3), hazed(mark.colour, z0), object)
    }
  }
  return facesPx
}

export function polygonArea(points: readonly number[]): number {
  let twice = 0
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length
    twice += points[i] * points[j + 1] - points[j] * points[i + 1]
  }
  return Math.abs(twice) / 2
}

/** Adds to `facesPx[object]` what each object would cover with nothing before it. */
export function drawSolids(
  canvas: Canvas,
  camera: Camera,
  solids: readonly Solid[],
  facesPx: Float64Array,
): void {
  for (const { shadow, bounds } of solids) {
    if (!shadow) continue
    const [x0, x1, y0, y1, z0, z1] = bounds
    const left = x0 + SHADOW_SLANT * y0
    const right = x1 + SHADOW_SLANT * y1
    const ground = [left, 0, z0, right, 0, z0, right, 0, z1, left, 0, z1]
    castShadow(canvas, project(camera, ground, 1), SHADOW_STRENGTH)
  }
  for (const { object, prisms } of farToNear(camera, solids)) {
    for (const prism of prisms) {
      const px = drawPrism(canvas, camera, prism, object)
      if (object !== NOBODY) facesPx[object] += px
    }
  }
}

/** False where a plane between the two has `b` on the camera's side, so that `a` cannot cover it. */
function mayCover(camera: Camera, a: Solid, b: Solid): boolean {
  const eye = [camera.eyeX, camera.eyeY, 0]
  for (let axis = 0; axis < 3; axis++) {
    const [a0, a1, b0, b1] = [
      a.bounds[2 * axis],
      a.bounds[2 * axis + 1],
      b.bounds[2 * axis],
      b.bounds[2 * axis + 1],
    ]
    if (b1 <= a0 && eye[axis] <= a0) return false
    if (b0 >= a1 && eye[axis] >= a1) return false
  }
  return true
}

/** Orders solids so that each comes after those it covers. */
function farToNear(camera: Camera, solids: readonly Solid[]): Solid[] {
  const sorted = [...solids].sort((a, b) => b.bounds[5] - a.bounds[5])
  const done = new Uint8Array(sorted.length)
  const out: Solid[] = []
  const visit = (i: number): void => {
    if (done[i]) return
    done[i] = 1
    for (let j = 0; j < sorted.length; j++) {
      if (!done[j] && mayCover(camera, sorted[i], sorted[j]) && !mayCover(camera, sorted[j], sorted[i]))
        visit(j)
    }
    out.push(sorted[i])
  }
  for (let i = 0; i < sorted.length; i++) visit(i)
  return out
}
