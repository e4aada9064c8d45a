// @ts-check
/**
 * Masks one by one against the reference: the polygon raster, the RLE codec, areas, bounds and intersections.
 * `npm run parity -- --shapes 1000000`.
 */
import { decodeCounts, encodeCounts, encodeSpans, iouMatrix, rasterizeParts } from './built.js'
import { flatPolygons, flatRuns, offsetsOf, polygonMasks, rleMasks } from './columns.js'
import { nearMask, randomMask, runsOf, withEmptyRuns } from './masks.js'
import { drawLongEdges, drawPolygons } from './polygons.js'
import { Random } from './random.js'
import { float64, splitStrings, uint32 } from './reference.js'

/**
 * @typedef {import('./reference.js').Reference} Reference
 * @typedef {import('../../src/backends/backend.js').MaskBackend} MaskBackend
 * @typedef {import('../../src/backends/backend.js').MaskSet} MaskSet
 * @typedef {import('../../src/data/masks.js').EncodedMasks} EncodedMasks
 * @typedef {import('./columns.js').Runs} Runs
 * @typedef {import('./columns.js').Polygons} Polygons
 * @typedef {{ strings: Uint8Array[], areas: Uint32Array, boxes: Float64Array }} Described
 * @typedef {(reference: Reference, backend: MaskBackend, random: Random) => Promise<string[]>} Batch gives the differences it met
 */

const BATCH = 1000
/** Detections, and ground truths, of one IoU matrix. */
const SIDE = 5
const IN_FLIGHT = 4

/** What a run is made of, with each kind's share of the shapes. @type {Record<string, { share: number, run: Batch }>} */
const KINDS = {
  polygons: { share: 0.5, run: (...run) => comparePolygons(...run, drawPolygons) },
  longEdges: { share: 0.1, run: (...run) => comparePolygons(...run, drawLongEdges) },
  masks: { share: 0.2, run: compareMasks },
  largeRuns: { share: 0.05, run: compareLargeRuns },
  maskIou: { share: 0.1, run: compareMaskIou },
  boxIou: { share: 0.05, run: compareBoxIou },
}

/** @param {Reference} reference @param {MaskBackend} backend @param {number} count @param {number} seed */
export async function compareShapes(reference, backend, count, seed) {
  const started = performance.now()
  let wrong = 0
  let done = 0
  for (const [name, { share, run }] of Object.entries(KINDS)) {
    const batches = Math.ceil((count * share) / BATCH)
    /** @type {Promise<string[]>[]} */
    const running = []
    const finish = async () => {
      const found = (await running.shift()) ?? []
      wrong += found.length
      done += BATCH
      if (found.length) console.log(`${name}: ${found.slice(0, 5).join('\n  ')}`)
    }
    const stream = Object.keys(KINDS).indexOf(name)
    for (let i = 0; i < batches; i++) {
      running.push(run(reference, backend, new Random(seed, i, stream)))
      if (running.length > IN_FLIGHT) await finish()
      if ((i + 1) % 50 === 0)
        console.log(`${name}: ${(i + 1) * BATCH} shapes, ${rate(done, started)}, ${wrong} wrong`)
    }
    while (running.length) await finish()
    console.log(`${name}: ${batches * BATCH} shapes`)
  }
  console.log(`${done} shapes in ${rate(done, started)}: ${wrong} differ`)
  return wrong === 0
}

/** @param {number} done @param {number} started */
function rate(done, started) {
  const seconds = (performance.now() - started) / 1000
  return `${seconds.toFixed(0)} s (${(done / seconds).toFixed(0)}/s)`
}

