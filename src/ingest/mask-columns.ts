import { type EncodedMasks, MASK_POLYGONS, MASK_RLE, type Points } from '../data/masks.js'
import { sharedBytes } from '../data/shared.js'
import { type Column, float64Column, uint8Column, uint32Column } from './columns.js'
import { keep } from './keep.js'
import type { ScannedMasks } from './scanner.js'

/** RLE strings are kept in chunks of this size: no array larger than a few MB is ever copied to grow. */
const CHUNK_BYTES = 4 << 20

/** A file whose first records say that it has more points than this gets room for them as they come. */
const MOST_EXPECTED = 1 << 27

const BACKSLASH = 92
const LETTER_U = 117

/** What JSON's escapes of one letter stand for; none of them is part of an RLE string. */
const CONTROLS: Record<string, number> = { b: 8, f: 12, n: 10, r: 13, t: 9 }

/** Copies a JSON string with its escapes resolved; returns where it ends in `out`. What is not ASCII becomes 0. */
function resolveEscapes(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  from: number,
): number {
  let to = from
  for (let i = start; i < end; i++) {
    if (bytes[i] !== BACKSLASH) {
      out[to++] = bytes[i]
      continue
    }
    i++
    if (bytes[i] === LETTER_U) {
      const code = Number.parseInt(String.fromCharCode(...bytes.subarray(i + 1, i + 5)), 16)
      out[to++] = code < 128 ? code : 0
      i += 4
    } else out[to++] = CONTROLS[String.fromCharCode(bytes[i])] ?? bytes[i]
  }
  return to
}

/**
 * Masks as they are read. `none` marks a row without one, so that rows stay those of the records. Rows before the first
 * mask are only counted until somebody looks at them: in files of boxes they take no memory.
 */
export class MaskColumns {
  readonly #kinds: Column<Uint8Array>
  readonly #sizes: Column<Uint32Array>
  readonly #chunk: Column<Uint32Array>
  readonly #starts: Column<Uint32Array>
  readonly #lengths: Column<Uint32Array>
  readonly #chunks: Uint8Array[] = []
  #used = CHUNK_BYTES
  readonly #partOffsets: Column<Uint32Array>
  /** Points of readers whose rows were added, and the first of each; those of this one stand behind them. */
  readonly #pieces: Float64Array[] = []
  readonly #pieceStarts: number[] = []
  #points = pointColumn()
  #firstPoint = 0
  /** Rows for which the parts and points are to be given room, by those of the first scan. */
  #expected = 0
  /** Rows without a mask that stand before those of the columns, which are empty then. */
  #counted = 0

  /** `shared`: for threads, which see the columns without a copy. */
  constructor(shared = false) {
    this.#kinds = uint8Column(shared)
    this.#sizes = uint32Column(shared)
    this.#chunk = uint32Column(shared)
    this.#starts = uint32Column(shared)
    this.#lengths = uint32Column(shared)
    this.#partOffsets = uint32Column(shared)
    this.#partOffsets.push(0)
  }

  get count(): number {
    return this.#counted + this.#kinds.length
  }

