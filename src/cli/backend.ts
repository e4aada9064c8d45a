import type { MaskBackend } from '../backends/backend.js'
import type { IouType } from '../data/config.js'
import { DeviceError } from '../errors.js'

export type BackendChoice = 'auto' | 'cpu' | 'webgpu'

export interface OpenedBackend {
  /** Undefined stands for the CPU. */
  backend: MaskBackend | undefined
  /** Why a choice of "auto" ended on the CPU. */
  note?: string
}

/**
 * The backend for a run. "auto" takes a GPU but never a software adapter, which is slower than the CPU path; "webgpu"
 * takes either and fails with DeviceError, saying what is missing, when there is none.
 */
export async function openBackend(
  choice: BackendChoice,
  iouType: IouType | undefined,
): Promise<OpenedBackend> {
  if (choice === 'cpu' || iouType === 'bbox') return { backend: undefined }
  const { openDawn } = await import('../node/dawn.js')
  if (choice === 'webgpu') {
    const opened = await openDawn({ software: true })
    if ('missing' in opened) throw new DeviceError('lost', `--backend webgpu: ${opened.missing}`)
    return opened
  }
  try {
    const opened = await openDawn({ software: false })
    if ('backend' in opened) return opened
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error
  }
  return { backend: undefined, note: 'auto found no GPU; "detscope doctor" tells more' }
}
