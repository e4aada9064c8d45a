import { rasterizePart } from '../geometry/polygons.js'
import { encodeSpans, spansToCounts } from '../geometry/rle.js'
import { type Spans, spanArea, spanBounds, unionSpans } from '../geometry/spans.js'
import type { Canvas } from './canvas.js'
import { extentsOf, outlinesOf } from './contour.js'
import { type Prism, project } from './solid.js'
import type { Stage } from './stage.js'

/** An object as the picture shows it. */
export interface Sighting {
  /** Its label; null where it carries none. */
  category: number | null
  looksLike: number
  crowd: boolean
  /** One polygon a part, x, y pairs in px. */
  polygons: readonly number[][]
  /** Front faces of a crowd's members, px. */
  members: readonly number[][]
  spans: Spans
  areaPx: number
  /** Share of the object that is seen, 0 to 1. */
  visible: number
}

/** Objects with less than this to be seen carry no label. */
const MIN_AREA_PX = 40
const MIN_VISIBLE = 0.22

export function rasterize(polygons: readonly (readonly number[])[], height: number, width: number): Spans {
  let spans: Spans = new Uint32Array(0)
  for (const points of polygons) {
    const part = rasterizePart(Float64Array.from(points), 0, points.length / 2, height, width)
    spans = unionSpans(spans, part)
  }
  return spans
}

/** All that can be made out in a picture, in the order in which the scene was set. */
export function sightingsOf(stage: Stage, canvas: Canvas, facesPx: Float64Array): Sighting[] {
  const sightings: Sighting[] = []
  const extents = extentsOf(canvas, stage.objects.length)
  stage.objects.forEach((object, i) => {
    const polygons = extents[i].samples === 0 ? [] : outlinesOf(canvas, i, extents[i])
    if (polygons.length === 0) return
    const spans = rasterize(polygons, stage.height, stage.width)
    const areaPx = spanArea(spans, 0, spans.length)
    const visible = facesPx[i] > 0 ? Math.min(1, areaPx / facesPx[i]) : 1
    if (areaPx < MIN_AREA_PX / 2) return
    const labelled = areaPx >= MIN_AREA_PX && visible >= MIN_VISIBLE
    sightings.push({
      category: labelled || object.crowd ? object.category : null,
      looksLike: object.looksLike,
      crowd: object.crowd,
      polygons,
      members: object.members.map(member => frontFace(stage, member)),
      spans,
      areaPx,
      visible,
    })
  })
  return sightings
}

function frontFace(stage: Stage, { outline, z0 }: Prism): number[] {
  const xyz: number[] = []
  for (let i = 0; i < outline.length; i += 2) xyz.push(outline[i], outline[i + 1], z0)
  return project(stage.camera, xyz, 3)
}

/** A segmentation as COCO files state it. */
export type Segmentation = number[][] | { size: [number, number]; counts: number[] | string }

export interface Annotation {
  id: number
  image_id: number
  category_id: number
  iscrowd: 0 | 1
  area: number
  bbox: number[]
  segmentation: Segmentation
}

/** COCO numbers its crowd regions from here, beyond 32 bits. */
const FIRST_CROWD_ID = 900_100_000_000

const ascii = new TextDecoder('ascii')

export const compressed = (spans: Spans, pixels: number): string => ascii.decode(encodeSpans(spans, pixels))

/** Labels of one picture; `id` is the id of the first. Every other image states its crowd as plain run lengths. */
export function annotate(
  sightings: readonly Sighting[],
  image: { id: number; width: number; height: number },
  id: number,
): Annotation[] {
  const annotations: Annotation[] = []
  const pixels = image.width * image.height
  for (const { category, crowd, polygons, spans, areaPx } of sightings) {
    if (category === null) continue
    const next = id + annotations.length
    const counts = image.id % 2 ? Array.from(spansToCounts(spans, pixels)) : compressed(spans, pixels)
    annotations.push({
      id: crowd ? FIRST_CROWD_ID + next : next,
      image_id: image.id,
      category_id: category,
      iscrowd: crowd ? 1 : 0,
      area: areaPx,
      bbox: crowd ? boundsOf(spans, image.height) : extentOf(polygons),
      segmentation: crowd ? { size: [image.height, image.width], counts } : polygons.map(part => [...part]),
    })
  }
  return annotations
}

function boundsOf(spans: Spans, height: number): number[] {
  const bounds = new Uint32Array(4)
  spanBounds(spans, 0, spans.length, height, bounds, 0)
  return [bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1]]
}

/** x, y, width, height around the corners. */
export function extentOf(polygons: readonly (readonly number[])[]): number[] {
  let [x0, y0, x1, y1] = [1e9, 1e9, -1e9, -1e9]
  for (const points of polygons) {
    for (let i = 0; i < points.length; i += 2) {
      x0 = Math.min(x0, points[i])
      x1 = Math.max(x1, points[i])
      y0 = Math.min(y0, points[i + 1])
      y1 = Math.max(y1, points[i + 1])
    }
  }
  return [x0, y0, round2(x1 - x0), round2(y1 - y0)]
}

const round2 = (value: number): number => Math.round(value * 100) / 100
