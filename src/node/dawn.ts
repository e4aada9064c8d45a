import { requestAdapter } from '../backends/webgpu/adapter.js'
import { createWebGpuBackend, type WebGpuBackend, type WebGpuOptions } from '../backends/webgpu/backend.js'

export interface DawnOptions extends Omit<WebGpuOptions, 'owner'> {
  /** Whether an adapter that runs on the processor will do when there is no other. */
  software: boolean
}

/** A backend, or what is missing for one and how to get it. */
export type DawnResult = { backend: WebGpuBackend } | { missing: string }

const LOADER = 'libvulkan.so.1'

const DRIVERS =
  'A GPU needs its Vulkan driver (NVIDIA: the driver package; AMD and Intel: mesa-vulkan-drivers) on Linux; ' +
  'macOS and Windows bring theirs.'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Why the Vulkan loader cannot be loaded, null when it can. Asked first because Dawn prints a warning of its own
 * where it is missing. Node refuses any library that is no addon, but only after loading it.
 */
function loaderFault(): string | null {
  try {
    process.dlopen({ exports: {} }, LOADER)
  } catch (error) {
    if (!messageOf(error).includes('self-register')) return messageOf(error).split('\n')[0]
  }
  return null
}

/** Dawn (package `webgpu`), which is loaded here and not before, or what is missing for it. */
export async function loadDawn(): Promise<{ gpu: GPU } | { missing: string }> {
  const fault = process.platform === 'linux' ? loaderFault() : null
  if (fault) {
    return {
      missing: `the Vulkan loader is missing (${fault}). Install libvulkan1 or vulkan-loader. ${DRIVERS}`,
    }
  }
  try {
    const { create } = await import('webgpu')
    return { gpu: create([]) }
  } catch (error) {
    const how = 'Install it with: npm install webgpu'
    return { missing: `the optional package "webgpu" cannot be loaded (${messageOf(error)}). ${how}` }
  }
}

/** Opens the best adapter through Dawn. Fails with DeviceError 'lost' when that gives no device. */
export async function openDawn({ software, ...options }: DawnOptions): Promise<DawnResult> {
  const dawn = await loadDawn()
  if ('missing' in dawn) return dawn
  const adapter = await requestAdapter(dawn.gpu, { software })
  if (adapter === null) return { missing: `no GPU adapter was found. ${DRIVERS}` }
  // Dawn lives as long as what create() returned, and Node does not exit while a global holds that.
  return { backend: await createWebGpuBackend(adapter, { ...options, owner: dawn.gpu }) }
}
