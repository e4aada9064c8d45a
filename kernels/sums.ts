// AssemblyScript: rows counted by image. Twin of `SumCollector.count` in src/metrics/bootstrap.ts.
//
// Arguments are addresses of columns of 32 bits (values: float64) and their lengths.

/** Memory from here on is the host's. */
export const freeFrom: usize = __heap_base

/** Adds the rows `from .. to` to `counts`, by the position of their image. */
export function tally(from: u32, to: u32, rows: usize, images: usize, positions: usize, counts: usize): void {
  for (let i = from; i < to; i++) {
    const at = counts + (placeOf(i, rows, images, positions) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

/** The counts above 0 in the order of images, which are cleared; returns how many. */
export function collectAll(count: u32, counts: usize, imagesOut: usize, valuesOut: usize): u32 {
  let length: u32 = 0
  for (let place: u32 = 0; place < count; place++) length = take(place, counts, imagesOut, valuesOut, length)
  return length
}

/** The same in the order in which the rows `from .. to` name their images, behind the `length` known ones. */
export function collect(
  from: u32,
  to: u32,
  rows: usize,
  images: usize,
  positions: usize,
  counts: usize,
  imagesOut: usize,
  valuesOut: usize,
  length: u32,
): u32 {
  for (let i = from; i < to; i++)
    length = take(placeOf(i, rows, images, positions), counts, imagesOut, valuesOut, length)
  return length
}

function placeOf(i: u32, rows: usize, images: usize, positions: usize): u32 {
  return load<u32>(positions + (load<u32>(images + (load<u32>(rows + (i << 2)) << 2)) << 2))
}

function take(place: u32, counts: usize, imagesOut: usize, valuesOut: usize, length: u32): u32 {
  const at = counts + (place << 2)
  const count = load<u32>(at)
  if (count === 0) return length
  store<u32>(at, 0)
  store<u32>(imagesOut + (length << 2), place)
  store<f64>(valuesOut + (length << 3), <f64>count)
  return length + 1
}
