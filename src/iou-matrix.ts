import type { MaskBackend, MaskSet } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import { type EncodedMasks, heightOf, widthOf } from './data/masks.js'
import { InputError, MaskError } from './errors.js'
import { boxIou } from './geometry/boxes.js'
import { masksOf, type RleObject } from './ingest/rle-objects.js'

/** Boxes [x, y, width, height] in px, or masks as RLE. */
export type Shapes = ArrayLike<number>[] | RleObject[]

export interface IouMatrixOptions {
  /** For each ground truth, whether it is a crowd: then the share of the detection is taken. */
  crowd?: ArrayLike<number | boolean>
  /** Where masks are intersected. Default: the CPU. */
  backend?: MaskBackend
}

/** values[d * columns + g] belongs to detection d and ground truth g. */
export interface IouMatrix {
  rows: number
  columns: number
  values: Float64Array
}

/**
 * IoU of every detection with every ground truth, in float64, as pycocotools' mask.iou: for a crowd the share of
 * the detection that it covers; -1 for masks of different image sizes whose bounds overlap. Fails with InputError
 * on a shape that is neither, on both kinds at once, and on a mask that cannot be decoded.
 */
export async function iouMatrix(dt: Shapes, gt: Shapes, options: IouMatrixOptions = {}): Promise<IouMatrix> {
  const crowd = options.crowd ?? new Uint8Array(gt.length)
  if (crowd.length !== gt.length) {
    throw new InputError(`crowd: expected ${gt.length} flags, one a ground truth, got ${crowd.length}`)
  }
  const kind = kindOf(dt, 'dt') ?? kindOf(gt, 'gt')
  const other = kindOf(gt, 'gt') ?? kind
  if (kind !== other)
    throw new InputError(`expected shapes of one kind, got ${kind} in dt and ${other} in gt`)
  const matrix = { rows: dt.length, columns: gt.length, values: new Float64Array(dt.length * gt.length) }
  if (kind === 'masks') {
    const backend = options.backend ?? createCpuBackend()
    await fillMasks(matrix, dt as RleObject[], gt as RleObject[], crowd, backend)
  } else fillBoxes(matrix, boxesOf(dt, 'dt'), boxesOf(gt, 'gt'), crowd)
  return matrix
}

const isRle = (shape: unknown): boolean => typeof shape === 'object' && shape !== null && 'counts' in shape

/** What all of `shapes` are; null where there are none. */
function kindOf(shapes: Shapes, name: string): 'masks' | 'boxes' | null {
  if (!Array.isArray(shapes)) throw new InputError(`${name}: expected a list of boxes or of RLE masks`)
  if (shapes.length === 0) return null
  const masks = isRle(shapes[0])
  const odd = shapes.findIndex(shape => isRle(shape) !== masks)
  if (odd >= 0)
    throw new InputError(`${name}[${odd}]: expected ${masks ? 'an RLE mask' : 'a box'}, as ${name}[0]`)
  return masks ? 'masks' : 'boxes'
}

function boxesOf(shapes: Shapes, name: string): Float64Array {
  const boxes = new Float64Array(4 * shapes.length)
  shapes.forEach((shape: unknown, i) => {
    const isList = Array.isArray(shape) || ArrayBuffer.isView(shape)
    const box = isList ? Array.from(shape as ArrayLike<number>) : []
    if (box.length !== 4 || !box.every(Number.isFinite)) {
      const shown = isList ? `[${box.join(', ')}]` : String(JSON.stringify(shape))
      throw new InputError(
        `${name}[${i}]: expected a box [x, y, width, height] of finite numbers, got ${shown}`,
      )
    }
    boxes.set(box, 4 * i)
  })
  return boxes
}

function fillBoxes(
  matrix: IouMatrix,
  dt: Float64Array,
  gt: Float64Array,
  crowd: ArrayLike<number | boolean>,
): void {
  for (let d = 0; d < matrix.rows; d++) {
    for (let g = 0; g < matrix.columns; g++) {
      matrix.values[d * matrix.columns + g] = boxIou(dt, d, gt, g, Boolean(crowd[g]))
    }
  }
}

async function fillMasks(
  matrix: IouMatrix,
  dtRles: RleObject[],
  gtRles: RleObject[],
  crowd: ArrayLike<number | boolean>,
  backend: MaskBackend,
): Promise<void> {
  const dtMasks = masksOf(dtRles, 'dt')
  const gtMasks = masksOf(gtRles, 'gt')
  const dt = await load(backend, dtMasks, 'dt')
  const gt = await load(backend, gtMasks, 'gt')
  try {
    const pairs = overlappingPairs(dt, gt)
    const shared = await dt.intersect(gt, pairs)
    for (let p = 0; p < shared.length; p++) {
      const [d, g] = [pairs.dt[p], pairs.gt[p]]
      const union = crowd[g] ? dt.areaPx[d] : dt.areaPx[d] + gt.areaPx[g] - shared[p]
      const sameSize =
        heightOf(dtMasks, d) === heightOf(gtMasks, g) && widthOf(dtMasks, d) === widthOf(gtMasks, g)
      matrix.values[d * matrix.columns + g] = sameSize ? shared[p] / union : -1
    }
  } finally {
    dt.free()
    gt.free()
  }
}

async function load(backend: MaskBackend, masks: EncodedMasks, name: string): Promise<MaskSet> {
  try {
    return await backend.load(
      masks,
      Uint32Array.from({ length: masks.count }, (_, i) => i),
    )
  } catch (error) {
    if (error instanceof MaskError) throw new InputError(`${name}[${error.row}]: ${error.reason}`)
    throw error
  }
}

/** Pairs whose bounds overlap; the others share nothing. */
function overlappingPairs(dt: MaskSet, gt: MaskSet): { dt: Uint32Array; gt: Uint32Array } {
  const dts: number[] = []
  const gts: number[] = []
  const [a, b] = [dt.bounds, gt.bounds]
  for (let d = 0; d < dt.count; d++) {
    for (let g = 0; g < gt.count; g++) {
      const apart =
        a[4 * d] >= b[4 * g + 2] ||
        b[4 * g] >= a[4 * d + 2] ||
        a[4 * d + 1] >= b[4 * g + 3] ||
        b[4 * g + 1] >= a[4 * d + 3]
      if (apart) continue
      dts.push(d)
      gts.push(g)
    }
  }
  return { dt: Uint32Array.from(dts), gt: Uint32Array.from(gts) }
}
