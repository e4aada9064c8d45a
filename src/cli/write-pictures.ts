// Apart from the report, whose run need not load what draws pictures.
import type { Analysis } from '../analyse.js'
import { writeFlipOverlays } from '../node/flip-overlays.js'
import { writeOverlays } from '../node/overlays.js'
import type { EvalOptions } from './eval.js'
import { imagesOf } from './image-folder.js'
import type { Results } from './write-results.js'

/** Writes pictures of the worst errors; of two models, of what one alone finds. */
export async function writeErrorPictures(
  folder: string,
  options: EvalOptions,
  { evaluation, compared }: Pick<Results, 'evaluation' | 'compared'>,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const { index, view } = analysis
  const pictured = { top: options.top, images: imagesOf(options, analysis), signal }
  if (compared) {
    const evaluations = { A: evaluation, B: compared.evaluation }
    await writeFlipOverlays(folder, evaluations, compared.comparison.pair, pictured)
  } else await writeOverlays(folder, evaluation, index, view, pictured)
}
