// @ts-check
/**
 * The browser's side of test/support/chromium.ts: runs the built WebGPU backend on the page's navigator.gpu.
 * Typed arrays travel as base64 text, because the test drives the page through JSON.
 */

/** @param {string} path */
const built = path => import(new URL(`../../dist/backends/webgpu/${path}`, import.meta.url).href)

/** @type {typeof import('../../src/backends/webgpu/adapter.js')} */
const { requestAdapter } = await built('adapter.js')
/** @type {typeof import('../../src/backends/webgpu/backend.js')} */
const { createWebGpuBackend } = await built('backend.js')

const ARRAYS = { Uint8Array, Uint32Array, Float64Array }

/** @param {{ type: keyof typeof ARRAYS, text: string }} packed */
const unpack = ({ type, text }) =>
  new ARRAYS[type](Uint8Array.from(atob(text), character => character.charCodeAt(0)).buffer)

/** Undoes `packAll` of chromium.ts. @param {any} value @returns {any} */
function unpackAll(value) {
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(unpackAll)
  if ('text' in value) return unpack(value)
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unpackAll(entry)]))
}

/** Errors do not survive the way to the test: their fields do. @param {() => Promise<object>} work */
async function attempt(work) {
  try {
    return { value: await work() }
  } catch (error) {
    const { name, message, kind, row, reason } = /** @type {any} */ (error)
    return { error: { name, message, kind, row, reason } }
  }
}

/** @type {import('../../src/backends/backend.js').MaskBackend} */
let backend
/** @type {Map<number, import('../../src/backends/backend.js').MaskSet>} */
const sets = new Map()
let nextSet = 0

/** @param {number} id */
function setOf(id) {
  const set = sets.get(id)
  if (!set) throw new Error(`no set ${id}`)
  return set
}

const calls = {
  open: () =>
    attempt(async () => {
      if (!navigator.gpu) throw new Error('this browser has no navigator.gpu')
      const adapter = await requestAdapter(navigator.gpu, { software: true })
      if (!adapter) throw new Error('this browser gives no adapter')
      backend = await createWebGpuBackend(adapter)
      return { name: backend.name, batchBytes: backend.batchBytes }
    }),

  /** @param {any} masks @param {any} rows */
  load: (masks, rows) =>
    attempt(async () => {
      const set = await backend.load(/** @type {any} */ (unpackAll(masks)), /** @type {any} */ (unpack(rows)))
      sets.set(nextSet, set)
      return { id: nextSet++, areaPx: [...set.areaPx], bounds: [...set.bounds] }
    }),

  /** @param {number} left @param {number} right @param {any} dt @param {any} gt */
  intersect: (left, right, dt, gt) =>
    attempt(async () => {
      const pairs = /** @type {any} */ ({ dt: unpack(dt), gt: unpack(gt) })
      return { shared: [...(await setOf(left).intersect(setOf(right), pairs))] }
    }),

  /** @param {number} id */
  free: id =>
    attempt(async () => {
      setOf(id).free()
      sets.delete(id)
      return {}
    }),
}
Object.assign(globalThis, { calls })
