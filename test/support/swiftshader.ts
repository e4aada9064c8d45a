/**
 * The software Vulkan driver and the browser of the tests, from package @sparticuz/chromium, so that WGSL runs on
 * a machine without a GPU. Unpacked once to node_modules/.cache.
 */
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
} from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-fs'

const root = join(import.meta.dirname, '../..')

/** Tests run on a real GPU where this is set; the driver is then the machine's own. */
export const onHardware = process.env.DETSCOPE_TEST_ADAPTER === 'hardware'

const archives = join(root, 'node_modules/@sparticuz/chromium')

function version(): string {
  const manifest = join(archives, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : 'missing'
}

/** Where everything lies once it is unpacked. Chromium finds its driver beside itself. */
export const folder = join(root, 'node_modules/.cache/detscope-swiftshader', version())
export const chromiumPath = join(folder, 'chromium')
const icd = join(folder, 'vk_swiftshader_icd.json')

/** Must be set before a process starts: the loader reads them then. Empty on hardware. */
export const driverEnvironment: Record<string, string> = onHardware
  ? {}
  : {
      LD_LIBRARY_PATH: [folder, join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      VK_ICD_FILENAMES: icd,
      VK_DRIVER_FILES: icd,
    }

/** Unpacks driver, libraries and browser unless that was done before. */
export async function unpackSwiftShader(): Promise<void> {
  if (existsSync(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const target = mkdtempSync(`${folder}-`)
  const open = (name: string) => createReadStream(join(archives, 'bin', name))
  await pipeline(open('swiftshader.tar.br'), createBrotliDecompress(), extract(target))
  // Libraries that Chromium misses on a bare machine; the archive puts them under lib/.
  await pipeline(open('al2023.tar.br'), createBrotliDecompress(), extract(target))
  const browser = join(target, 'chromium')
  await pipeline(open('chromium.br'), createBrotliDecompress(), createWriteStream(browser))
  chmodSync(browser, 0o755)
  try {
    renameSync(target, folder)
  } catch (error) {
    // Another run was faster.
    await rm(target, { recursive: true })
    if (!existsSync(folder)) throw error
  }
}
