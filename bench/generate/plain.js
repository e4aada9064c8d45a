import { longTail, normalOf, randomOf, round } from './random.js'
import { jitter } from './shapes.js'

const SIZES = [
  [480, 640],
  [640, 480],
  [427, 640],
  [640, 427],
  [500, 375],
]

/**
 * COCO val2017's shape: pictures of about 640 x 480 with few or many objects, long-tailed classes, log-normal sizes.
 * Detections are loose copies of objects, several of many, some of a wrong class, and hits on the background; scores
 * have 3 digits, so that many tie.
 */
export function plainShape({ images, classes, groundTruths, detections, seed }) {
  const random = randomOf(seed)
  const normal = normalOf(random)
  const frames = Array.from({ length: images }, (_, i) => ({
    id: 139 + 116 * i,
    size: SIZES[Math.floor(random() * SIZES.length)],
  }))
  const classOf = longTail(random, classes, 0.9)
  const objectIn = category => {
    const side = Math.min(0.95, Math.exp(normal() * 0.9 - 2.3))
    const ratio = Math.exp(normal() * 0.35)
    const [w, h] = [Math.min(0.98, side * ratio), Math.min(0.98, side / ratio)]
    const radii = Array.from({ length: 10 + Math.floor(random() * 20) }, () => 0.75 + 0.25 * random())
    return { category, x: random() * (1 - w), y: random() * (1 - h), w, h, radii }
  }
  const objects = frames.map(() => [])
  const frameOf = () => Math.floor(random() ** 1.6 * images)
  for (let i = 0; i < groundTruths; i++) objects[frameOf()].push(objectIn(classOf()))

  const detectionIn = known => {
    const base = known.length > 0 && random() < 0.6 ? known[Math.floor(random() * known.length)] : undefined
    if (!base) return [objectIn(classOf()), round(0.05 + 0.6 * random() ** 4, 3)]
    const object = jitter(base, 0.02 + 0.2 * random() ** 2, normal)
    if (random() < 0.15) object.category = classOf()
    return [object, round(0.05 + 0.94 * random() ** 1.5, 3)]
  }
  const upTo = i => Math.round((detections / images) * i)
  return {
    frames,
    classes,
    objects: i => objects[i],
    isCrowd: () => random() < 0.01,
    *detections(i) {
      for (let d = upTo(i); d < upTo(i + 1); d++) yield detectionIn(objects[i])
    },
  }
}
