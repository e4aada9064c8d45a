import { sharedPixels, spanArea } from '../geometry/spans.js'
import { compressed, extentOf, rasterize, type Sighting } from './annotate.js'
import type { Random } from './random.js'
import { boxCorners, distort } from './shapes.js'
import { CARDBOARD_BOX, FORKLIFT, PLASTIC_CRATE } from './stage.js'

/** A record of a COCO results file. It has no bbox: pycocotools would then take the box's area for the mask's. */
export interface Detection {
  image_id: number
  category_id: number
  segmentation: { size: [number, number]; counts: string }
  score: number
}

/** What a detector finds before its mask is rasterised. */
interface Draft {
  category: number
  score: number
  polygons: readonly (readonly number[])[]
}

/** How a detector behaves on one picture. */
export interface Habits {
  /** Detections found inside the crowd region. */
  inCrowd: number
  /** At least so many detections of cardboard boxes. */
  atLeast: number
  skill: Skill
}

/** What tells one detector from another. */
export interface Skill {
  /** How hard what is small or hidden is for it: 1 for the first detector, less for a better eye. */
  hardness: number
  /** How often it takes what is no object for one, of 1 at most. */
  imagination: number
}

/** px */
interface ImageSize {
  width: number
  height: number
}

type Polygons = readonly (readonly number[])[]

/** Detections of one picture, by descending score: what a fair detector gets right, and all that it gets wrong. */
export function predict(
  random: Random,
  sightings: readonly Sighting[],
  image: ImageSize & { id: number },
  habits: Habits,
): Detection[] {
  const drafts: Draft[] = []
  const labelled = sightings.filter(s => s.category !== null && !s.crowd)
  for (const sighting of labelled) drafts.push(...findOne(random, sighting, habits.skill.hardness))
  drafts.push(...merges(random, labelled))
  drafts.push(...background(random, sightings, image, habits.skill.imagination))
  for (const crowd of sightings)
    if (crowd.crowd) drafts.push(...inCrowd(random, crowd, habits.inCrowd, image))
  drafts.push(...noise(random, labelled, random.whole(0, 5)))
  const boxes = drafts.filter(draft => draft.category === CARDBOARD_BOX).length
  if (boxes < habits.atLeast) drafts.push(...noise(random, labelled, habits.atLeast - boxes, CARDBOARD_BOX))
  return toDetections(drafts, image)
}

function toDetections(drafts: readonly Draft[], image: ImageSize & { id: number }): Detection[] {
  const { id, width, height } = image
  const detections: Detection[] = []
  for (const { category, score, polygons } of drafts) {
    const spans = rasterize(polygons, height, width)
    if (spanArea(spans, 0, spans.length) < 4) continue
    detections.push({
      image_id: id,
      category_id: category,
      segmentation: { size: [height, width], counts: compressed(spans, width * height) },
      score,
    })
  }
  return detections.sort((a, b) => b.score - a.score)
}

/** How easily an object is found, 0 to 1: by its size and by how much of it shows. */
function easeOf({ areaPx, visible }: Sighting): number {
  const side = Math.sqrt(areaPx)
  return (side / (side + 12)) * (0.3 + 0.7 * visible)
}

/** Three decimals: so ties occur, as in files that round. */
const scoreOf = (value: number): number => Math.round(Math.max(0.01, Math.min(0.999, value)) * 1000) / 1000

/** What becomes of one labelled object. */
function findOne(random: Random, sighting: Sighting, hardness: number): Draft[] {
  const ease = easeOf(sighting)
  const hard = hardness * (1 - ease)
  const category = sighting.looksLike
  const score = scoreOf(0.36 + 0.74 * ease + 0.13 * random.bell())
  const fate = random.next()
  const missed = 0.02 + 0.55 * hard * hard
  if (fate < missed) return []
  if (fate < missed + 0.04 + 0.06 * hard)
    return [{ category, score: scoreOf(score * random.between(0.7, 1)), polygons: astray(random, sighting) }]
  if (fate < missed + 0.1 + 0.1 * hard) return confused(random, sighting, score)
  const found: Draft = { category, score, polygons: fitted(random, sighting, hard) }
  if (!random.chance(0.07)) return [found]
  const second = random.chance(0.15) ? score : scoreOf(score * random.between(0.35, 0.95))
  return [found, { category, score: second, polygons: fitted(random, sighting, 0.8) }]
}

/** A mask about where it should be: sometimes loose, tight or of few corners. */
function fitted(random: Random, sighting: Sighting, hard: number): Polygons {
  const side = Math.sqrt(sighting.areaPx)
  const error = side * (0.004 + 0.026 * hard * random.next() + 0.01 * random.next()) + 0.13
  const manner = random.next()
  const box = extentOf(sighting.polygons)
  const grow = manner < 0.12 ? 2.5 * error : manner < 0.24 ? -2 * error : 0.5 * error * random.bell()
  const shape = manner > 0.94 ? [boxCorners(box)] : sighting.polygons
  const offset = { dx: error * random.bell(), dy: error * random.bell(), grow, wobble: 0.6 * error }
  return distort(random, shape, box, offset)
}

