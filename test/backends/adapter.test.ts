import { describe, expect, test } from 'vitest'
import { describeAdapter, isSoftwareAdapter, requestAdapter } from '../../src/backends/webgpu/adapter.js'

const info = (fields: Partial<GPUAdapterInfo>): GPUAdapterInfo =>
  ({
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: false,
    ...fields,
  }) as GPUAdapterInfo

const nvidia = info({
  vendor: 'nvidia',
  architecture: 'hopper',
  device: 'NVIDIA H100 80GB HBM3',
  description: '550.54.15',
})
const swiftshader = info({
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'swiftshader-device-subzero-',
  description: 'SwiftShader driver 5.0.0',
})
const browser = info({ vendor: 'apple', architecture: 'metal-3' })

describe('adapters in words', () => {
  test.each([
    { adapter: nvidia, words: 'NVIDIA H100 80GB HBM3 (550.54.15, hopper)' },
    { adapter: swiftshader, words: 'swiftshader-device-subzero- (SwiftShader driver 5.0.0, google)' },
    { adapter: browser, words: 'metal-3 (apple)' },
    { adapter: info({}), words: 'unnamed adapter' },
  ])('$words', ({ adapter, words }) => {
    expect(describeAdapter(adapter)).toBe(words)
  })
})

describe('software adapters are known by', () => {
  test.each([
    { by: 'SwiftShader', adapter: swiftshader, software: true },
    { by: 'the fallback flag', adapter: info({ vendor: 'x', isFallbackAdapter: true }), software: true },
    {
      by: 'llvmpipe',
      adapter: info({ vendor: 'mesa', device: 'llvmpipe (LLVM 15.0.7, 256 bits)' }),
      software: true,
    },
    { by: 'Basic Render', adapter: info({ device: 'Microsoft Basic Render Driver' }), software: true },
    { by: 'a device that is a CPU', adapter: info({ device: 'CPU' }), software: true },
    { by: 'nothing: NVIDIA', adapter: nvidia, software: false },
    { by: 'nothing: a browser that tells little', adapter: browser, software: false },
  ])('$by', ({ adapter, software }) => {
    expect(isSoftwareAdapter(adapter)).toBe(software)
  })
})

describe('requestAdapter', () => {
  /** A GPU that gives `usual`, and `fallback` when a fallback adapter is asked for. */
  const gpuWith = (usual: GPUAdapterInfo | null, fallback: GPUAdapterInfo | null): GPU => {
    const give = async (options?: GPURequestAdapterOptions) => {
      const found = options?.forceFallbackAdapter ? fallback : usual
      return found && ({ info: found } as GPUAdapter)
    }
    return { requestAdapter: give } as GPU
  }

  test.each([
    { name: 'a GPU', gpu: gpuWith(nvidia, swiftshader), software: false, found: nvidia },
    { name: 'a GPU before software', gpu: gpuWith(nvidia, swiftshader), software: true, found: nvidia },
    {
      name: 'no software unless wanted',
      gpu: gpuWith(swiftshader, swiftshader),
      software: false,
      found: undefined,
    },
    { name: 'software when wanted', gpu: gpuWith(swiftshader, null), software: true, found: swiftshader },
    {
      name: 'software offered on request only',
      gpu: gpuWith(null, swiftshader),
      software: true,
      found: swiftshader,
    },
    { name: 'nothing', gpu: gpuWith(null, null), software: true, found: undefined },
  ])('takes $name', async ({ gpu, software, found }) => {
    expect((await requestAdapter(gpu, { software }))?.info).toBe(found)
  })
})
