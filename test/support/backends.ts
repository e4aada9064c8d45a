import type { MaskBackend } from '../../src/backends/backend.js'
import { createCpuBackend } from '../../src/backends/cpu.js'
import { openDawn } from '../../src/node/dawn.js'
import { onHardware } from './swiftshader.js'

/** A backend that the suite runs on; `open` fails where this machine cannot have it. */
export interface TestBackend {
  name: string
  open: () => Promise<MaskBackend>
}

export async function openDawnBackend(): Promise<MaskBackend> {
  const opened = await openDawn({ software: !onHardware })
  if ('missing' in opened) throw new Error(opened.missing)
  return opened.backend
}

/** Its packages are loaded only here, so that a machine with a GPU can do without them. */
const inBrowser: TestBackend = {
  name: 'webgpu in Chromium',
  open: async () => (await import('./chromium.js')).openChromium(),
}

/** On hardware the browser is left out: the one of the tests drives no real GPU. */
export const testBackends: TestBackend[] = [
  { name: 'cpu', open: async () => createCpuBackend() },
  { name: 'cpu without WebAssembly', open: async () => createCpuBackend({ kernel: false }) },
  { name: 'webgpu through Dawn', open: openDawnBackend },
  ...(onHardware ? [] : [inBrowser]),
]

/**
 * Whether `backend` can be had here. In CI, and where hardware was asked for, a missing one is an error;
 * elsewhere its tests are left out, and a banner on stderr says so.
 */
export async function isAvailable({ name, open }: TestBackend): Promise<boolean> {
  try {
    const backend = await open()
    backend.close()
    return true
  } catch (error) {
    if (process.env.CI || onHardware) throw error
    const line = '!'.repeat(100)
    console.error(`${line}\nNOT TESTED: ${name}: ${error instanceof Error ? error.message : error}\n${line}`)
    return false
  }
}
