import type { MaskBackend, MaskSet, Pairs } from '../../src/backends/backend.js'
import type { EncodedMasks } from '../../src/data/masks.js'
import { DeviceError } from '../../src/errors.js'
import { encodeMasks } from './masks.js'

/** One character a pixel, '.' for background; one string a row. */
export type Picture = string[]

/** Masks whose pixels `BitmapBackend` knows. */
export interface Pictures {
  masks: EncodedMasks
  pictures: Picture[]
}

export function drawMasks(pictures: Picture[]): Pictures {
  const specs = pictures.map(picture => ({
    height: picture.length,
    width: picture[0].length,
    runs: [picture.length * picture[0].length],
  }))
  return { masks: encodeMasks(specs), pictures }
}

export interface BitmapOptions {
  kind?: 'cpu' | 'webgpu'
  name?: string
  batchBytes?: number
  /** May throw what a backend throws; `call` counts the calls of that method from 0. */
  onLoad?: (rows: number[], call: number) => void
  onIntersect?: (pairs: Pairs, call: number) => void
}

/** Counts pixels one by one, and keeps a diary. */
export class BitmapBackend implements MaskBackend {
  readonly kind: 'cpu' | 'webgpu'
  readonly name: string
  readonly batchBytes: number
  /** Rows of each load, by call. */
  readonly loads: number[][] = []
  intersects = 0
  /** Sets loaded and not yet freed. */
  open = 0
  mostOpen = 0
  #options: BitmapOptions
  #sources: Pictures[]

  constructor(sources: Pictures[], options: BitmapOptions = {}) {
    this.kind = options.kind ?? 'cpu'
    this.name = options.name ?? this.kind
    this.batchBytes = options.batchBytes ?? 1e9
    this.#options = options
    this.#sources = sources
  }

  async load(masks: EncodedMasks, rows: Uint32Array): Promise<MaskSet> {
    const call = this.loads.push([...rows]) - 1
    await Promise.resolve()
    this.#options.onLoad?.([...rows], call)
    const source = this.#sources.find(candidate => candidate.masks === masks)
    if (!source) throw new Error('masks of another test')
    this.open++
    this.mostOpen = Math.max(this.mostOpen, this.open)
    return this.#set([...rows].map(row => source.pictures[row]))
  }

  close(): void {}

  #set(pictures: Picture[]): MaskSet & { pictures: Picture[] } {
    return {
      pictures,
      count: pictures.length,
      areaPx: Uint32Array.from(pictures, picture => pixels(picture).length),
      bounds: Uint32Array.from(pictures.flatMap(boundsOf)),
      intersect: async (other, pairs) => {
        await Promise.resolve()
        this.#options.onIntersect?.(pairs, this.intersects++)
        const others = (other as MaskSet & { pictures: Picture[] }).pictures
        return Uint32Array.from(pairs.dt, (dt, p) => sharedPixels(pictures[dt], others[pairs.gt[p]]))
      },
      free: () => {
        this.open--
      },
    }
  }
}

/** x, y of each foreground pixel. */
const pixels = (picture: Picture): [number, number][] =>
  picture.flatMap((line, y) => [...line].flatMap((c, x): [number, number][] => (c === '.' ? [] : [[x, y]])))

/** x0 y0 x1 y1, half-open; all 0 without a pixel. */
export function boundsOf(picture: Picture): number[] {
  const found = pixels(picture)
  if (found.length === 0) return [0, 0, 0, 0]
  const xs = found.map(([x]) => x)
  const ys = found.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1]
}

export function sharedPixels(one: Picture, other: Picture): number {
  if (one.length !== other.length || one[0].length !== other[0].length) return 0
  return pixels(one).filter(([x, y]) => other[y][x] !== '.').length
}

export const areaOf = (picture: Picture): number => pixels(picture).length

export const outOfMemory = (): DeviceError => new DeviceError('capacity', 'out of memory')
export const deviceLost = (): DeviceError => new DeviceError('lost', 'the device is gone')