  get heldBytes(): number {
    const columns = [
      ...[this.#kinds, this.#sizes, this.#chunk, this.#starts],
      ...[this.#lengths, this.#partOffsets, this.#points],
    ]
    const bytes = [...this.#chunks, ...this.#pieces].reduce((sum, { byteLength }) => sum + byteLength, 0)
    return columns.reduce((sum, column) => sum + column.heldBytes, bytes)
  }

  /** MASK_RLE, MASK_POLYGONS or NONE, [row]. */
  get kinds(): Column<Uint8Array> {
    this.#writeCounted()
    return this.#kinds
  }

  /** [row, 2]: height, width; 0 0 for polygons until the image is known. */
  get sizes(): Column<Uint32Array> {
    this.#writeCounted()
    return this.#sizes
  }

  #writeCounted(): void {
    const count = this.#counted
    if (count === 0) return
    this.#counted = 0
    this.#kinds.repeat(NONE, count)
    this.#sizes.repeat(0, 2 * count)
    for (const column of [this.#chunk, this.#starts, this.#lengths]) column.repeat(0, count)
  }

  #push(kind: number, height: number, width: number, chunk: number, start: number, length: number): void {
    this.kinds.push(kind)
    this.sizes.push(height)
    this.sizes.push(width)
    this.#chunk.push(chunk)
    this.#starts.push(start)
    this.#lengths.push(length)
  }

  /** Makes room for `rows` that are likely to come; not for their strings. */
  expect(rows: number): void {
    this.#expected = rows
    this.#kinds.expect(rows)
    this.#sizes.expect(2 * rows)
    for (const column of [this.#chunk, this.#starts, this.#lengths]) column.expect(rows)
  }

  none(): void {
    this.noneFor(1)
  }

  /** `count` rows without a mask. */
  noneFor(count: number): void {
    const written = this.#kinds.length > 0
    this.#counted += count
    if (written) this.#writeCounted()
  }

  /** The `count` rows of a scan. */
  scanned(scan: ScannedMasks, count: number): void {
    this.#writeCounted()
    const { kinds, sizes, lengths, starts, text, parts, points } = scan
    const [textBytes, partCount, pointCount] = [scan.textBytes(), scan.partCount(), scan.pointCount()]
    // A string may be empty, and lies in a chunk all the same.
    const hasStrings = kinds.subarray(0, count).includes(MASK_RLE)
    const at = hasStrings ? this.#room(textBytes) : 0
    scan.startRows(count, at, this.parts, this.#pointCount)
    const chunk = Math.max(0, this.#chunks.length - 1)
    if (hasStrings) {
      this.#chunks[chunk].set(text.subarray(0, textBytes), at)
      this.#used = at + textBytes
    }
    this.#kinds.append(kinds.subarray(0, count))
    this.#sizes.append(sizes.subarray(0, 2 * count))
    this.#lengths.append(lengths.subarray(0, count))
    this.#starts.append(starts.subarray(0, count))
    this.#chunk.repeat(chunk, count)
    this.#expectParts(count, partCount, pointCount)
    this.#partOffsets.append(parts.subarray(0, partCount))
    this.#points.append(points.subarray(0, 2 * pointCount))
  }

  /** Makes room for the parts and points of the rows to come, if these are like the first `count`. */
  #expectParts(count: number, parts: number, points: number): void {
    if (this.#expected === 0) return
    const times = this.#expected / count
    this.#partOffsets.expect(Math.min(MOST_EXPECTED, Math.ceil(times * parts)))
    this.#points.expect(Math.min(MOST_EXPECTED, Math.ceil(2 * times * points)))
    this.#expected = 0
  }

  /** Where `bytes` more fit in the last chunk, which may be a new one. */
  #room(bytes: number): number {
    // Copies to shared memory go word by word where both sides are aligned.
    this.#used = (this.#used + 7) & ~7
    if (this.#used + bytes > CHUNK_BYTES || this.#chunks.length === 0) {
      this.#chunks.push(sharedBytes(Math.max(CHUNK_BYTES, bytes)))
      this.#used = 0
    }
    return this.#used
  }

  /** Copies the string `bytes[start .. end]`; JSON's escapes are resolved: the alphabet holds a backslash. */
  rle(bytes: Uint8Array, start: number, end: number, height: number, width: number, escaped = false): void {
    const from = this.#room(end - start)
    const chunk = this.#chunks[this.#chunks.length - 1]
    let to = from + end - start
    if (escaped) to = resolveEscapes(bytes, start, end, chunk, from)
    else chunk.set(bytes.subarray(start, end), from)
    this.#used = to
    this.#push(MASK_RLE, height, width, this.#chunks.length - 1, from, to - from)
  }

  /** Ends a part at the points pushed so far. */
  endPart(): void {
    this.#partOffsets.push(this.#pointCount)
  }

  get #pointCount(): number {
    return this.#firstPoint + this.#points.length / 2
  }

  pushCoordinate(value: number): void {
    this.#points.push(value)
  }

  /** Forgets the last: a part had an odd number of them. */
  dropCoordinate(): void {
    this.#points.length--
  }

  get parts(): number {
    return this.#partOffsets.length - 1
  }

  /** A mask of the parts from `firstPart` on. */
  polygons(firstPart: number, height = 0, width = 0): void {
    this.#push(MASK_POLYGONS, height, width, 0, firstPart, this.parts - firstPart)
  }

  /** Forgets the parts from `firstPart` on: their record is read again. */
  dropParts(firstPart: number): void {
    this.#partOffsets.length = firstPart + 1
    this.#points.length = 2 * (this.#partOffsets.values[firstPart] - this.#firstPoint)
  }

  /** Replaces a row that has no mask by a rectangle, as pycocotools' loadRes makes one of a box (x, y, w, h). */
  rectangle(row: number, x: number, y: number, w: number, h: number): void {
    const first = this.parts
    for (const value of [x, y, x, y + h, x + w, y + h, x + w, y]) this.#points.push(value)
    this.endPart()
    this.kinds.values[row] = MASK_POLYGONS
    this.#starts.values[row] = first
    this.#lengths.values[row] = 1
  }

  /** What was read so far, as plain columns that can be sent to another thread. */
  plain(): PlainMasks {
    return {
      counted: this.#counted,
      kinds: this.#kinds.view(),
      sizes: this.#sizes.view(),
      chunk: this.#chunk.view(),
      starts: this.#starts.view(),
      lengths: this.#lengths.view(),
      chunks: this.#chunks,
      partOffsets: this.#partOffsets.view(),
      points: this.#allPoints(),
    }
  }

  /** Adds the rows of another reader behind those here. */
  append(more: PlainMasks): void {
    this.noneFor(more.counted)
    if (more.kinds.length === 0) return
    this.#writeCounted()
    const first = this.count
    const parts = this.parts
    this.#chunk.append(more.chunk, this.#chunks.length)
    this.#starts.append(more.starts)
    if (parts > 0 && more.kinds.includes(MASK_POLYGONS)) {
      const starts = this.#starts.values
      for (let i = 0; i < more.kinds.length; i++) {
        if (more.kinds[i] === MASK_POLYGONS) starts[first + i] += parts
      }
    }
    for (const chunk of more.chunks) this.#chunks.push(chunk)
    this.#used = CHUNK_BYTES
    this.#partOffsets.length--
    this.#partOffsets.append(more.partOffsets, this.#pointCount)
    this.#addPieces(more.points)
    this.kinds.append(more.kinds)
    this.sizes.append(more.sizes)
    this.#lengths.append(more.lengths)
  }

  #allPoints(): Points {
    const isPart = this.#points.length > 0 || this.#pieces.length === 0
    return {
      pieces: isPart ? [...this.#pieces, this.#points.view()] : [...this.#pieces],
      starts: isPart ? [...this.#pieceStarts, this.#firstPoint] : [...this.#pieceStarts],
    }
  }

  /** Takes the arrays as they are: nothing is copied. */
  #addPieces({ pieces }: Points): void {
    const own = this.#points.length > 0 ? [this.#points.view()] : []
    for (const piece of [...own, ...pieces]) {
      this.#pieces.push(piece)
      this.#pieceStarts.push(this.#firstPoint)
      this.#firstPoint += piece.length / 2
    }
    if (own.length > 0) this.#points = pointColumn()
  }

  /** The masks of `rows`, which ascend. Bytes and points are shared, not copied. */
  select(rows: Uint32Array): EncodedMasks {
    return {
      count: rows.length,
      kinds: keep(this.kinds.view(), rows),
      sizes: keep(this.sizes.view(), rows, 2),
      chunk: keep(this.#chunk.view(), rows),
      starts: keep(this.#starts.view(), rows),
      lengths: keep(this.#lengths.view(), rows),
      chunks: this.#chunks,
      partOffsets: this.#partOffsets.view(),
      points: this.#allPoints(),
    }
  }
}

/** The columns of `MaskColumns`. */
export interface PlainMasks {
  /** Rows without a mask before those of the columns. */
  counted: number
  kinds: Uint8Array
  sizes: Uint32Array
  chunk: Uint32Array
  starts: Uint32Array
  lengths: Uint32Array
  chunks: Uint8Array[]
  partOffsets: Uint32Array
  points: Points
}

/** For threads, which see points without a copy. */
const pointColumn = (): Column<Float64Array> => float64Column(true)

/** A row without a mask. */
export const NONE = 255

export const firstHasMask = ({ counted, kinds }: PlainMasks): boolean =>
  counted === 0 && kinds.length > 0 && kinds[0] !== NONE
