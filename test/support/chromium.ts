/** The WebGPU backend in a headless browser, driven as if it were here: the same cases run on it. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { MaskBackend, MaskSet, Pairs } from '../../src/backends/backend.js'
import type { EncodedMasks } from '../../src/data/masks.js'
import { DeviceError, MaskError } from '../../src/errors.js'
import { chromiumPath, driverEnvironment } from './swiftshader.js'

const root = join(import.meta.dirname, '../..')
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' }
const PAGE = '<!doctype html><script type="module" src="/test/support/chromium-page.js"></script>'

/** Serves the project's folder on this machine only; WebGPU wants a secure context, which localhost is. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(root, path)
    if (path !== '/' && !existsSync(file)) response.writeHead(404).end()
    else {
      response.setHeader('content-type', TYPES[path === '/' ? '.html' : extname(path)] ?? 'text/plain')
      response.end(path === '/' ? PAGE : readFileSync(file))
    }
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return server
}

type Packed = { type: string; text: string }

function pack(array: Uint8Array | Uint32Array | Float64Array): Packed {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  return { type: array.constructor.name, text: Buffer.from(bytes).toString('base64') }
}

function packAll(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return pack(value as Uint8Array | Uint32Array | Float64Array)
  if (Array.isArray(value)) return value.map(packAll)
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, packAll(entry)]))
}

interface Fault {
  name: string
  message: string
  kind: DeviceError['kind']
  row: number
  reason: string
}

/** The error of the page as this side knows it. */
function revive(fault: Fault, masks?: EncodedMasks): Error {
  if (fault.name === 'MaskError' && masks) return new MaskError(masks, fault.row, fault.reason)
  if (fault.name === 'DeviceError') return new DeviceError(fault.kind, fault.message)
  return new Error(`in the browser: ${fault.name}: ${fault.message}`)
}

/** Calls a function of chromium-page.js. */
async function call<T>(page: Page, name: string, args: unknown[], masks?: EncodedMasks): Promise<T> {
  type Calls = Record<string, (...args: unknown[]) => Promise<{ value: T; error?: Fault }>>
  const { value, error } = await page.evaluate(
    ({ name, args }) => (globalThis as unknown as { calls: Calls }).calls[name](...args),
    { name, args },
  )
  if (error) throw revive(error, masks)
  return value
}

/** Frees under way: the browser closes after them. */
const freeing = new Set<Promise<unknown>>()

class RemoteMaskSet implements MaskSet {
  readonly count: number
  readonly areaPx: Uint32Array
  readonly bounds: Uint32Array
  #page: Page
  #id: number

  constructor(page: Page, loaded: { id: number; areaPx: number[]; bounds: number[] }) {
    this.#page = page
    this.#id = loaded.id
    this.count = loaded.areaPx.length
    this.areaPx = Uint32Array.from(loaded.areaPx)
    this.bounds = Uint32Array.from(loaded.bounds)
  }

  async intersect(other: MaskSet, pairs: Pairs): Promise<Uint32Array> {
    if (!(other instanceof RemoteMaskSet)) throw new TypeError('both mask sets must be of one backend')
    const args = [this.#id, other.#id, pack(pairs.dt), pack(pairs.gt)]
    const { shared } = await call<{ shared: number[] }>(this.#page, 'intersect', args)
    return Uint32Array.from(shared)
  }

  free(): void {
    const freed = call(this.#page, 'free', [this.#id]).finally(() => freeing.delete(freed))
    freeing.add(freed)
  }
}

/** Starts the browser on its software adapter. Fails when anything is missing. */
export async function openChromium(): Promise<MaskBackend> {
  if (!existsSync(join(root, 'dist/backends/webgpu/backend.js')))
    throw new Error('the browser tests need the built modules: npm run build')
  const server = await serve()
  let browser: Browser | undefined
  try {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--no-sandbox'],
      env: { ...process.env, ...driverEnvironment },
    })
    const page = await browser.newPage()
    page.on('pageerror', error => console.error('in the browser:', error))
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction(() => 'calls' in globalThis)
    const opened = await call<{ name: string; batchBytes: number }>(page, 'open', [])
    const open = browser
    return {
      kind: 'webgpu',
      ...opened,
      load: async (masks, rows) =>
        new RemoteMaskSet(page, await call(page, 'load', [packAll(masks), pack(rows)], masks)),
      close: () => {
        server.close()
        void Promise.all(freeing).then(() => open.close())
      },
    }
  } catch (error) {
    await browser?.close()
    server.close()
    throw error
  }
}
