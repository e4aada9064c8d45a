import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../errors.js'

/**
 * Writes a file whole or not at all: the bytes go to a temporary file in the same folder, which takes the final
 * name at the end. After a failure or an abort no trace is left and an older file stands untouched.
 * Devices and pipes (/dev/stdout) are written in place.
 */
export async function writeWhole(
  path: string,
  chunks: Iterable<Uint8Array | string>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted()
  const target = realTarget(path)
  const stats = statOrNull(target)
  if (stats && !stats.isFile()) return writeChunks(target, 'w', 0o666, chunks, signal)
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeChunks(temporary, 'wx', stats ? stats.mode & 0o777 : 0o666, chunks, signal)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function writeChunks(
  path: string,
  flags: string,
  mode: number,
  chunks: Iterable<Uint8Array | string>,
  signal?: AbortSignal,
): Promise<void> {
  const file = await open(path, flags, mode)
  try {
    for (const piece of gather(chunks)) {
      signal?.throwIfAborted()
      await file.writeFile(piece)
    }
    signal?.throwIfAborted()
  } finally {
    await file.close()
  }
}

/** A write of fewer bytes costs more for itself than for them. */
const WRITE_BYTES = 1 << 18

/** Small chunks together, large ones as they are. */
function* gather(chunks: Iterable<Uint8Array | string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let held: Uint8Array[] = []
  let length = 0
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    if (bytes.length < WRITE_BYTES && length < WRITE_BYTES) {
      held.push(bytes)
      length += bytes.length
      continue
    }
    if (length > 0) yield joined(held)
    held = [bytes]
    length = bytes.length
  }
  if (length > 0) yield joined(held)
}

const joined = (pieces: Uint8Array[]): Uint8Array => (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))

/**
 * Fails with InputError when `path` cannot become a file, so that a long run does not end in a bad path.
 * `inputs` are files that must not be overwritten.
 */
export function checkOutputFile(option: string, path: string, inputs: string[]): void {
  const target = realTarget(path)
  const stats = statOrNull(target)
  if (stats?.isDirectory()) throw new InputError(`${option}: ${path} is a folder, expected a file`)
  if (stats && inputs.some(input => realTarget(input) === target))
    throw new InputError(`${option}: ${path} is an input of this run and would be overwritten`)
  if (!stats || stats.isFile()) checkWritableFolder(option, dirname(target))
}

/** Makes the folder `path` (and its parents), or fails with InputError. */
export function makeOutputFolder(option: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const cause = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in the way' : message(error)
    throw new InputError(`${option}: cannot make the folder ${path}: ${cause}`, { cause: error })
  }
  checkWritableFolder(option, path)
}

function checkWritableFolder(option: string, folder: string): void {
  const stats = statOrNull(folder)
  if (!stats) throw new InputError(`${option}: there is no folder ${folder}`)
  if (!stats.isDirectory()) throw new InputError(`${option}: ${folder} is not a folder`)
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new InputError(`${option}: no permission to write in ${folder}`, { cause: error })
  }
}

/** Follows links, so that a link stays a link and the file behind it is replaced. */
function realTarget(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new InputError(`cannot use ${path}: ${message(error)}`, { cause: error })
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))
