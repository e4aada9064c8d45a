import type { Hash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, type Stats, statSync } from 'node:fs'
import type { ByteSource, Room } from '../data/source.js'
import { InputError } from '../errors.js'
import { fileRanges } from './ranges.js'

const CHUNK_BYTES = 4 * 1024 * 1024

/** What a result file states about one of its inputs. */
export interface FileDigest {
  name: string
  /** Size on disk, before any decompression. */
  bytes: number
  /** Of the bytes on disk, lower-case hexadecimal. */
  sha256: string
}

export interface FileSource extends ByteSource {
  /**
   * Size and hash of the bytes on disk. Reads the file once more where `chunks` has not hashed them already, and then
   * fails with InputError where it has changed since it was opened.
   */
  digest(): Promise<FileDigest>
  /**
   * Has `hash` do that for a plain file, elsewhere and from now on. What can be read once only, or is unpacked, is
   * hashed while it is read.
   */
  digestBy(hash: (path: string) => Promise<FileDigest>): void
}

export interface FileOptions {
  /** Hash the bytes while `chunks` reads them. A pipe has no other chance. */
  digest?: boolean
  /** Ends a read under way, also one that waits for a pipe. */
  signal?: AbortSignal
}

/**
 * Streams a file in chunks of some MB, each valid until the next is asked for, and unpacks gzip, which is told by its first two bytes and not by its name.
 * Fails with InputError, here or while reading, when the file cannot be read or its gzip data is damaged.
 */
export function fileSource(path: string, options: FileOptions = {}): FileSource {
  const stats = statOf(path)
  const plain = stats.isFile() && !isGzip(firstBytes(path))
  const byteLength = plain ? stats.size : null
  const ranges = plain ? fileRanges(path) : undefined
  let hashed: FileDigest | null = null
  let again: Promise<FileDigest> | null = null
  async function* chunks(room?: Room): AsyncGenerator<Uint8Array> {
    const hash = options.digest && !again ? await sha256() : null
    let bytes = 0
    const read = ranges ? ranges.read(0, stats.size, room) : diskChunks(path, options.signal)
    for await (const chunk of read) {
      bytes += chunk.length
      hash?.update(chunk)
      yield chunk
    }
    if (hash) hashed = { name: path, bytes, sha256: hash.digest('hex') }
  }
  const hashAgain = async (hash: (path: string) => Promise<FileDigest>): Promise<FileDigest> => {
    // Also where hashing fails: a file that is gone says so.
    return hash(path).finally(() => ensureUnchanged(path, stats))
  }
  return {
    name: path,
    byteLength,
    ranges,
    chunks: room => (plain ? chunks(room) : unpacked(path, chunks())),
    digestBy(hash) {
      if (!plain || hashed) return
      again ??= hashAgain(hash)
      again.catch(() => {}) // told by `digest`
    },
    async digest() {
      if (hashed) return hashed
      if (!stats.isFile()) throw new Error(`${path} can be read once only, and was not hashed`)
      again ??= hashAgain(() => digestOf(path, diskChunks(path, options.signal)))
      return again
    },
  }
}

/** Whoever changes a file while it is read gets numbers of no file at all. */
function ensureUnchanged(path: string, before: Stats): void {
  const now = statOf(path)
  const isSame = (['dev', 'ino', 'size', 'mtimeMs'] as const).every(key => now[key] === before[key])
  if (!isSame) throw new InputError(`${path}: the file was changed while it was evaluated; run again`)
}

/** Loaded where it is used, as unpacking is: it takes longer than all that a small run does. */
const sha256 = async (): Promise<Hash> => (await import('node:crypto')).createHash('sha256')

export async function digestOf(path: string, chunks: AsyncIterable<Uint8Array>): Promise<FileDigest> {
  const hash = await sha256()
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    hash.update(chunk)
  }
  return { name: path, bytes, sha256: hash.digest('hex') }
}

function statOf(path: string): Stats {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new InputError(`${path}: expected a file, found a folder`)
    return stats
  } catch (error) {
    throw plainFileError(path, error)
  }
}

/** Empty for a file shorter than two bytes. Not for pipes, which would lose what is read here. */
function firstBytes(path: string): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = new Uint8Array(2)
      return bytes.subarray(0, readSync(file, bytes, 0, 2, 0))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw plainFileError(path, error)
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b

async function* diskChunks(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) yield chunk
  } catch (error) {
    throw plainFileError(path, error)
  }
}

async function* unpacked(path: string, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  // A pipe may hand out a single byte first: two are needed to recognise gzip.
  const head: Uint8Array[] = []
  let headBytes = 0
  while (headBytes < 2) {
    const next = await chunks.next()
    if (next.done) break
    head.push(next.value)
    headBytes += next.value.length
  }
  const all = prefixed(head, chunks)
  if (isGzip(Buffer.concat(head.map(chunk => chunk.subarray(0, 2))))) yield* gunzip(path, all)
  else yield* all
}

async function* prefixed(head: Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  yield* rest
}

async function* gunzip(path: string, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [{ pipeline }, { createGunzip }] = await Promise.all([import('node:stream'), import('node:zlib')])
  // pipeline destroys the gunzip stream with any error; the loop below then throws it.
  const unzipped = pipeline(chunks, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
  try {
    for await (const chunk of unzipped) yield chunk
  } catch (error) {
    throw plainFileError(path, error)
  }
}

const PLAIN_WORDS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of the path is not a folder',
  EISDIR: 'expected a file, found a folder',
  EACCES: 'no permission to read this file',
  EPERM: 'no permission to read this file',
  ELOOP: 'the links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  Z_BUF_ERROR: 'the gzip data ends too early: the file is cut short',
  Z_DATA_ERROR: 'the gzip data is damaged',
}

function plainFileError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  const words = code === undefined ? undefined : PLAIN_WORDS[code]
  return words === undefined ? error : new InputError(`${path}: ${words}`, { cause: error })
}
