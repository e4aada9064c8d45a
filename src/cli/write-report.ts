import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import { writeFlipOverlays } from '../node/flip-overlays.js'
import { fittingPictures, type ImageFolder, openImageFolder } from '../node/images.js'
import { writeOverlays } from '../node/overlays.js'
import { packColumn, packText } from '../node/pack-column.js'
import { packMasksHere } from '../node/pack-masks.js'
import { writeReportFolder } from '../node/report-folder.js'
import { collectGallery, GALLERY, type Gallery } from '../report/gallery.js'
import { htmlChunks, type PageExtras, pageBlocks } from '../report/html.js'
import { COMPARISON, type ComparisonPart } from '../report/page-content.js'
import { collectPairGallery } from '../report/pair-gallery.js'
import { type Compared, modelNames } from './compare.js'
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
  { evaluation, beside, compared, sources }: Results,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const extras = await pageExtras(options, { evaluation, analysis, beside, compared }, signal)
  const html = await htmlChunks(evaluation, await readFile(PAGE, 'utf8'), extras)
  const parts = {
    html,
    config: evaluation.config,
    onUnknown: options.onUnknown,
    groundTruth: await sources.gt.digest(),
    detections: await sources.dt.digest(),
    compared: await sources.compare?.digest(),
    images: options.images,
  }
  await writeReportFolder(folder, parts, signal)
}

async function pageExtras(
  options: EvalOptions,
  { evaluation, analysis, beside, compared }: Omit<Results, 'sources'> & { analysis: Analysis },
  signal: AbortSignal,
): Promise<PageExtras> {
  const { scene, index, view } = analysis
  const images = imagesOf(options, analysis)
  const galleryOptions = {
    instances: options.gallery,
    packMasks: beside?.packMasks ?? packMasksHere,
    findPicture: images ? fittingPictures(images, scene.images) : undefined,
    signal,
  }
  const names = modelNames(options)
  if (!compared) {
    const gallery = await whileSettling(collectGallery(evaluation, index, view, galleryOptions), [
      { analysis, beside },
    ])
    return modelExtras(options, names.A, { analysis, beside }, gallery)
  }
  const { comparison } = compared
  const galleries = await whileSettling(
    collectPairGallery(comparison.pair, { A: evaluation, B: compared.evaluation }, galleryOptions),
    [{ analysis, beside }, compared],
  )
  const second = await modelExtras(options, names.B, compared, galleries.B)
  const first = await modelExtras(options, names.A, { analysis, beside }, galleries.A)
  return {
    ...first,
    parts: { ...first.parts, [COMPARISON]: { [view.protocol]: comparison.metrics } satisfies ComparisonPart },
    second: await pageBlocks(compared.evaluation, second),
  }
}

/** A gallery is packed by other threads while this one does the rest, and then by this one, too. */
async function whileSettling<T>(
  gallery: Promise<T>,
  models: Pick<Compared, 'analysis' | 'beside'>[],
): Promise<T> {
  gallery.catch(() => {}) // told where it is waited for
  for (const { analysis, beside } of models) await beside?.settle(analysis)
  return gallery
}

async function modelExtras(
  options: EvalOptions,
  detectionsName: string,
  { analysis, beside }: Pick<Compared, 'analysis' | 'beside'>,
  gallery: Gallery,
): Promise<PageExtras> {
  const { view, comparison, findings, indices } = analysis
  const { score, strict } = scoreChoice(options)
  return {
    version: packageVersion(),
    groundTruthName: basename(options.gt),
    detectionsName,
    comparison,
    findings: { [view.protocol]: findings[view.protocol] },
    indices,
    view: {
      protocol: view.protocol,
      iou: view.iou,
      classAgnostic: view.classAgnostic,
      // Without a score of its own the page takes the best by F1, by whichever protocol it shows.
      ...(score === null ? {} : { score, scoreStrict: strict }),
    },
    parts: { [GALLERY]: gallery.part },
    blocks: gallery.blocks,
    packColumn,
    packText,
    packed: (await beside?.packed) ?? undefined,
  }
}

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

/** Says for how many images the folder of pictures has none. */
export function missingPictures(options: EvalOptions, analysis: Analysis): string[] {
  const survey = imagesOf(options, analysis)?.survey()
  if (!survey || survey.missing === null) return []
  const { count } = analysis.scene.images
  const lacking = `lacks the pictures of ${count - survey.found} of ${count} images, such as "${survey.missing}"`
  return [`--images: ${options.images} ${lacking}`]
}
