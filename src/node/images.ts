import { realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { InputError } from '../errors.js'
import type { FindPicture, Picture } from '../report/gallery.js'
import { pictureType } from '../report/picture-type.js'
import { shrinkPicture } from './pixels.js'

/** Files larger than this are not taken for pictures. */
const MAX_BYTES = 128 * 2 ** 20

/** Pictures of a data set: the files of one folder, and nothing outside it, whatever names a file gives. */
export interface ImageFolder {
  /** As it was given. */
  path: string
  /** The real path of an image's file (by row of Images); null where the folder has none of its name. */
  find(image: number): string | null
  /** Its bytes; null where there is none, or it is not of a kind that browsers show. */
  read(image: number): Promise<Picture | null>
  /** How many images have a file, and the name of the first that has none. */
  survey(): { found: number; missing: string | null }
}

/**
 * Opens the folder of `--images`. A name is looked up as it stands, then without its folders where that name is no other
 * image's. Links are followed within the folder only. Fails with InputError where `path` is no folder.
 */
export function openImageFolder(option: string, path: string, fileNames: string[]): ImageFolder {
  const root = realFolder(option, path)
  const owners = new Map<string, number>()
  for (const name of fileNames) owners.set(lastPart(name), (owners.get(lastPart(name)) ?? 0) + 1)
  const find = (image: number): string | null => {
    const name = fileNames[image]
    if (!name) return null
    const found = fileInside(root, name) ?? fileInside(root, name.replaceAll('\\', '/'))
    if (found !== null) return found
    const last = lastPart(name)
    return owners.get(last) === 1 ? fileInside(root, last) : null
  }
  return {
    path,
    find,
    async read(image) {
      const file = find(image)
      if (file === null) return null
      const bytes = await readFile(file)
      const type = pictureType(bytes)
      return type === null ? null : { type, bytes }
    },
    survey() {
      const missing = fileNames.filter((_, image) => find(image) === null)
      return { found: fileNames.length - missing.length, missing: missing[0] ?? null }
    },
  }
}

/** Pictures for a page: as they are where they fit, else made smaller. */
export const fittingPictures =
  (folder: ImageFolder, sizes: { widths: Uint32Array; heights: Uint32Array }): FindPicture =>
  async (image, byteLength) => {
    const picture = await folder.read(image)
    if (!picture || picture.bytes.length <= byteLength) return picture
    const stated = { width: sizes.widths[image], height: sizes.heights[image] }
    return shrinkPicture(picture, stated, byteLength)
  }

/** Fails with InputError where `path` is no folder. */
export const checkImageFolder = (option: string, path: string): void => void realFolder(option, path)

function realFolder(option: string, path: string): string {
  try {
    const root = realpathSync(path)
    if (statSync(root).isDirectory()) return root
  } catch (error) {
    throw new InputError(`${option}: there is no folder ${path}`, { cause: error })
  }
  throw new InputError(`${option}: ${path} is not a folder`)
}

const lastPart = (name: string): string => basename(name.replaceAll('\\', '/'))

/** The real path of the file `name` in the folder `root`, itself a real path; null where it has none. */
export function fileInside(root: string, name: string): string | null {
  if (name === '' || name.includes('\0') || isAbsolute(name) || !isWithin(root, resolve(root, name)))
    return null
  try {
    const real = realpathSync(resolve(root, name))
    const stats = statSync(real)
    return isWithin(root, real) && stats.isFile() && stats.size <= MAX_BYTES ? real : null
  } catch {
    return null
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
