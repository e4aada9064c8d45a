import { COLOURS, darken, lighten, type Paint, paintOf } from './colour.js'
import { box, type Prism } from './solid.js'

const yellow = paintOf(COLOURS.truck)
const dark = paintOf(COLOURS.rubber)
const metal = paintOf(COLOURS.metal)
const steel = paintOf(COLOURS.steel)

/** Twelve corners on the unit circle, rounded: no trigonometry, so that every engine draws the same. */
const CIRCLE = [
  1, 0, 0.866, 0.5, 0.5, 0.866, 0, 1, -0.5, 0.866, -0.866, 0.5, -1, 0, -0.866, -0.5, -0.5, -0.866, 0, -1, 0.5,
  -0.866, 0.866, -0.5,
]

const disc = (x: number, y: number, radius: number, z0: number, z1: number, paint: Paint): Prism => ({
  outline: CIRCLE.map((c, i) => (i % 2 ? y : x) + c * radius),
  z0,
  z1,
  paint,
  marks: [],
})

const slab = (outline: number[], z0: number, z1: number, paint: Paint): Prism => ({
  outline,
  z0,
  z1,
  paint,
  marks: [],
})

/** The truck from its side, forks to the right, front axle at x = 0; far parts first. */
function sideView(z: number): Prism[] {
  const far = z + 1
  const wheel = (x: number, radius: number): Prism[] => [
    disc(x, radius, radius, z - 0.02, z + 0.2, dark),
    disc(x, radius, radius * 0.55, z - 0.021, z, steel),
    disc(x, radius, radius * 0.22, z - 0.022, z, metal),
  ]
  return [
    slab([0.34, 0.06, 0.42, 0.06, 0.42, 2.2, 0.34, 2.2], far - 0.2, far - 0.1, metal),
    slab([-1.2, 0.95, -1.12, 0.95, -0.98, 2.05, -1.06, 2.05], far - 0.08, far, dark),
    slab([0.1, 0.95, 0.18, 0.95, -0.02, 2.05, -0.1, 2.05], far - 0.08, far, dark),
    disc(-0.95, 0.25, 0.25, far - 0.2, far, dark),
    slab([-0.55, 0.95, -0.2, 0.95, -0.2, 1.06, -0.55, 1.06], z + 0.25, far - 0.25, dark),
    slab([-0.68, 1, -0.55, 1, -0.62, 1.5, -0.72, 1.5], z + 0.25, far - 0.25, dark),
    slab([-0.05, 1.05, 0, 1.05, -0.16, 1.4, -0.2, 1.38], z + 0.5, z + 0.55, metal),
    slab([-1.3, 0.3, -0.35, 0.3, -0.35, 0.95, -1.12, 0.95, -1.3, 0.75], z, far, yellow),
    slab([-0.35, 0.3, 0.1, 0.3, 0.1, 0.5, -0.35, 0.5], z, far, paintOf(darken(COLOURS.truck, 0.15))),
    slab([-0.02, 0.5, 0.3, 0.5, 0.3, 0.85, 0.16, 1.08, -0.02, 1.08], z + 0.05, far - 0.05, yellow),
    slab([0, 0.3, 0.34, 0.3, 0.34, 0.62, 0, 0.62], z, far, paintOf(lighten(COLOURS.truck, 0.15))),
    slab([-1.2, 0.55, -0.42, 0.55, -0.42, 0.63, -1.2, 0.63], z - 0.004, z, dark),
    ...wheel(-0.95, 0.25),
    ...wheel(0.06, 0.3),
    slab([-1.2, 0.95, -1.12, 0.95, -0.98, 2.05, -1.06, 2.05], z, z + 0.08, dark),
    slab([0.1, 0.95, 0.18, 0.95, -0.02, 2.05, -0.1, 2.05], z, z + 0.08, dark),
    slab([-1.12, 2.05, 0.04, 2.05, 0, 2.13, -1.08, 2.13], z, far, dark),
    slab([0.34, 0.06, 0.44, 0.06, 0.44, 2.2, 0.34, 2.2], z + 0.1, z + 0.2, metal),
    slab([0.44, 0.1, 0.5, 0.1, 0.5, 0.62, 0.44, 0.62], z + 0.06, far - 0.06, steel),
  ]
}

