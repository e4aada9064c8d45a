import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Evaluation } from '../data/evaluation.js'
import { fittingPictures, type ImageFolder, openImageFolder } from '../node/images.js'
import { writeOverlays } from '../node/overlays.js'
import { writeReportFolder } from '../node/report-folder.js'
import { collectGallery, GALLERY } from '../report/gallery.js'
import { writeHtml } from '../report/html.js'
import type { EvalOptions } from './eval.js'
import { scoreChoice } from './preset.js'
import { packageVersion } from './version.js'
import type { Results } from './write-results.js'

/** The built interface, which stands in dist/ beside this folder. */
const PAGE = new URL('../page.html', import.meta.url)

const imagesOf = ({ images }: EvalOptions, { scene }: Analysis): ImageFolder | undefined =>
  images === undefined ? undefined : openImageFolder('--images', images, scene.images.fileNames)

/** Writes the whole report in one file, and a note of its inputs for "detscope serve". */
export async function writeReport(
  folder: string,
  options: EvalOptions,
  { evaluation, sources }: Results,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const { scene, index, view } = analysis
  const images = imagesOf(options, analysis)
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
    comparison: analysis.comparison,
    findings: { [view.protocol]: analysis.findings[view.protocol] },
    indices: analysis.indices,
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
  const parts = {
    html,
    config: evaluation.config,
    onUnknown: options.onUnknown,
    groundTruth: await sources.gt.digest(),
    detections: await sources.dt.digest(),
    images: options.images,
  }
  await writeReportFolder(folder, parts, signal)
}

/** Writes pictures of the worst errors. */
export async function writeErrorPictures(
  folder: string,
  options: EvalOptions,
  evaluation: Evaluation,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const { index, view } = analysis
  const images = imagesOf(options, analysis)
  await writeOverlays(folder, evaluation, index, view, { top: options.top, images, signal })
}

/** Says for how many images the folder of pictures has none. */
export function missingPictures(options: EvalOptions, analysis: Analysis): string[] {
  const survey = imagesOf(options, analysis)?.survey()
  if (!survey || survey.missing === null) return []
  const { count } = analysis.scene.images
  const lacking = `lacks the pictures of ${count - survey.found} of ${count} images, such as "${survey.missing}"`
  return [`--images: ${options.images} ${lacking}`]
}
