// @ts-check
/** The WebGPU backend for the parity run: a GPU where one is, else the software driver that `npm test` unpacks. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './built.js'

const cache = join(import.meta.dirname, '../../node_modules/.cache/detscope-swiftshader')

/** Opens Dawn; on the software driver in a process of its own, since the loader reads its variables at start. */
export async function openWebGpu() {
  if (!process.env.VK_DRIVER_FILES && process.env.DETSCOPE_TEST_ADAPTER !== 'hardware') restartWithSoftware()
  /** @type {typeof import('../../src/node/dawn.js')} */
  const { openDawn } = await load('node/dawn.js')
  const opened = await openDawn({ software: true })
  if ('missing' in opened) throw new Error(opened.missing)
  return opened.backend
}

function restartWithSoftware() {
  const version = existsSync(cache) ? readdirSync(cache).find(name => /^[\d.]+$/.test(name)) : undefined
  if (!version)
    throw new Error(
      'the software driver is not there: run npm test once, or set DETSCOPE_TEST_ADAPTER=hardware',
    )
  const folder = join(cache, version)
  const driver = join(folder, 'vk_swiftshader_icd.json')
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: [folder, join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: driver,
    VK_DRIVER_FILES: driver,
  }
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' })
  process.exit(status ?? 1)
}
