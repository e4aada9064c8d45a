import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Evaluation } from '../data/evaluation.js'
import { fittingPictures, openImageFolder } from '../node/images.js'
import { writeWhole } from '../node/output.js'
import { collectGallery, GALLERY } from '../report/gallery.js'
import { writeHtml } from '../report/html.js'
import type { EvalOptions } from './eval.js'
import { scoreChoice } from './preset.js'
import { packageVersion } from './version.js'

/** The built interface, which stands in dist/ beside this folder. */
const PAGE = new URL('../page.html', import.meta.url)

/** Writes the whole report in one file. */
export async function writeReport(
  path: string,
  options: EvalOptions,
  evaluation: Evaluation,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const { scene, index, view } = analysis
  const images =
    options.images === undefined ? null : openImageFolder('--images', options.images, scene.images.fileNames)
  const gallery = await collectGallery(evaluation, index, view, {
    instances: options.gallery,
    findPicture: images ? fittingPictures(images, scene.images) : undefined,
    signal,
  })
  const { score, strict } = scoreChoice(options)
  const html = await writeHtml(evaluation, await readFile(PAGE, 'utf8'), {
    version: packageVersion(),
    groundTruthName: basename(options.gt),
    detectionsName: basename(options.dt),
    findings: analysis.findings,
    view: {
      protocol: view.protocol,
      iou: view.iou,
      classAgnostic: view.classAgnostic,
      // Without a score of its own the page takes the best by F1, by whichever protocol it shows.
      ...(score === null ? {} : { score, scoreStrict: strict }),
    },
    parts: { [GALLERY]: gallery.part },
    blocks: gallery.blocks,
  })
  await writeWhole(path, [html], signal)
}
