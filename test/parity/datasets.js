// @ts-check
/** Whole data sets against the reference: precision, recall, scores and summary, by their bits. */
import { join } from 'node:path'
import { cocoStats, evaluate } from './built.js'
import { differences } from './compare.js'
import { generate } from './generate.js'
import { writeCase } from './golden-case.js'
import { jsonText, PLAIN } from './json-text.js'
import { Random } from './random.js'
import { shrink } from './shrink.js'

/**
 * @typedef {import('./reference.js').Reference} Reference
 * @typedef {import('../../src/backends/backend.js').MaskBackend} MaskBackend
 * @typedef {import('./generate.js').Case} Case
 * @typedef {import('./options.js').Options} Options
 * @typedef {import('./compare.js').Arrays} Arrays
 * @typedef {{ count: number, seed: number, from: number, fixed: Partial<import('./traits.js').Traits>, keep: string }} Plan
 */

/** Questions that wait at the reference while this side evaluates. */
const IN_FLIGHT = 16
const MAX_MISMATCHES = 5
const PROGRESS_EVERY = 500

export class DatasetComparison {
  #reference
  #backend
  #values = 0
  #defined = 0
  #mismatches = 0
  #turn = 0
  /** @type {Map<string, number>} */
  #traits = new Map()
  #started = performance.now()

  /** @param {Reference} reference @param {MaskBackend} backend */
  constructor(reference, backend) {
    this.#reference = reference
    this.#backend = backend
  }

  /** True when nothing differs. @param {Plan} plan */
  async run(plan) {
    /** @type {Promise<void>[]} */
    const running = []
    let done = 0
    while (done < plan.count && this.#mismatches < MAX_MISMATCHES) {
      running.push(this.#compare(plan, plan.from + done))
      if (running.length > IN_FLIGHT) await running.shift()
      if (++done % PROGRESS_EVERY === 0) console.log(this.#progress(done, plan.count))
    }
    await Promise.all(running)
    console.log(this.#summary(done))
    return this.#mismatches === 0
  }

  /** @param {Plan} plan @param {number} index */
  async #compare({ seed, fixed, keep }, index) {
    const data = generate(seed, index, fixed)
    const expected = await this.#reference.evaluate(data.gtText, data.dtText, data.options).catch(error => {
      throw new Error(`data set ${seed}:${index} is not legal for the reference: ${error.message}`)
    })
    const found = await this.#differences(
      data.gtText,
      data.dtText,
      data.options,
      expected,
      wayIn(data, index),
    )
    this.#count(data.traits, expected)
    if (found.length === 0) return
    this.#mismatches++
    console.log(`data set ${seed}:${index} (${data.options.iouType}) differs:\n  ${found.join('\n  ')}`)
    await this.#keep(data, found, join(keep, `parity-${seed}-${index}-${data.options.iouType}`))
  }

  /** @param {string} gtText @param {string} dtText @param {Options} options @param {Arrays} expected @param {(text: string) => object} input */
  async #differences(gtText, dtText, options, expected, input) {
    try {
      const evaluation = await evaluate(input(gtText), input(dtText), {
        ...options,
        backend: this.#nextBackend(),
      })
      return differences(expected, { ...evaluation.coco, stats: cocoStats(evaluation) })
    } catch (error) {
      return [`error: ${error instanceof Error ? error.stack : error}`]
    }
  }

  /** In turn with room for everything, for a few images and for one at a time. */
  #nextBackend() {
    const backend = this.#backend
    const batchBytes = [backend.batchBytes, 2000, 1][this.#turn++ % 3]
    return {
      kind: backend.kind,
      name: backend.name,
      batchBytes,
      load: backend.load.bind(backend),
      close: () => {},
    }
  }

  /** Makes the case smaller and writes it. @param {ReturnType<typeof generate>} data @param {string[]} found @param {string} folder */
  async #keep(data, found, folder) {
    const plain = (/** @type {unknown} */ value) => jsonText(value, PLAIN, new Random(0))
    const fails = async (/** @type {Case} */ { gt, dt, options }) => {
      const expected = await this.#reference.evaluate(plain(gt), plain(dt), options)
      const now = await this.#differences(plain(gt), plain(dt), options, expected, asBytes)
      return kindsOf(now) === kindsOf(found)
    }
    const start = { gt: data.gt, dt: data.dt, options: data.options }
    // Where only the writing of the file matters, the text is kept as it is.
    const inText = !(await fails(start))
    const { gt, dt, options } = inText ? start : await shrink(start, fails)
    const [gtText, dtText] = inText ? [data.gtText, data.dtText] : [plain(gt), plain(dt)]
    const expected = await this.#reference.evaluate(gtText, dtText, options)
    const tool = await this.#reference.versions()
    writeCase(folder, { gtText, dtText, title: 'Found by npm run parity', options }, expected, tool)
    console.log(`  kept as ${folder}`)
  }

  /** @param {import('./traits.js').Traits} traits @param {Arrays} expected */
  #count(traits, { precision, recall, scores, stats }) {
    for (const [name, present] of Object.entries(traits)) {
      if (present) this.#traits.set(name, (this.#traits.get(name) ?? 0) + 1)
    }
    for (const values of [precision, recall, scores, Array.from(stats)]) {
      this.#values += values.length
      for (const value of values) if (value !== -1) this.#defined++
    }
  }

  /** @param {number} done @param {number} count */
  #progress(done, count) {
    const rate = (1000 * done) / (performance.now() - this.#started)
    return `${done} of ${count} data sets, ${rate.toFixed(0)}/s, ${this.#mismatches} with differences`
  }

  /** @param {number} done */
  #summary(done) {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(0)
    const traits = [...this.#traits].sort().map(([name, n]) => `  ${name} ${n}`)
    return [
      'data sets with each trait:',
      ...traits,
      `${done} data sets in ${seconds} s: ${3 * done} arrays, ${this.#values} values ` +
        `(${this.#defined} other than -1), ${this.#mismatches} data sets with differences`,
    ].join('\n')
  }
}

/** The ways in take turns. @param {ReturnType<typeof generate>} data @param {number} index */
function wayIn(data, index) {
  // Objects come without the sign of a zero, which JSON.stringify drops.
  if (index % 5 === 0 && !data.traits.oddScores) return asObject
  return index % 5 === 1 ? asSource(new Random(index)) : asBytes
}

const encoder = new TextEncoder()
/** @param {string} text */
const asBytes = text => encoder.encode(text)
/** @param {string} text */
const asObject = text => JSON.parse(text.replace(/^\ufeff/, ''))

/** A stream whose pieces end anywhere, in the middle of numbers and escapes. @param {Random} random */
const asSource = random => (/** @type {string} */ text) => ({
  name: 'stream',
  byteLength: null,
  async *chunks() {
    const bytes = encoder.encode(text)
    const longest = random.pick([1, 7, 100])
    for (let at = 0; at < bytes.length; ) {
      const length = random.int(1, longest)
      yield bytes.subarray(at, at + length)
      at += length
    }
  },
})

/** Which arrays differ, without the values. @param {string[]} found */
const kindsOf = found => found.map(text => text.split(':')[0]).join()
