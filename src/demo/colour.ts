/** A colour is 0xRRGGBB. */
export type Colour = number

const SHADE: Colour = 0x26384a
const LIGHT: Colour = 0xfffaf0

/** `a` at t = 0, `b` at t = 1. */
export function mix(a: Colour, b: Colour, t: number): Colour {
  let out = 0
  for (let shift = 16; shift >= 0; shift -= 8) {
    const from = (a >> shift) & 255
    const to = (b >> shift) & 255
    out |= Math.round(from + (to - from) * t) << shift
  }
  return out
}

export const darken = (colour: Colour, t: number): Colour => mix(colour, SHADE, t)
export const lighten = (colour: Colour, t: number): Colour => mix(colour, LIGHT, t)

/** One colour a face: the light comes from above and from the left. */
export interface Paint {
  front: Colour
  top: Colour
  left: Colour
  right: Colour
  bottom: Colour
}

export const paintOf = (base: Colour): Paint => ({
  front: base,
  top: lighten(base, 0.3),
  left: lighten(base, 0.1),
  right: darken(base, 0.24),
  bottom: darken(base, 0.42),
})

export const COLOURS = {
  window: 0xf3f9fb,
  floor: 0xb9c2c8,
  floorSeam: 0xabb5bc,
  stain: 0x9ba6ae,
  lane: 0xf0c23c,
  door: 0xeef2f4,
  doorSeam: 0xd6dfe4,
  plank: 0xa9a59c,
  wood: 0xa89478,
  rubber: 0x2c343b,
  metal: 0x59656e,
  steel: 0x97a4ad,
  truck: 0xf2b01e,
  glass: 0xcfe3ea,
  cone: 0xe4572e,
  white: 0xf6f4ee,
  bin: 0x3f7f8c,
  ink: 0x6d5136,
  tapeLight: 0xe8d3a9,
  tapeDark: 0xa57a48,
} as const satisfies Record<string, Colour>

export const CARDBOARD: readonly Colour[] = [0xcb9b62, 0xd8ae78, 0xbb8850, 0xc48f5c, 0xdcb98a]
export const CRATES: readonly Colour[] = [0x2f7fb3, 0x4a9c6d, 0xc4533c]

/** The colours of a building. */
export interface Scheme {
  wall: Colour
  band: Colour
  upright: Colour
  beam: Colour
}

export const SCHEMES: readonly Scheme[] = [
  { wall: 0xdfe7ec, band: 0xb4c4cf, upright: 0x2f4c7d, beam: 0xe2702f },
  { wall: 0xe6e6df, band: 0xbfc6bd, upright: 0x2b6160, beam: 0xe6a12c },
  { wall: 0xe3e4ec, band: 0xbabdd0, upright: 0x4a4f86, beam: 0xdb5f45 },
]