/** Mirrors a prism at x = 0 and keeps its outline counter-clockwise. */
function mirrored(prism: Prism): Prism {
  const outline: number[] = []
  for (let i = prism.outline.length - 2; i >= 0; i -= 2) outline.push(-prism.outline[i], prism.outline[i + 1])
  return { ...prism, outline }
}

const moved = (prism: Prism, dx: number): Prism => ({
  ...prism,
  outline: prism.outline.map((value, i) => (i % 2 ? value : value + dx)),
})

/** m, where the forks begin and how long they are, from the front axle. */
export const FORKS = { from: 0.5, length: 1.05, depth: 1 }

/** A forklift seen from its side, `z` being the near side; `facing` 1 has its forks to the right, -1 to the left. */
export function forkliftFromSide(x: number, z: number, facing: 1 | -1): { body: Prism[]; forks: Prism[] } {
  const turn = (prism: Prism): Prism => moved(facing === 1 ? prism : mirrored(prism), x)
  const fork = (near: number): Prism =>
    slab([0.5, 0.07, 1.55, 0.07, 1.55, 0.1, 0.5, 0.13], near, near + 0.12, steel)
  return { body: sideView(z).map(turn), forks: [fork(z + 0.7), fork(z + 0.2)].map(turn) }
}

/** A forklift driving away, its counterweight toward the camera; `z` is its near end. */
export function forkliftFromBehind(x: number, z: number): Prism[] {
  const red = paintOf(COLOURS.cone)
  const post = (left: number, near: number): Prism =>
    slab([left, 0.95, left + 0.07, 0.95, left + 0.07, 2.05, left, 2.05], near, near + 0.08, dark)
  return [
    box(-0.42, -0.32, 0.1, 2.25, z + 1.75, z + 1.9, metal),
    box(0.32, 0.42, 0.1, 2.25, z + 1.75, z + 1.9, metal),
    box(-0.32, 0.32, 2.12, 2.22, z + 1.75, z + 1.9, metal),
    box(-0.6, -0.34, 0, 0.6, z + 1.1, z + 1.7, dark),
    box(0.34, 0.6, 0, 0.6, z + 1.1, z + 1.7, dark),
    post(-0.5, z + 1.4),
    post(0.43, z + 1.4),
    slab([-0.42, 0.4, 0.42, 0.4, 0.42, 1.02, -0.42, 1.02], z + 1.3, z + 1.6, yellow),
    box(-0.24, 0.24, 0.95, 1.5, z + 0.62, z + 0.75, dark),
    box(-0.55, -0.36, 0, 0.5, z + 0.1, z + 0.6, dark),
    box(0.36, 0.55, 0, 0.5, z + 0.1, z + 0.6, dark),
    slab(
      [-0.42, 0.18, 0.42, 0.18, 0.52, 0.34, 0.52, 0.85, 0.38, 1, -0.38, 1, -0.52, 0.85, -0.52, 0.34],
      z,
      z + 1.2,
      yellow,
    ),
    box(-0.3, 0.3, 0.62, 0.82, z - 0.002, z, paintOf(darken(COLOURS.truck, 0.35))),
    box(-0.48, -0.38, 0.7, 0.8, z - 0.002, z, red),
    box(0.38, 0.48, 0.7, 0.8, z - 0.002, z, red),
    post(-0.5, z + 0.15),
    post(0.43, z + 0.15),
    slab([-0.54, 2.05, 0.54, 2.05, 0.5, 2.13, -0.5, 2.13], z + 0.1, z + 1.5, dark),
  ].map(prism => moved(prism, x))
}
