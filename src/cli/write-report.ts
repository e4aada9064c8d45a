import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import { fittingPictures } from '../node/images.js'
import { packColumn, packText } from '../node/pack-column.js'
import { packMasksHere } from '../node/pack-masks.js'
import { writeReportFolder } from '../node/report-folder.js'
import { collectGallery, GALLERY, type Gallery } from '../report/gallery.js'
import { htmlChunks, type PageExtras, pageBlocks } from '../report/html.js'
import { COMPARISON, type CocoTables, type ComparisonPart } from '../report/page-content.js'
import { cocoTables } from '../report/page-tables.js'
import { collectPairGallery } from '../report/pair-gallery.js'
import { type Compared, modelNames } from './compare.js'
import type { EvalOptions } from './eval.js'
import { imagesOf } from './image-folder.js'
import { scoreChoice } from './preset.js'
import { packageVersion } from './version.js'
import type { Results } from './write-results.js'

/** The built interface, which stands in dist/ beside this folder. */
const PAGE = new URL('../page.html', import.meta.url)

/** Writes the whole report in one file, and a note of its inputs for "detscope serve". */
export async function writeReport(
  folder: string,
  options: EvalOptions,
  { evaluation, beside, compared, sources }: Results,
  analysis: Analysis,
  signal: AbortSignal,
): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const extras = await pageExtras(options, { evaluation, analysis, beside, compared }, signal)
  const html = await htmlChunks(evaluation, page, extras)
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
  const own = { evaluation, analysis, beside }
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
    const [gallery, [coco]] = await whileSettling(collectGallery(evaluation, index, view, galleryOptions), [
      own,
    ])
    return modelExtras(options, names.A, own, { gallery, coco })
  }
  const { comparison } = compared
  const [galleries, tables] = await whileSettling(
    collectPairGallery(comparison.pair, { A: evaluation, B: compared.evaluation }, galleryOptions),
    [own, compared],
  )
  const second = await modelExtras(options, names.B, compared, { gallery: galleries.B, coco: tables[1] })
  const first = await modelExtras(options, names.A, own, { gallery: galleries.A, coco: tables[0] })
  return {
    ...first,
    parts: { ...first.parts, [COMPARISON]: { [view.protocol]: comparison.metrics } satisfies ComparisonPart },
    second: await pageBlocks(compared.evaluation, second),
  }
}

type Model = Pick<Compared, 'evaluation' | 'analysis' | 'beside'>

/**
 * A gallery is packed by other threads while this one does the rest, and then by this one, too. With it comes what else
 * can be found before all has come from them.
 */
async function whileSettling<T>(gallery: Promise<T>, models: Model[]): Promise<[T, CocoTables[]]> {
  gallery.catch(() => {}) // told where it is waited for
  const tables = models.map(({ evaluation }) => cocoTables(evaluation))
  for (const { analysis, beside } of models) await beside?.settle(analysis)
  return [await gallery, tables]
}

async function modelExtras(
  options: EvalOptions,
  detectionsName: string,
  { analysis, beside }: Model,
  { gallery, coco }: { gallery: Gallery; coco: CocoTables },
): Promise<PageExtras> {
  const { view, comparison, findings, indices } = analysis
  const { score, strict } = scoreChoice(options)
  return {
    version: packageVersion(),
    groundTruthName: basename(options.gt),
    detectionsName,
    coco,
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
