import type { Reason } from '../data/analysis.js'
import { inBlocks } from '../data/wasm.js'
import { fateOfDetection, fateOfGroundTruth } from './fates.js'
import { countKinds, FALSE_KINDS, type KindCounts, MISS_KINDS } from './kind-counts.js'
import type { Work } from './study-kernel.js'
import type { List, StudyMemory } from './study-memory.js'

/** False positives by their kind, in the kernel. */
export function explainFalse({ memory, input, at }: Work, fp: List): KindCounts[] {
  const { arena, exports } = memory
  const counts = memory.zeros(FALSE_KINDS.length + 1)
  const kinds = arena.take(fp.count)
  const columns = [fp.rows, fp.places, at.gtOfDt, at.dtOfGt, at.dtCategories, at.gtCategories, at.gtIgnores]
  inBlocks(fp.count, (from, to) => exports.explainFalse(from, to, ...columns, ...at.pairs, kinds, counts))
  return kindsOf(memory, FALSE_KINDS, fp, kinds, counts, d => fateOfDetection(input, d).code)
}

/** Misses by their kind, in the kernel. */
export function explainMissed({ memory, input, at }: Work, fn: List): KindCounts[] {
  const { arena, exports } = memory
  const { scene } = input
  const [bits, best] = [arena.zeros(scene.gt.count), arena.take(8 * scene.gt.count)]
  const marks = arena.zeros(scene.images.count)
  inBlocks(scene.gt.count, (from, to) => exports.markImages(from, to, at.gtOutcomes, at.gtImages, marks))
  const ofDts = [at.scores, at.dtOutcomes, at.dtCategories]
  const columns = [...ofDts, at.gtOutcomes, at.gtCategories, at.dtImages, marks, ...at.pairs, bits, best]
  inBlocks(scene.dt.count, (from, to) => exports.court(from, to, ...columns))
  const counts = memory.zeros(MISS_KINDS.length + 1)
  const kinds = arena.take(fn.count)
  const told = [fn.rows, fn.places, at.gtOutcomes, at.dtOfGt, bits, kinds, counts]
  inBlocks(fn.count, (from, to) => exports.explainMissed(from, to, ...told))
  return kindsOf(memory, MISS_KINDS, fn, kinds, counts, g => fateOfGroundTruth(input, g).code)
}

/** `counts` are by kind and image; of what has none of these kinds `codeOf` gives the code. */
function kindsOf(
  memory: StudyMemory,
  codes: readonly Reason['code'][],
  list: List,
  kinds: number,
  counts: number,
  codeOf: (row: number) => Reason['code'],
): KindCounts[] {
  const { imageCount } = memory
  const byKind = memory.counts(counts, codes.length + 1)
  const found = new Map<Reason['code'], KindCounts>()
  let missing = list.count
  codes.forEach((code, kind) => {
    const byImage = byKind.subarray(kind * imageCount, (kind + 1) * imageCount)
    const count = sumOf(byImage)
    if (count > 0) found.set(code, { code, count, byImage })
    missing -= count
  })
  if (missing === 0) return [...found.values()]
  const { rows, places } = memory.copy(list)
  const ofRow = memory.arena.u8(kinds, list.count)
  const isOther = (_: number, i: number): boolean => ofRow[i] === codes.length
  return countKinds({ rows: rows.filter(isOther), places: places.filter(isOther) }, imageCount, codeOf, found)
}

function sumOf(counts: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i]
  return sum
}
