import { unzip, type ZipEntry } from 'unzipit'
import { InputError } from '../../errors.js'
import { pictureType } from '../../report/picture-type.js'
import type { PictureFiles, PictureSurvey } from './protocol.js'

/** Entries of a zip larger than this are not taken for pictures. */
const MAX_BYTES = 128 * 2 ** 20

type Open = () => Promise<Blob>

/** Pictures by the names that a ground truth gives them, from files, folders and zips. */
export class PictureStore {
  /** By every end of their paths: a/b/c.jpg also as b/c.jpg and c.jpg. Null where several files have that end. */
  readonly #byEnd = new Map<string, Open | null>()

  /** Fails with InputError where a zip cannot be read. */
  static async of({ files, zips }: PictureFiles): Promise<PictureStore> {
    const store = new PictureStore()
    for (const { path, file } of files) store.#add(path, async () => file)
    for (const zip of zips) {
      for (const entry of await entriesOf(zip)) store.#add(entry.name, () => entry.blob())
    }
    return store
  }

  #add(path: string, open: Open): void {
    for (let end = plainPath(path); ; ) {
      this.#byEnd.set(end, this.#byEnd.has(end) ? null : open)
      const slash = end.indexOf('/')
      if (slash < 0) return
      end = end.slice(slash + 1)
    }
  }

  #find(name: string, owners: Map<string, number>): Open | null {
    if (name === '') return null
    const whole = this.#byEnd.get(plainPath(name))
    if (whole) return whole
    const last = lastPart(name)
    return owners.get(last) === 1 ? (this.#byEnd.get(last) ?? null) : null
  }

  /** Those of a data set. */
  for(fileNames: string[]): Pictures {
    const owners = new Map<string, number>()
    for (const name of fileNames) owners.set(lastPart(name), (owners.get(lastPart(name)) ?? 0) + 1)
    const find = (image: number): Open | null => this.#find(fileNames[image] ?? '', owners)
    return {
      isEmpty: this.#byEnd.size === 0,
      read: async image => {
        const blob = await find(image)?.()
        const type = blob && pictureType(new Uint8Array(await blob.slice(0, 64).arrayBuffer()))
        return blob && type ? new Blob([blob], { type }) : null
      },
      survey: () => {
        const missing = fileNames.filter((_, image) => !find(image))
        return {
          found: fileNames.length - missing.length,
          count: fileNames.length,
          missing: missing[0] ?? null,
          isRepeated: missing.length > 0 && this.#byEnd.get(lastPart(missing[0])) === null,
        }
      },
    }
  }
}

export interface Pictures {
  isEmpty: boolean
  /** Of an image (row of Images); null where there is none, or it is of no kind that browsers show. */
  read(image: number): Promise<Blob | null>
  survey(): PictureSurvey
}

async function entriesOf(zip: File): Promise<ZipEntry[]> {
  try {
    const { entries } = await unzip(zip)
    return Object.values(entries).filter(
      ({ isDirectory, encrypted, size }) => !isDirectory && !encrypted && size <= MAX_BYTES,
    )
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new InputError(`${zip.name}: expected a zip of pictures; it cannot be read (${words})`, {
      cause: error,
    })
  }
}

/** Forward slashes, without `./` or a root before it. */
const plainPath = (path: string): string => path.replaceAll('\\', '/').replace(/^(?:\.?\/+)+/, '')

const lastPart = (path: string): string => plainPath(path).replace(/.*\//s, '')
