import { rasterizeParts } from '../../src/geometry/polygons.js'
import { appendCounts, appendRle } from '../../src/geometry/rle.js'
import { SpanBuffer, type Spans, sharedPixels, spanArea } from '../../src/geometry/spans.js'

export interface Rle {
  size: [number, number]
  counts: string | number[]
}

export interface GroundTruth {
  images: { id: number; width: number; height: number; file_name: string }[]
  categories: { id: number; name: string }[]
  annotations: {
    id: number
    image_id: number
    category_id: number
    iscrowd: number
    area: number
    bbox: number[]
    segmentation: number[][] | Rle
  }[]
}

export type Results = { image_id: number; category_id: number; score: number; segmentation: Rle }[]

/** Spans of a compressed or plain RLE; fails where the runs do not fill the image. */
export function spansOfRle({ size, counts }: Rle): Spans {
  const buffer = new SpanBuffer()
  const pixels = size[0] * size[1]
  if (typeof counts === 'string') {
    const bytes = new TextEncoder().encode(counts)
    appendRle(bytes, 0, bytes.length, pixels, buffer)
  } else appendCounts(counts, counts.length, pixels, buffer)
  return buffer.values.slice(0, buffer.length)
}

export function spansOfPolygons(parts: number[][], height: number, width: number): Spans {
  const offsets = [0]
  for (const part of parts) offsets.push(offsets[offsets.length - 1] + part.length / 2)
  return rasterizeParts(Float64Array.from(parts.flat()), Uint32Array.from(offsets), height, width)
}

const areaOf = (spans: Spans): number => spanArea(spans, 0, spans.length)
const sharedOf = (a: Spans, b: Spans): number => sharedPixels(a, 0, a.length, b, 0, b.length, 0, 2 ** 32)

interface Mask {
  category: number
  crowd: boolean
  spans: Spans
  area: number
  taken: boolean
  crowdHits: number
}

/** COCO's similarity: IoU, or with a crowd the shared part of the detection. */
function similarity(dt: Spans, gt: Mask): number {
  const shared = sharedOf(dt, gt.spans)
  return shared / (gt.crowd ? areaOf(dt) : areaOf(dt) + gt.area - shared)
}

/** How often each outcome occurs at IoU 0.5, with the background's limit at 0.1; at most 100 detections a class. */
export function countOutcomes(gt: GroundTruth, dt: Results): Record<string, number> {
  const counts: Record<string, number> = {}
  const add = (outcome: string): void => {
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  for (const image of gt.images) {
    const masks = masksOf(gt, image)
    const found = dt.filter(detection => detection.image_id === image.id)
    for (const { id } of gt.categories) {
      const ofClass = found.filter(d => d.category_id === id).sort((a, b) => b.score - a.score)
      for (let i = 0; i < ofClass.length - 1; i++) if (ofClass[i].score === ofClass[i + 1].score) add('tie')
      ofClass.forEach((detection, rank) => {
        add(rank >= 100 ? 'beyond the cap' : outcomeOf(spansOfRle(detection.segmentation), id, masks))
      })
    }
    for (const mask of masks) {
      if (mask.crowd) add(['crowd unmatched', 'crowd matched once'][mask.crowdHits] ?? 'crowd matched often')
      else if (!mask.taken) add('missed')
    }
    if (masks.length === 0 && found.length > 0) add('image without ground truth')
    if (masks.length > 0 && found.length === 0) add('image without detections')
  }
  return counts
}

function masksOf(gt: GroundTruth, image: GroundTruth['images'][number]): Mask[] {
  return gt.annotations
    .filter(annotation => annotation.image_id === image.id)
    .map(({ category_id, iscrowd, segmentation }) => {
      const spans = Array.isArray(segmentation)
        ? spansOfPolygons(segmentation, image.height, image.width)
        : spansOfRle(segmentation)
      const area = areaOf(spans)
      return { category: category_id, crowd: iscrowd === 1, spans, area, taken: false, crowdHits: 0 }
    })
}

function outcomeOf(spans: Spans, category: number, masks: Mask[]): string {
  const scored = masks.map(mask => ({ mask, value: similarity(spans, mask) }))
  const same = scored.filter(({ mask }) => mask.category === category).sort((a, b) => b.value - a.value)
  const match = same.find(({ mask, value }) => value >= 0.5 && !mask.crowd && !mask.taken)
  if (match) {
    match.mask.taken = true
    return 'true positive'
  }
  const crowd = same.find(({ mask, value }) => value >= 0.5 && mask.crowd)
  if (crowd) {
    crowd.mask.crowdHits++
    return 'ignored by crowd'
  }
  const small = areaOf(spans) < 1024
  const best = same.find(({ mask }) => !mask.crowd)?.value ?? 0
  const other = Math.max(0, ...scored.filter(s => s.mask.category !== category).map(s => s.value))
  if (best >= 0.5) return 'duplicate'
  if (other >= 0.5) return 'wrong class'
  if (best >= 0.1) return small ? 'poorly placed, small' : 'poorly placed, not small'
  return other >= 0.1 ? 'wrong class and poorly placed' : 'background'
}
