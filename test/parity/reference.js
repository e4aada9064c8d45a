// @ts-check
/** The reference tool behind a pipe: one long-lived Python process with pycocotools from PyPI. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * NumPy is pinned too: up to 2.2 it sums long columns in pieces of 8192 values, from 2.3 on in one piece, so the
 * summary of the same arrays can differ in its last bit. The project follows the former.
 */
const PACKAGES = ['pycocotools==2.0.11', 'numpy==2.2.6']
const root = join(import.meta.dirname, '../..')
const venv = join(root, '.venv-peers')

/**
 * @typedef {Record<string, any>} Header
 * @typedef {{ header: Header, blobs: Buffer[] }} Answer
 */

/** Makes the virtual environment where it is missing; the Python in it. */
export function ensurePython() {
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' })
  const found = execFileSync(python, ['-m', 'pip', 'freeze'], { encoding: 'utf8' }).split(/\s+/)
  if (PACKAGES.some(name => !found.includes(name))) {
    console.error(`installing ${PACKAGES.join(', ')} into ${venv}`)
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]
    execFileSync(python, install, { stdio: ['ignore', 'inherit', 'inherit'] })
  }
  return python
}

/** Asks the reference; answers come in the order of the questions. */
export class Reference {
  #process
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void }[]} */
  #waiting = []
  /** @type {Buffer[]} */
  #received = []
  #receivedLength = 0

  constructor(python = ensurePython()) {
    this.#process = spawn(python, [join(import.meta.dirname, 'reference.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Small arrays gain nothing from BLAS threads.
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    })
    this.#process.stdout.on('data', chunk => this.#receive(chunk))
    this.#process.on('exit', code => {
      for (const { reject } of this.#waiting) reject(new Error(`reference.py ended with ${code}`))
    })
  }

  /** @param {Header} header @param {Uint8Array[]} [blobs] @returns {Promise<Answer>} */
  ask(header, blobs = []) {
    const text = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map(blob => blob.byteLength) }))
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32LE(text.length)
    this.#process.stdin.write(Buffer.concat([prefix, text, ...blobs]))
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** Tool, versions and platform. */
  async versions() {
    const { blobs: _, ...versions } = (await this.ask({ verb: 'versions' })).header
    return versions
  }

  /** Precision, recall, scores and summary of one data set. @param {string} gtText @param {string} dtText @param {object} options */
  async evaluate(gtText, dtText, options) {
    const answer = await this.ask({ verb: 'evaluate', options }, [Buffer.from(gtText), Buffer.from(dtText)])
    const [precision, recall, scores] = answer.blobs.map(float64)
    return { shape: answer.header.shape, precision, recall, scores, stats: answer.header.stats.map(Number) }
  }

  close() {
    this.#process.stdin.end()
  }

  /** @param {Buffer} chunk */
  #receive(chunk) {
    this.#received.push(chunk)
    this.#receivedLength += chunk.length
    for (let answer = this.#next(); answer; answer = this.#next()) {
      const waiting = this.#waiting.shift()
      if (answer.header.error) waiting?.reject(new Error(answer.header.error))
      else waiting?.resolve(answer)
    }
  }

  /** The next whole message, if it is here. @returns {Answer | null} */
  #next() {
    if (this.#receivedLength < 4) return null
    // Joining is put off until the first chunk is short, or long answers would be copied over and over.
    const head = this.#received[0].length >= 4 ? this.#received[0] : this.#join()
    const headerEnd = 4 + head.readUInt32LE()
    if (this.#receivedLength < headerEnd) return null
    const start = head.length >= headerEnd ? head : this.#join()
    const header = JSON.parse(start.toString('utf8', 4, headerEnd))
    const length = header.blobs.reduce(
      (/** @type {number} */ sum, /** @type {number} */ n) => sum + n,
      headerEnd,
    )
    if (this.#receivedLength < length) return null
    const all = this.#join()
    let at = headerEnd
    const blobs = header.blobs.map((/** @type {number} */ n) => {
      at += n
      return all.subarray(at - n, at)
    })
    this.#received = [all.subarray(length)]
    this.#receivedLength = all.length - length
    return { header, blobs }
  }

  #join() {
    if (this.#received.length > 1) this.#received = [Buffer.concat(this.#received)]
    return this.#received[0]
  }
}

/** A view needs alignment, so the bytes are copied. @param {Buffer} blob */
export const float64 = blob => new Float64Array(new Uint8Array(blob).buffer)
/** @param {Buffer} blob */
export const uint32 = blob => new Uint32Array(new Uint8Array(blob).buffer)

/** The compressed strings that lie end to end in the first blob; the second has their lengths. @param {Buffer[]} blobs */
export function splitStrings(blobs) {
  const strings = []
  let at = 0
  for (const length of uint32(blobs[1])) {
    strings.push(blobs[0].subarray(at, at + length))
    at += length
  }
  return strings
}
