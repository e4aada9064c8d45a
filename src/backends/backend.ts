import type { EncodedMasks } from '../data/masks.js'

/** Pairs of rows: masks `dt[p]` of one set and `gt[p]` of another. */
export interface Pairs {
  dt: Uint32Array
  gt: Uint32Array
}

/** The one seam between CPU and GPU. Only integers cross it, so backends are equal, not close. */
export interface MaskBackend {
  readonly kind: 'cpu' | 'webgpu'
  /** In words: "cpu", "NVIDIA H100 (Vulkan)". */
  readonly name: string
  /** How much a batch may weigh, in bytes of full-frame bit maps; callers cut batches by it. */
  readonly batchBytes: number
  /**
   * Decodes and rasterises the masks `rows` of `masks`, in that order, and keeps them.
   * Fails with InputError on malformed RLE, with DeviceError 'capacity' when the batch is too large for the
   * device and 'lost' when the device is gone.
   */
  load(masks: EncodedMasks, rows: Uint32Array): Promise<MaskSet>
  /** Releases the device. */
  close(): void
}

/** A batch of masks on the backend; mask i is the i-th of the rows it was loaded from. */
export interface MaskSet {
  readonly count: number
  /** Pixels of each mask, [mask]. */
  readonly areaPx: Uint32Array
  /** [mask, 4]: x0 y0 x1 y1 px, half-open; all 0 for an empty mask. */
  readonly bounds: Uint32Array
  /** out[p] = pixels shared by this set's mask pairs.dt[p] and the other's mask pairs.gt[p]; 0 when their image sizes differ. */
  intersect(other: MaskSet, pairs: Pairs): Promise<Uint32Array>
  free(): void
}