/** @param {Reference} reference @param {MaskBackend} backend @param {Random} random @param {(random: Random) => Polygons} draw */
async function comparePolygons(reference, backend, random, draw) {
  const shapes = random.times(BATCH, () => draw(random))
  const expected = described(await reference.ask({ verb: 'rasterise' }, flatPolygons(shapes)))
  const masks = polygonMasks(shapes)
  const set = await backend.load(masks, allRows(BATCH))
  const found = shapes.flatMap((shape, i) => {
    const { height, width } = shape
    const offsets = offsetsOf(shape.parts.map(part => part.length >> 1))
    const points = shape.parts.flatMap(part => part.slice(0, part.length & ~1))
    const spans = rasterizeParts(Float64Array.from(points), offsets, height, width)
    return explain(
      {
        ...stringDifference(expected.strings[i], encodeSpans(spans, height * width)),
        ...setDifference(expected, set, i),
      },
      shape,
    )
  })
  set.free()
  return found
}

/** @type {Batch} */
async function compareMasks(reference, backend, random) {
  const bitMaps = random.times(BATCH, () => randomMask(random, random.int(1, 20), random.int(1, 20)))
  const shapes = bitMaps.map(({ height, width, bits }) => {
    const runs = runsOf(bits)
    return { height, width, runs: random.chance(0.15) ? withEmptyRuns(random, runs) : runs }
  })
  const answer = await reference.ask({ verb: 'compress', decode: true }, flatRuns(shapes))
  // The reference's pixels are those that the runs were made from: this checks the generator.
  if (!Buffer.concat(bitMaps.map(({ bits }) => bits)).equals(answer.blobs[4]))
    return ['the reference decodes otherwise']
  return codecDifferences(backend, shapes, described(answer))
}

/**
 * Counts of up to 28 bits. The reference keeps six characters a count and writes a zero behind them, so many
 * counts of six characters overrun its memory: above 2^24 px a few runs must do.
 * @type {Batch}
 */
async function compareLargeRuns(reference, backend, random) {
  const shapes = random.times(BATCH, () => {
    const [side, most] = random.pick([
      [4000, 12],
      [20000, 2],
    ])
    const [height, width] = [random.int(1, side), random.int(1, side)]
    const cuts = random.times(random.int(0, most), () => random.int(0, height * width)).sort((a, b) => a - b)
    const ends = [...cuts, height * width]
    return { height, width, runs: ends.map((end, i) => end - (ends[i - 1] ?? 0)) }
  })
  const answer = await reference.ask({ verb: 'compress', decode: false }, flatRuns(shapes))
  return codecDifferences(backend, shapes, described(answer))
}

/** @param {MaskBackend} backend @param {Runs[]} shapes @param {Described} expected */
async function codecDifferences(backend, shapes, expected) {
  const set = await backend.load(rleMasks(shapes, expected.strings), allRows(shapes.length))
  const found = shapes.flatMap((shape, i) => {
    const string = expected.strings[i]
    const counts = new Uint32Array(string.length)
    const n = decodeCounts(string, 0, string.length, counts)
    return explain(
      {
        ...stringDifference(string, encodeCounts(shape.runs)),
        ...difference('counts', shape.runs.join(), counts.subarray(0, n).join()),
        ...setDifference(expected, set, i),
      },
      shape,
    )
  })
  set.free()
  return found
}

/** @type {Batch} */
async function compareMaskIou(reference, backend, random) {
  const groups = random.times(BATCH / (2 * SIDE), () => drawMaskGroup(random))
  const crowds = drawCrowds(random)
  const answer = await reference.ask({ verb: 'iou', side: SIDE }, [...flatRuns(groups.flat()), crowds])
  const rles = groups.map(group =>
    group.map(({ height, width, runs }) => ({
      size: [height, width],
      counts: random.chance(0.5) ? runs : encodeCounts(runs),
    })),
  )
  return matrixDifferences(rles, crowds, float64(answer.blobs[0]), backend)
}

/** @type {Batch} */
async function compareBoxIou(reference, backend, random) {
  const groups = random.times(BATCH / (2 * SIDE), () => drawBoxGroup(random))
  const crowds = drawCrowds(random)
  const boxes = new Uint8Array(Float64Array.from(groups.flat(2)).buffer)
  const answer = await reference.ask({ verb: 'box_iou', side: SIDE }, [boxes, crowds])
  return matrixDifferences(groups, crowds, float64(answer.blobs[0]), backend)
}

