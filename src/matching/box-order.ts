/** Negative where box `one` comes before `other` by x, y, width, height. `boxes` is [box, 4]. */
export function compareBoxes(boxes: Float64Array, one: number, other: number): number {
  for (let side = 0; side < 4; side++) {
    const difference = boxes[4 * one + side] - boxes[4 * other + side]
    if (difference !== 0) return difference
  }
  return 0
}
