import { CARDBOARD, COLOURS, CRATES, darken, lighten, paintOf } from './colour.js'
import type { Random } from './random.js'
import { box, type Face, type Mark, type Prism } from './solid.js'

/** m: where a body stands and how large it is. */
export interface Place {
  x: number
  y: number
  z: number
  width: number
  height: number
  depth: number
}

/** uv corners of a rectangle. */
const rect = (u0: number, v0: number, u1: number, v1: number): number[] => [u0, v0, u1, v0, u1, v1, u0, v1]

const prismAt = (place: Place, colour: number, marks: readonly Mark[]): Prism => {
  const { x, y, z, width, height, depth } = place
  return box(x, x + width, y, y + height, z, z + depth, paintOf(colour), marks)
}

/** Tape across the top, ending a little way down the front, or down the sides. */
function tapeMarks(random: Random, place: Place): Mark[] {
  const colour = random.chance(0.6) ? COLOURS.tapeLight : COLOURS.tapeDark
  const onSide = darken(colour, 0.16)
  if (random.chance(0.65)) {
    const half = 0.028 / place.width
    const end = random.chance(0.25) ? 0 : 0.78
    return [
      { face: 'top', uv: rect(0.5 - half, 0, 0.5 + half, 1), colour },
      { face: 'front', uv: rect(0.5 - half, end, 0.5 + half, 1), colour: darken(colour, 0.04) },
    ]
  }
  const half = 0.028 / place.depth
  return [
    { face: 'top', uv: rect(0, 0.5 - half, 1, 0.5 + half), colour },
    { face: 'left', uv: rect(0.5 - half, 0.78, 0.5 + half, 1), colour: onSide },
    { face: 'right', uv: rect(0.5 - half, 0.78, 0.5 + half, 1), colour: onSide },
  ]
}

/** A white shipping label with an address and a bar code. */
function labelMarks(random: Random, face: Face): Mark[] {
  const u = random.pick([0.1, 0.58])
  const v = random.pick([0.14, 0.42])
  const marks: Mark[] = [{ face, uv: rect(u, v, u + 0.32, v + 0.3), colour: COLOURS.white }]
  const line = (y: number, length: number): void => {
    marks.push({ face, uv: rect(u + 0.04, y, u + 0.04 + length, y + 0.035), colour: COLOURS.steel })
  }
  line(v + 0.22, 0.2)
  line(v + 0.155, 0.13)
  marks.push({ face, uv: rect(u + 0.04, v + 0.045, u + 0.28, v + 0.11), colour: COLOURS.rubber })
  return marks
}

/** Two "this side up" arrows over a line. */
function arrowMarks(random: Random, face: Face): Mark[] {
  const left = random.pick([0.08, 0.66])
  const marks: Mark[] = [{ face, uv: rect(left, 0.12, left + 0.26, 0.16), colour: COLOURS.ink }]
  for (const u of [left + 0.01, left + 0.14]) {
    const tip = [u, 0.34, u + 0.055, 0.46, u + 0.11, 0.34]
    marks.push({ face, uv: tip, colour: COLOURS.ink })
    marks.push({ face, uv: rect(u + 0.035, 0.19, u + 0.075, 0.34), colour: COLOURS.ink })
  }
  return marks
}

/** `faces` are those that people see and label. */
export function cardboardBox(random: Random, place: Place, faces: readonly Face[] = ['front']): Prism {
  const marks: Mark[] = [{ face: 'front', uv: rect(0, 0, 1, 0.025), colour: COLOURS.ink }]
  const colour = random.pick(CARDBOARD)
  marks.push(...tapeMarks(random, place))
  for (const face of faces) {
    if (random.chance(0.45)) marks.push(...labelMarks(random, face))
    else if (random.chance(0.5)) marks.push(...arrowMarks(random, face))
  }
  return prismAt(place, colour, marks)
}

/** An open plastic crate: a rim, ribs and a handle. */
export function plasticCrate(random: Random, place: Place): Prism {
  const colour = random.pick(CRATES)
  const dark = darken(colour, 0.3)
  const marks: Mark[] = [
    { face: 'top', uv: rect(0.05, 0.08, 0.95, 0.92), colour: darken(colour, 0.5) },
    { face: 'top', uv: rect(0.05, 0.55, 0.95, 0.92), colour: dark },
  ]
  for (const face of ['front', 'left', 'right'] as const) {
    const rim = face === 'right' ? colour : lighten(colour, 0.22)
    marks.push({ face, uv: rect(0, 0.86, 1, 1), colour: rim })
    for (const u of [0.06, 0.24, 0.72, 0.9])
      marks.push({ face, uv: rect(u, 0.08, u + 0.04, 0.8), colour: dark })
    marks.push({ face, uv: rect(0.36, 0.58, 0.64, 0.74), colour: darken(colour, 0.6) })
  }
  return prismAt(place, colour, marks)
}

/** A wooden pallet 0.14 m high: two boards, three blocks and a deck. */
export function pallet(place: Place): Prism[] {
  const { x, y, z, width, depth } = place
  const wood = paintOf(COLOURS.wood)
  const dark = paintOf(darken(COLOURS.wood, 0.12))
  const prisms = [box(x, x + width, y, y + 0.025, z, z + depth, dark)]
  for (const share of [0, 0.44, 0.88]) {
    const left = x + share * width
    prisms.push(box(left, left + 0.12 * width, y + 0.025, y + 0.1, z, z + depth, dark))
  }
  prisms.push(box(x, x + width, y + 0.1, y + 0.14, z, z + depth, wood))
  return prisms
}

/** A traffic cone 0.6 m high. */
export function cone(x: number, z: number): Prism[] {
  const orange = paintOf(COLOURS.cone)
  const slice = (y0: number, y1: number, white: boolean): Prism => {
    const w0 = 0.15 * (1 - y0 / 0.66)
    const w1 = 0.15 * (1 - y1 / 0.66)
    const outline = [x - w0, y0, x + w0, y0, x + w1, y1, x - w1, y1]
    return { outline, z0: z, z1: z + 0.01, paint: white ? paintOf(COLOURS.white) : orange, marks: [] }
  }
  return [
    box(x - 0.2, x + 0.2, 0, 0.04, z - 0.2, z + 0.2, orange),
    slice(0.04, 0.22, false),
    slice(0.22, 0.36, true),
    slice(0.36, 0.58, false),
  ]
}

/** A wheeled bin 1 m high with its lid closed. */
export function wheelieBin(x: number, z: number): Prism[] {
  const body = paintOf(COLOURS.bin)
  const lid = paintOf(darken(COLOURS.bin, 0.25))
  const wheels = paintOf(COLOURS.rubber)
  return [
    box(x - 0.2, x + 0.2, 0, 0.08, z + 0.3, z + 0.5, wheels),
    {
      outline: [x - 0.22, 0.05, x + 0.22, 0.05, x + 0.28, 0.92, x - 0.28, 0.92],
      z0: z,
      z1: z + 0.55,
      paint: body,
      marks: [],
    },
    box(x - 0.3, x + 0.3, 0.92, 1, z - 0.03, z + 0.58, lid),
  ]
}
