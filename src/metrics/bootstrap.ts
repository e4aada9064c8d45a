import { finish, type Steps } from '../data/steps.js'
import type { KeyedCounts } from './keyed-counts.js'
import { Random } from './random.js'
import { ResampleKernel } from './resample-kernel.js'
import { SumKernel } from './sum-kernel.js'

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
  /** Room for sums by image, which is left as it was found: all 0. [image] */
  scratch: Float64Array
}

/** Sums of resampled images: column c of resample b is `sums[c * replicates + b]`. */
export interface Resamples {
  replicates: number
  sums: Float64Array
}

/** Collects `ImageSums`, one column after another. */
export class SumCollector {
  readonly imageCount: number
  readonly #offsets: number[] = [0]
  #length = 0
  #images = new Uint32Array(1024)
  #values = new Float64Array(1024)
  /** The column at work, [image], and its images with an entry. */
  readonly #scratch: Float64Array
  #kernel: SumKernel | null | undefined

  /** Kernel null leaves all to the twin. */
  constructor(imageCount: number, kernel?: SumKernel | null) {
    this.imageCount = imageCount
    this.#scratch = new Float64Array(imageCount)
    this.#kernel = kernel
  }

  /** A new column of the sum of `values` by image, each added at the position `images[i]`; returns its index. */
  add(images: ArrayLike<number>, values: ArrayLike<number>): number {
    const scratch = this.#scratch
    for (let i = 0; i < images.length; i++) scratch[images[i]] += values[i]
    return this.#collect(images)
  }

  /** A new column that counts rows by image: the row of Images of each, and the position of that. */
  count(rows: Int32Array, images: Int32Array, positions: Int32Array): number {
    if (this.#kernel === undefined) this.#kernel = SumKernel.create(this.imageCount)
    const counted = this.#kernel?.count(rows, images, positions)
    if (counted) return this.addEntries(counted.images, counted.values)
    const scratch = this.#scratch
    if (2 * rows.length > scratch.length) {
      const counts = new Uint32Array(scratch.length)
      for (let i = 0; i < rows.length; i++) counts[positions[images[rows[i]]]]++
      return this.addCounts(counts)
    }
    const own = new Uint32Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const image = positions[images[rows[i]]]
      own[i] = image
      scratch[image]++
    }
    return this.#collect(own)
  }

  /** A new column for each key: that of key k is k behind the index that this returns. */
  addKeyed({ offsets, images, values }: KeyedCounts): number {
    const first = this.#offsets.length - 1
    for (let key = 0; key + 1 < offsets.length; key++) {
      const [from, to] = [offsets[key], offsets[key + 1]]
      this.addEntries(images.subarray(from, to), values.subarray(from, to))
    }
    return first
  }

  /** A new column of one number for each image. */
  addCounts(counts: Uint32Array): number {
    this.#reserve(counts.length)
    for (let image = 0; image < counts.length; image++) {
      if (counts[image] === 0) continue
      this.#images[this.#length] = image
      this.#values[this.#length++] = counts[image]
    }
    return this.#close()
  }

  /** A new column of these entries, one an image. */
  addEntries(images: Uint32Array, values: Float64Array): number {
    this.#reserve(images.length)
    this.#images.set(images, this.#length)
    this.#values.set(values, this.#length)
    this.#length += images.length
    return this.#close()
  }

