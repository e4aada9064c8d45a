import { longTail, normalOf, randomOf, toHalf } from './random.js'
import { jitter } from './shapes.js'

const SIZES = [
  [512, 769],
  [769, 512],
  [800, 1066],
  [1080, 1920],
]

/**
 * Objects365's shape: very many pictures and classes, of which a picture has few; boxes without masks. Scores are half
 * precision numbers, as detectors that run in it write them, so that many tie. Each picture restarts the generator
 * with a seed of its own, so that nothing is kept.
 */
export function wideShape({ images, classes, groundTruths, detections, seed }) {
  let random = randomOf(seed)
  const uniform = () => random()
  const normal = normalOf(uniform)
  const classOf = longTail(uniform, classes, 1)
  const frames = Array.from({ length: images }, (_, i) => ({
    id: 1000 + 37 * i,
    size: SIZES[Math.floor(uniform() * SIZES.length)],
  }))
  const fullness = frames.map(() => Math.exp(normal() * 0.7))
  const objectsUpTo = shares(fullness, groundTruths)
  const detectionsUpTo = shares(fullness, detections)
  const start = (i, purpose) => {
    random = randomOf(Math.imul(seed, 0x9e3779b1) + 3 * i + purpose)
  }

  // A picture shows few classes, several objects of each.
  const objectsOf = i => {
    start(i, 0)
    const present = Array.from({ length: 1 + Math.floor(uniform() * 8) }, classOf)
    const count = objectsUpTo[i + 1] - objectsUpTo[i]
    return Array.from({ length: count }, () => objectIn(present[Math.floor(uniform() * present.length)]))
  }
  const objectIn = category => {
    const side = Math.min(0.95, Math.exp(normal() - 2.6))
    const ratio = Math.exp(normal() * 0.35)
    const [w, h] = [Math.min(0.98, side * ratio), Math.min(0.98, side / ratio)]
    return { category, x: uniform() * (1 - w), y: uniform() * (1 - h), w, h }
  }
  const detectionIn = known => {
    const base = known.length > 0 && uniform() < 0.6 ? known[Math.floor(uniform() * known.length)] : undefined
    if (!base) return [objectIn(classOf()), toHalf(0.02 + 0.5 * uniform() ** 5)]
    const object = jitter(base, 0.02 + 0.2 * uniform() ** 2, normal)
    if (uniform() < 0.15) object.category = classOf()
    return [object, toHalf(0.02 + 0.97 * uniform() ** 2)]
  }
  return {
    frames,
    classes,
    objects: objectsOf,
    isCrowd: () => uniform() < 0.01,
    *detections(i) {
      const known = objectsOf(i)
      start(i, 1)
      for (let d = detectionsUpTo[i]; d < detectionsUpTo[i + 1]; d++) yield detectionIn(known)
    },
  }
}

/** Cuts `total` in proportion to the weights: entry i is where part i begins, the last is the total. */
function shares(weights, total) {
  const sum = weights.reduce((all, w) => all + w, 0)
  const bounds = [0]
  let before = 0
  for (const weight of weights) {
    before += weight
    bounds.push(Math.round((before / sum) * total))
  }
  return bounds
}
