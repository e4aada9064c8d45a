import type { Analysis } from '../analyse.js'
import { type ImageFolder, openImageFolder } from '../node/images.js'
import type { EvalOptions } from './eval.js'

export const imagesOf = ({ images }: EvalOptions, { scene }: Analysis): ImageFolder | undefined =>
  images === undefined ? undefined : openImageFolder('--images', images, scene.images.fileNames)

/** Says for how many images the folder of pictures has none. */
export function missingPictures(options: EvalOptions, analysis: Analysis): string[] {
  const survey = imagesOf(options, analysis)?.survey()
  if (!survey || survey.missing === null) return []
  const { count } = analysis.scene.images
  const lacking = `lacks the pictures of ${count - survey.found} of ${count} images, such as "${survey.missing}"`
  return [`--images: ${options.images} ${lacking}`]
}
