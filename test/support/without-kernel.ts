import { expect, vi } from 'vitest'
import type { readDetections } from '../../src/ingest/detections.js'
import type { readGroundTruth } from '../../src/ingest/ground-truth.js'

/** The readers as they are where there is no WebAssembly, beside those of this module graph. */
export async function readersWithoutKernel(): Promise<{
  readDetections: typeof readDetections
  readGroundTruth: typeof readGroundTruth
}> {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', undefined)
  try {
    const { Scanner } = await import('../../src/ingest/scanner.js')
    // Whether there is WebAssembly is asked once, here.
    expect(Scanner.create(1000)).toBeNull()
    const detections = await import('../../src/ingest/detections.js')
    const groundTruth = await import('../../src/ingest/ground-truth.js')
    return { ...detections, ...groundTruth }
  } finally {
    vi.unstubAllGlobals()
    vi.resetModules()
  }
}