  /** Room for so many more entries. */
  #reserve(count: number): void {
    const needed = this.#length + Math.min(count, this.imageCount)
    if (needed <= this.#images.length) return
    const length = Math.max(needed, 2 * this.#images.length)
    const [images, values] = [this.#images, this.#values]
    this.#images = new Uint32Array(length)
    this.#values = new Float64Array(length)
    this.#images.set(images)
    this.#values.set(values)
  }

  #collect(images: ArrayLike<number>): number {
    this.#reserve(images.length)
    const scratch = this.#scratch
    const [ownImages, ownValues] = [this.#images, this.#values]
    let length = this.#length
    for (let i = 0; i < images.length; i++) {
      const image = images[i]
      const value = scratch[image]
      if (value === 0) continue // taken already, or nothing
      ownImages[length] = image
      ownValues[length++] = value
      scratch[image] = 0
    }
    this.#length = length
    return this.#close()
  }

  #close(): number {
    return this.#offsets.push(this.#length) - 2
  }

  /** Views of what has been collected: no column is to be added afterwards. */
  finish(): ImageSums {
    this.#kernel?.giveBack()
    this.#kernel = null
    return {
      imageCount: this.imageCount,
      columns: this.#offsets.length - 1,
      offsets: Uint32Array.from(this.#offsets),
      images: this.#images.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length),
      scratch: this.#scratch,
    }
  }
}

/** Resamples computed side by side, so that an entry's image is looked up once for all of them. */
const ABREAST = 8

/**
 * Bootstrap over images: each resample draws as many images as there are, with replacement, and an image drawn m
 * times counts m times in every sum. All columns see the same draws, so differences of them are paired.
 */
export function resample(sums: ImageSums, options: BootstrapOptions = {}): Resamples {
  return finish(resampleSteps(sums, options))
}

/** `resample` in short steps. Kernel null leaves all to the twin. */
export function* resampleSteps(
  sums: ImageSums,
  options: BootstrapOptions = {},
  kernel: ResampleKernel | null = ResampleKernel.create(),
): Steps<Resamples> {
  const { replicates = 1000, seed = 1 } = options
  const random = new Random(seed)
  const out = new Float64Array(sums.columns * replicates)
  if (kernel?.open(sums, random.state)) yield* drawInKernel(kernel, sums, replicates, out)
  else yield* drawPlainly(random, sums, replicates, out)
  return { replicates, sums: out }
}

function* drawInKernel(
  kernel: ResampleKernel,
  { columns }: ImageSums,
  replicates: number,
  out: Float64Array,
): Steps<void> {
  for (let from = 0; from < replicates; from += ABREAST) {
    const abreast = Math.min(ABREAST, replicates - from)
    const drawn = kernel.draw(abreast)
    for (let c = 0; c < columns; c++) {
      for (let lane = 0; lane < abreast; lane++) out[c * replicates + from + lane] = drawn[c * ABREAST + lane]
    }
    yield
  }
}

function* drawPlainly(random: Random, sums: ImageSums, replicates: number, out: Float64Array): Steps<void> {
  const { imageCount, columns, offsets } = sums
  const counts = new Uint32Array(imageCount)
  const weights = new Float64Array(imageCount * ABREAST)
  for (let from = 0; from < replicates; from += ABREAST) {
    const abreast = Math.min(ABREAST, replicates - from)
    drawWeights(random, counts, weights, abreast)
    for (let c = 0; c < columns; c++) {
      weigh(sums, offsets[c], offsets[c + 1], weights, out, c * replicates + from, abreast)
    }
    yield
  }
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
    let sum = 0
    for (let entry = offsets[c]; entry < offsets[c + 1]; entry++) sum += values[entry]
    sums[c] = sum
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

/** The columns `chosen`, in that order. */
export function pickColumns({ imageCount, offsets, images, values }: ImageSums, chosen: number[]): ImageSums {
  const collector = new SumCollector(imageCount)
  for (const column of chosen) {
    const [from, to] = [offsets[column], offsets[column + 1]]
    collector.addEntries(images.subarray(from, to), values.subarray(from, to))
  }
  return collector.finish()
}

/** In how many images the columns `plus` exceed the columns `minus` together, which are all of whole numbers. */
export function imagesWith(sums: ImageSums, plus: number[], minus: number[] = []): number {
  if (minus.length > 0) return imagesLeft(sums, netOf(sums, plus), minus)
  const net = sums.scratch
  for (const column of plus) addTo(net, sums, column, 1)
  let count = 0
  for (const column of plus) count += clearPositive(net, sums, column)
  return count
}

/** Some columns added up. */
interface Net {
  /** [image] */
  values: Float64Array
  /** Images above 0. */
  positive: number
}

const nets = new WeakMap<ImageSums, Map<string, Net>>()

/** Added up once: many parts are taken from one whole. */
function netOf(sums: ImageSums, columns: number[]): Net {
  const known = nets.get(sums) ?? new Map<string, Net>()
  nets.set(sums, known)
  const key = columns.join(' ')
  const found = known.get(key)
  if (found) return found
  const values = new Float64Array(sums.imageCount)
  for (const column of columns) addTo(values, sums, column, 1)
  let positive = 0
  for (let image = 0; image < values.length; image++) if (values[image] > 0) positive++
  const net = { values, positive }
  known.set(key, net)
  return net
}

/** In how many images something is left of `whole` without the columns `minus`: only theirs are looked at. */
function imagesLeft(sums: ImageSums, whole: Net, minus: number[]): number {
  const { offsets, images, scratch } = sums
  for (const column of minus) addTo(scratch, sums, column, 1)
  let count = whole.positive
  for (const column of minus) {
    for (let entry = offsets[column]; entry < offsets[column + 1]; entry++) {
      const image = images[entry]
      const all = whole.values[image]
      if (all > 0) count--
      if (all - scratch[image] > 0) count++
      scratch[image] = 0 // so that it changes nothing the second time
    }
  }
  return count
}

function addTo(
  net: Float64Array,
  { offsets, images, values }: ImageSums,
  column: number,
  sign: number,
): void {
  for (let entry = offsets[column]; entry < offsets[column + 1]; entry++)
    net[images[entry]] += sign * values[entry]
}

/** Clears the images of a column; returns how many of them were above 0. */
function clearPositive(net: Float64Array, { offsets, images }: ImageSums, column: number): number {
  let count = 0
  for (let entry = offsets[column]; entry < offsets[column + 1]; entry++) {
    if (net[images[entry]] > 0) count++
    net[images[entry]] = 0
  }
  return count
}