/** A mask that overlaps its object too little: displaced by a good part of it, or half of it. */
function astray(random: Random, sighting: Sighting): Polygons {
  const box = extentOf(sighting.polygons)
  const [, , width, height] = box
  const share = random.between(0.32, 0.55) * (random.chance(0.5) ? 1 : -1)
  const along = random.chance(0.5)
  if (random.chance(0.4)) {
    const grow = -0.17 * Math.min(width, height)
    return distort(random, sighting.polygons, box, { dx: 0, dy: 0, grow, wobble: 0.03 * width })
  }
  const offset = {
    dx: along ? share * width : 0,
    dy: along ? 0 : share * height,
    grow: 0,
    wobble: 0.03 * width,
  }
  return distort(random, sighting.polygons, box, offset)
}

const otherThan = (random: Random, category: number): number =>
  category === CARDBOARD_BOX
    ? PLASTIC_CRATE
    : category === PLASTIC_CRATE
      ? random.chance(0.9)
        ? CARDBOARD_BOX
        : FORKLIFT
      : random.chance(0.5)
        ? CARDBOARD_BOX
        : PLASTIC_CRATE

/** The wrong class: on a good mask or a bad one, alone or beside the right class. */
function confused(random: Random, sighting: Sighting, score: number): Draft[] {
  const category = otherThan(random, sighting.looksLike)
  const fate = random.next()
  if (fate < 0.25)
    return [
      { category, score: scoreOf(score * random.between(0.5, 0.9)), polygons: astray(random, sighting) },
    ]
  const wrong: Draft = {
    category,
    score: scoreOf(score * random.between(0.6, 1)),
    polygons: fitted(random, sighting, 0.5),
  }
  return fate < 0.6
    ? [wrong]
    : [wrong, { category: sighting.looksLike, score, polygons: fitted(random, sighting, 0.5) }]
}

/** Neighbours of one class taken for one object. */
function merges(random: Random, labelled: readonly Sighting[]): Draft[] {
  const drafts: Draft[] = []
  for (let i = 1; i < labelled.length; i++) {
    const [a, b] = [labelled[i - 1], labelled[i]]
    if (a.looksLike !== b.looksLike || !touch(a, b) || !random.chance(0.05)) continue
    const polygons = [...fitted(random, a, 0.4), ...fitted(random, b, 0.4)]
    drafts.push({ category: a.looksLike, score: scoreOf(random.between(0.15, 0.75)), polygons })
  }
  return drafts
}

function touch(a: Sighting, b: Sighting): boolean {
  const [ax, ay, aw, ah] = extentOf(a.polygons)
  const [bx, by, bw, bh] = extentOf(b.polygons)
  return ax <= bx + bw + 2 && bx <= ax + aw + 2 && ay <= by + bh + 2 && by <= ay + ah + 2
}

/**
 * Pallets, stains and hardly visible boxes taken for objects, and now and then nothing at all. Where there is nothing
 * to find, everything else is reported.
 */
function background(
  random: Random,
  sightings: readonly Sighting[],
  image: ImageSize,
  imagination: number,
): Draft[] {
  const drafts: Draft[] = []
  const share = sightings.some(sighting => sighting.category !== null) ? imagination : 1
  for (const sighting of sightings) {
    if (sighting.category !== null || !random.chance(share)) continue
    const score = scoreOf(0.05 + 0.9 * random.next() * random.next())
    drafts.push({ category: sighting.looksLike, score, polygons: fitted(random, sighting, 0.5) })
  }
  for (let i = random.whole(0, 2); i > 0; i--) {
    const width = random.between(0.05, 0.2) * image.width
    const height = width * random.between(0.5, 1.1)
    const box = [
      random.next() * (image.width - width),
      random.next() * (image.height - height),
      width,
      height,
    ]
    const category = random.pick([CARDBOARD_BOX, CARDBOARD_BOX, PLASTIC_CRATE, FORKLIFT])
    const offset = { dx: 0, dy: 0, grow: 0, wobble: 0.05 * width }
    const score = scoreOf(0.02 + 0.5 * random.next() * random.next())
    drafts.push({ category, score, polygons: distort(random, [boxCorners(box)], box, offset) })
  }
  return drafts
}

/** Some boxes of a crowd region, out of those that are well in view. */
function inCrowd(random: Random, crowd: Sighting, count: number, image: ImageSize): Draft[] {
  const inView = crowd.members.filter(member => {
    const spans = rasterize([member], image.height, image.width)
    const shared = sharedPixels(spans, 0, spans.length, crowd.spans, 0, crowd.spans.length, 0, 2 ** 32)
    return shared >= 0.8 * spanArea(spans, 0, spans.length)
  })
  const drafts: Draft[] = []
  for (let i = 0; i < Math.min(count, inView.length); i++) {
    const member = inView[Math.floor((i * inView.length) / count)]
    const offset = { dx: 0, dy: 0, grow: 0, wobble: 0.4 }
    const polygons = distort(random, [member], extentOf([member]), offset)
    drafts.push({ category: CARDBOARD_BOX, score: scoreOf(random.between(0.2, 0.8)), polygons })
  }
  return drafts
}

/** Faint doubles of what was found, as a detector without a score threshold gives them. */
function noise(random: Random, labelled: readonly Sighting[], count: number, category?: number): Draft[] {
  const drafts: Draft[] = []
  for (let i = 0; i < count && labelled.length > 0; i++) {
    const sighting = random.pick(labelled)
    const score = scoreOf(0.01 + 0.12 * random.next())
    drafts.push({ category: category ?? sighting.looksLike, score, polygons: astray(random, sighting) })
  }
  return drafts
}
