import { Random } from './random.js'

export interface BootstrapOptions {
  /** Resamples. Default 1000. */
  replicates?: number
  /** Default 1. */
  seed?: number
}

/**
 * Sums over images, kept apart by image: the entries of column c are `offsets[c] .. offsets[c + 1]`. An image without
 * an entry adds 0.
 */
export interface ImageSums {
  /** Images that are drawn from, also those without any entry. */
  imageCount: number
  columns: number
  /** [column + 1] */
  offsets: Uint32Array
  /** Position of the image, 0 to imageCount - 1, [entry]. */
  images: Uint32Array
  values: Float64Array
}

/** Sums of resampled images: column c of resample b is `sums[c * replicates + b]`. */
export interface Resamples {
  replicates: number
  sums: Float64Array
}

/** Collects `ImageSums`, one value after another. */
export class SumCollector {
  readonly #imageCount: number
  readonly #columns: Float64Array[] = []

  constructor(imageCount: number) {
    this.#imageCount = imageCount
  }

  /** A new column: what is added to `[image]` of the array counts for that image. */
  column(): { index: number; values: Float64Array } {
    const values = new Float64Array(this.#imageCount)
    return { index: this.#columns.push(values) - 1, values }
  }

  finish(): ImageSums {
    const offsets = new Uint32Array(this.#columns.length + 1)
    this.#columns.forEach((column, c) => {
      let count = 0
      for (let image = 0; image < column.length; image++) if (column[image] !== 0) count++
      offsets[c + 1] = offsets[c] + count
    })
    const images = new Uint32Array(offsets[this.#columns.length])
    const values = new Float64Array(images.length)
    this.#columns.forEach((column, c) => {
      let entry = offsets[c]
      for (let image = 0; image < column.length; image++) {
        if (column[image] === 0) continue
        images[entry] = image
        values[entry++] = column[image]
      }
    })
    return { imageCount: this.#imageCount, columns: this.#columns.length, offsets, images, values }
  }
}

/** Resamples computed side by side, so that an entry's image is looked up once for all of them. */
const ABREAST = 8

/**
 * Bootstrap over images: each resample draws as many images as there are, with replacement, and an image drawn m
 * times counts m times in every sum. All columns see the same draws, so differences of them are paired.
 */
export function resample(sums: ImageSums, options: BootstrapOptions = {}): Resamples {
  const { replicates = 1000, seed = 1 } = options
  const { imageCount, columns, offsets } = sums
  const out = new Float64Array(columns * replicates)
  const random = new Random(seed)
  const counts = new Uint32Array(imageCount)
  const weights = new Float64Array(imageCount * ABREAST)
  for (let from = 0; from < replicates; from += ABREAST) {
    const abreast = Math.min(ABREAST, replicates - from)
    drawWeights(random, counts, weights, abreast)
    for (let c = 0; c < columns; c++) {
      weigh(sums, offsets[c], offsets[c + 1], weights, out, c * replicates + from, abreast)
    }
  }
  return { replicates, sums: out }
}

/** Multiplicities of `abreast` resamples, [image, ABREAST]. */
function drawWeights(random: Random, counts: Uint32Array, weights: Float64Array, abreast: number): void {
  const imageCount = counts.length
  for (let lane = 0; lane < abreast; lane++) {
    counts.fill(0)
    random.drawInto(counts, imageCount)
    for (let image = 0; image < imageCount; image++) weights[image * ABREAST + lane] = counts[image]
  }
}

/** The weighted sums of the entries `from .. to`, one for each lane. */
function weigh(
  { images, values }: ImageSums,
  from: number,
  to: number,
  weights: Float64Array,
  out: Float64Array,
  at: number,
  abreast: number,
): void {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let s4 = 0
  let s5 = 0
  let s6 = 0
  let s7 = 0
  for (let entry = from; entry < to; entry++) {
    const value = values[entry]
    const w = images[entry] * ABREAST
    s0 += value * weights[w]
    s1 += value * weights[w + 1]
    s2 += value * weights[w + 2]
    s3 += value * weights[w + 3]
    s4 += value * weights[w + 4]
    s5 += value * weights[w + 5]
    s6 += value * weights[w + 6]
    s7 += value * weights[w + 7]
  }
  const lanes = [s0, s1, s2, s3, s4, s5, s6, s7]
  for (let lane = 0; lane < abreast; lane++) out[at + lane] = lanes[lane]
}

/** The sums over all images once, [column]. */
export function totals({ columns, offsets, values }: ImageSums): Float64Array {
  const sums = new Float64Array(columns)
  for (let c = 0; c < columns; c++) {
    for (let entry = offsets[c]; entry < offsets[c + 1]; entry++) sums[c] += values[entry]
  }
  return sums
}

/**
 * The interval between the quantiles (1 - level) / 2 and (1 + level) / 2 of `values`, interpolated between order
 * statistics (Hyndman and Fan's type 7, NumPy's default). Null without values.
 */
export function percentileInterval(values: ArrayLike<number>, level = 0.95): [number, number] | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)]
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** The standard deviation of `values` (divisor n - 1): of a bootstrap, the standard error. 0 for fewer than two. */
export function standardDeviation(values: ArrayLike<number>): number {
  const { length } = values
  if (length < 2) return 0
  let mean = 0
  for (let i = 0; i < length; i++) mean += values[i] / length
  let squares = 0
  for (let i = 0; i < length; i++) squares += (values[i] - mean) ** 2
  return Math.sqrt(squares / (length - 1))
}