/** @param {Random} random */
const drawCrowds = random => Uint8Array.from({ length: BATCH / 2 }, () => (random.chance(0.3) ? 1 : 0))

/** Groups of SIDE detections and SIDE ground truths. @param {any[][]} groups @param {Uint8Array} crowds @param {Float64Array} expected @param {MaskBackend} backend */
async function matrixDifferences(groups, crowds, expected, backend) {
  const found = []
  for (const [i, group] of groups.entries()) {
    const crowd = crowds.subarray(SIDE * i, SIDE * (i + 1))
    const { values } = await iouMatrix(group.slice(0, SIDE), group.slice(SIDE), { crowd, backend })
    const wanted = expected.subarray(SIDE ** 2 * i, SIDE ** 2 * (i + 1))
    found.push(...explain(difference('IoU', wanted.join(), values.join()), { group, crowd: [...crowd] }))
  }
  return found
}

/** Masks of one image, most of them near the first; some of another. Only ground truths have empty runs. @param {Random} random @returns {Runs[]} */
function drawMaskGroup(random) {
  const [height, width] = [random.int(1, 24), random.int(1, 24)]
  const base = randomMask(random, height, width)
  return random.times(2 * SIDE, i => {
    const other = random.chance(0.03)
    const mask = other
      ? randomMask(random, width, height)
      : random.chance(0.6)
        ? nearMask(random, base)
        : randomMask(random, height, width)
    const runs = runsOf(mask.bits)
    const stated = i >= SIDE && random.chance(0.1) ? withEmptyRuns(random, runs) : runs
    return { height: mask.height, width: mask.width, runs: stated }
  })
}

/** Boxes that overlap well, with whole, decimal and full float64 coordinates. @param {Random} random */
function drawBoxGroup(random) {
  const number = random.pick([
    () => random.int(0, 20),
    () => random.int(-100, 2000) / 100,
    () => (random.next() * 20) / 3,
  ])
  const box = () => [number(), number(), Math.abs(number()), Math.abs(number())]
  const base = box()
  return random.times(2 * SIDE, () => (random.chance(0.2) ? base : box()))
}

/** @param {number} count */
const allRows = count => Uint32Array.from({ length: count }, (_, i) => i)

/** @param {import('./reference.js').Answer} answer @returns {Described} */
const described = ({ blobs }) => ({
  strings: splitStrings(blobs),
  areas: uint32(blobs[2]),
  boxes: float64(blobs[3]),
})

/** @param {string} what @param {string | number} expected @param {string | number} actual */
const difference = (what, expected, actual) =>
  Object.is(expected, actual) ? {} : { [what]: `expected ${expected}, got ${actual}` }

/** @param {Uint8Array} expected @param {Uint8Array} actual */
const stringDifference = (expected, actual) =>
  difference('string', Buffer.from(expected).toString(), Buffer.from(actual).toString())

/** @param {Described} expected @param {MaskSet} set @param {number} i */
function setDifference({ areas, boxes }, set, i) {
  const [x, y, width, height] = boxes.subarray(4 * i, 4 * i + 4)
  // Empty runs without a pixel wrap around in the reference's box; here an empty mask has no extent.
  const box = areas[i] === 0 ? [0, 0, 0, 0] : [x, y, x + width, y + height]
  return {
    ...difference('area', areas[i], set.areaPx[i]),
    ...difference('bounds', box.join(), set.bounds.subarray(4 * i, 4 * i + 4).join()),
  }
}

/** @param {Record<string, string>} differences @param {object} shape */
const explain = (differences, shape) =>
  Object.entries(differences).map(([what, text]) => `${what}: ${text} for ${JSON.stringify(shape)}`)
