import { NOBODY } from './canvas.js'
import { type Colour, SCHEMES, type Scheme } from './colour.js'
import { cardboardBox, type Place, pallet, plasticCrate } from './props.js'
import type { Random } from './random.js'
import { type Camera, type Face, type Prism, type Solid, solid } from './solid.js'

export const CARDBOARD_BOX = 1
export const PLASTIC_CRATE = 2
export const FORKLIFT = 3

/** Something in a scene that a detector may report. */
export interface SceneObject {
  /** The category it is labelled with; null for things that only look like one. */
  category: number | null
  /** What a detector would take it for. */
  looksLike: number
  crowd: boolean
  /** The boxes of a crowd, which are not labelled one by one. */
  members: readonly Prism[]
}

/** A flat patch drawn before all solids. */
export interface Patch {
  xyz: readonly number[]
  colour: Colour
  object: number
}

/** A scene to be drawn: the place, the camera and what stands there. */
export class Stage {
  readonly random: Random
  /** px */
  readonly width: number
  readonly height: number
  readonly camera: Camera
  readonly scheme: Scheme
  readonly patches: Patch[] = []
  readonly solids: Solid[] = []
  /** By object number; number 0 is NOBODY. */
  readonly objects: SceneObject[] = [{ category: null, looksLike: 0, crowd: false, members: [] }]

  constructor(random: Random, width: number, height: number, camera: Camera) {
    this.random = random
    this.width = width
    this.height = height
    this.camera = camera
    this.scheme = random.pick(SCHEMES)
  }

  patch(xyz: readonly number[], colour: Colour, object = NOBODY): void {
    this.patches.push({ xyz, colour, object })
  }

  /** Adds a body that carries a label. */
  put(category: number, prisms: readonly Prism[], shadow: boolean): void {
    this.objects.push({ category, looksLike: category, crowd: false, members: [] })
    this.solids.push(solid(this.objects.length - 1, prisms, shadow))
  }

  /** Adds another part to the object put last. */
  putMore(prisms: readonly Prism[]): void {
    this.solids.push(solid(this.objects.length - 1, prisms, true))
  }

  /** Adds a body that carries no label but may be taken for one that does. */
  putLookalike(looksLike: number, prisms: readonly Prism[]): void {
    this.solids.push(solid(this.lookalike(looksLike), prisms, true))
  }

  lookalike(looksLike: number): number {
    this.objects.push({ category: null, looksLike, crowd: false, members: [] })
    return this.objects.length - 1
  }

  putCrowd(members: readonly Prism[]): void {
    this.objects.push({ category: CARDBOARD_BOX, looksLike: CARDBOARD_BOX, crowd: true, members })
    const object = this.objects.length - 1
    for (const member of members) this.solids.push(solid(object, [member], true))
  }

  /** Adds a body that nobody would report. */
  decor(prism: Prism, shadow = false): void {
    this.solids.push(solid(NOBODY, [prism], shadow))
  }

  carton(place: Place, shadow: boolean, faces: readonly Face[] = ['front']): void {
    this.put(CARDBOARD_BOX, [cardboardBox(this.random, place, faces)], shadow)
  }

  crate(place: Place, shadow: boolean): void {
    this.put(PLASTIC_CRATE, [plasticCrate(this.random, place)], shadow)
  }

  pallet(place: Place): void {
    this.putLookalike(this.random.chance(0.5) ? CARDBOARD_BOX : PLASTIC_CRATE, pallet(place))
  }
}
