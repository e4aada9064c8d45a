/** Which of the dropped files is what. */

import type { PictureFile, PictureFiles } from './protocol.js'
import { type Kind, recognise, refusal } from './recognise.js'

export interface Intake {
  gt: File | null
  /** One, or two to compare. */
  dts: File[]
  pictures: PictureFiles
  /** Of the files that came last: what was refused or replaced. */
  notes: Note[]
}

export interface Note {
  kind: 'refused' | 'replaced'
  text: string
}

export const NOTHING: Intake = { gt: null, dts: [], pictures: { files: [], zips: [] }, notes: [] }

export const MAX_MODELS = 2

export const pictureCount = ({ files, zips }: PictureFiles): number => files.length + zips.length

/** A picture by what the system says of its name: a folder may hold many thousands. */
const looksLikePicture = ({ path, file }: PictureFile): boolean =>
  path.includes('/') && file.type.startsWith('image/')

/** Takes further files, in any order. A second ground truth replaces the first, a third prediction file the last. */
export async function takeFiles(intake: Intake, dropped: PictureFile[]): Promise<Intake> {
  const next: Intake = {
    gt: intake.gt,
    dts: [...intake.dts],
    pictures: { files: [...intake.pictures.files], zips: [...intake.pictures.zips] },
    notes: [],
  }
  for (const file of dropped) {
    if (looksLikePicture(file)) next.pictures.files.push(file)
    else await takeFile(next, file)
  }
  return next
}

async function takeFile(intake: Intake, dropped: PictureFile): Promise<void> {
  const { file, path } = dropped
  const found = await recognise(file).catch(() => ({ kind: null, looksLike: 'a file that cannot be read' }))
  if (found.kind !== null) put(intake, found.kind, dropped)
  // A folder of pictures may hold a list of them, or what a system puts into every folder.
  else if (!path.includes('/') && 'looksLike' in found)
    intake.notes.push({ kind: 'refused', text: refusal(file.name, found.looksLike) })
}

function put(intake: Intake, kind: Kind, { path, file }: PictureFile): void {
  const { pictures, dts, notes } = intake
  if (kind === 'picture') pictures.files.push({ path, file })
  else if (kind === 'zip') pictures.zips.push(file)
  else if (kind === 'groundTruth') {
    if (intake.gt) notes.push(replaced(intake.gt, file, 'the ground truth'))
    intake.gt = file
  } else {
    const last = dts.length === MAX_MODELS ? dts.pop() : undefined
    if (last) notes.push(replaced(last, file, 'the second prediction file'))
    dts.push(file)
  }
}

const replaced = (old: File, file: File, what: string): Note => ({
  kind: 'replaced',
  text: `${file.name} is now ${what}, in place of ${old.name}.`,
})

/** Files of a choice in a dialogue, those of a folder with their path in it. */
export const chosenFiles = (files: Iterable<File>): PictureFile[] =>
  Array.from(files, file => ({ path: file.webkitRelativePath || file.name, file }))

/** Files of a drop, those of folders with their path. Must be called within the event. */
export function droppedFiles({ items, files }: DataTransfer): Promise<PictureFile[]> {
  const entries = Array.from(items, item => item.webkitGetAsEntry?.() ?? null).filter(entry => entry !== null)
  if (entries.length === 0) return Promise.resolve(chosenFiles(files))
  return Promise.all(entries.map(filesOf)).then(lists => lists.flat())
}

async function filesOf(entry: FileSystemEntry): Promise<PictureFile[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: PictureFile[] = []
  // A folder is given in parts, the last of them empty.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return found
    for (const inner of part) found.push(...(await filesOf(inner)))
  }
}
