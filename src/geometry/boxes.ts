/**
 * Intersection over union of boxes `dt[d]` and `gt[g]`, or for a crowd intersection over the detection's area.
 * Boxes are x, y, width, height in px, [box, 4], all finite. The order of operations is that of pycocotools
 * (`bbIou`), so the bits are too: a box with itself may miss 1 by some ulps either way, and nothing is clamped.
 */
export function boxIou(dt: Float64Array, d: number, gt: Float64Array, g: number, crowd: boolean): number {
  const dx = dt[4 * d]
  const dy = dt[4 * d + 1]
  const dw = dt[4 * d + 2]
  const dh = dt[4 * d + 3]
  const gx = gt[4 * g]
  const gy = gt[4 * g + 1]
  const gw = gt[4 * g + 2]
  const gh = gt[4 * g + 3]
  const iw = Math.min(dw + dx, gw + gx) - Math.max(dx, gx)
  if (iw <= 0) return 0
  const ih = Math.min(dh + dy, gh + gy) - Math.max(dy, gy)
  if (ih <= 0) return 0
  const shared = iw * ih
  const dtArea = dw * dh
  const union = crowd ? dtArea : dtArea + gw * gh - shared
  return shared / union
}
