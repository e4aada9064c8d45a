import type { Dataset, Instances } from '../data/columns.js'
import type { Cells } from '../data/evaluation.js'
import { MASK_RLE } from '../data/masks.js'

/** What intersecting the masks of a run takes. */
export interface MaskWork {
  masks: number
  /** Of RLE strings. */
  bytes: number
  /** Of polygons. */
  points: number
  /** About how many masks of one cell overlap by their bounds, which are not known yet. */
  pairs: number
}

/** A mask overlaps no more than this many others, mostly, however many its cell holds. */
const NEIGHBOURS = 8

/** Measured for kernels/masks.ts on one core, see bench/NOTES.md. */
const NS_PER_BYTE = 2.3
const NS_PER_POINT = 100
const NS_PER_PAIR = 200
const NS_PER_MASK = 500

/** Counts the work of the masks in `cells`. */
export function measureWork({ groundTruths, detections }: Dataset, cells: Cells): MaskWork {
  const work: MaskWork = { masks: cells.gtRows.length + cells.dtRows.length, bytes: 0, points: 0, pairs: 0 }
  addMasks(work, groundTruths, cells.gtRows)
  addMasks(work, detections, cells.dtRows)
  for (let cell = 0; cell < cells.count; cell++) {
    const gts = cells.gtOffsets[cell + 1] - cells.gtOffsets[cell]
    const dts = cells.dtOffsets[cell + 1] - cells.dtOffsets[cell]
    work.pairs += Math.min(gts * dts, NEIGHBOURS * Math.max(gts, dts))
  }
  return work
}

function addMasks(work: MaskWork, { masks }: Instances, rows: Int32Array): void {
  if (masks === null) return
  const { kinds, starts, lengths, partOffsets } = masks
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (kinds[row] === MASK_RLE) work.bytes += lengths[row]
    else work.points += partOffsets[starts[row] + lengths[row]] - partOffsets[starts[row]]
  }
}

/** About how long one core takes. */
export const estimateCpuMs = ({ masks, bytes, points, pairs }: MaskWork): number =>
  (NS_PER_MASK * masks + NS_PER_BYTE * bytes + NS_PER_POINT * points + NS_PER_PAIR * pairs) / 1e6
