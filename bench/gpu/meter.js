// Adds up what a device does in a run.

/** Pixels of a word of a bit map. */
const BITS = 32

/** A meter for the device, a watch for its backend, and what both have seen. */
export function meterOf() {
  const kernels = new Map()
  const totals = { sentBytes: 0, receivedBytes: 0, pairs: 0, pairBytes: 0 }
  return {
    device: {
      ran(kernel, elapsedNs, boundBytes) {
        const known = kernels.get(kernel) ?? { kernel, runs: 0, ms: 0, boundBytes: 0 }
        known.runs++
        known.ms += (elapsedNs ?? Number.NaN) / 1e6
        known.boundBytes += boundBytes
        kernels.set(kernel, known)
      },
      sent: bytes => {
        totals.sentBytes += bytes
      },
      received: bytes => {
        totals.receivedBytes += bytes
      },
    },
    /** The backend, whose pairs are counted on their way. */
    watch(backend) {
      return {
        ...backend,
        load: async (masks, rows) => {
          const set = await backend.load(masks, rows)
          const intersect = set.intersect.bind(set)
          set.intersect = (other, pairs) => {
            totals.pairs += pairs.dt.length
            totals.pairBytes += bytesOfPairs(set, other, pairs)
            return intersect(other, pairs)
          }
          return set
        },
      }
    },
    totals: () => ({ ...totals, kernels: [...kernels.values()] }),
  }
}

/** Bytes of the words of both masks where the bounds of a pair overlap: what its intersection must read. */
function bytesOfPairs({ bounds }, { bounds: others }, { dt, gt }) {
  let words = 0
  for (let p = 0; p < dt.length; p++) {
    const [d, g] = [4 * dt[p], 4 * gt[p]]
    const columns = Math.min(bounds[d + 2], others[g + 2]) - Math.max(bounds[d], others[g])
    const top = Math.max(Math.floor(bounds[d + 1] / BITS), Math.floor(others[g + 1] / BITS))
    const bottom = Math.min(Math.ceil(bounds[d + 3] / BITS), Math.ceil(others[g + 3] / BITS))
    if (columns > 0 && bottom > top) words += columns * (bottom - top)
  }
  return 2 * 4 * words
}
