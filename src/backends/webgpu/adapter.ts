/** What adapters that run on the processor call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|\bcpu\b|microsoft basic render|software/i

const wordsOf = (info: GPUAdapterInfo): string[] =>
  [info.device, info.description, info.architecture, info.vendor].filter(word => word !== '')

/** Whether the adapter is a program on the processor. It computes the same, but slower than the CPU path. */
export const isSoftwareAdapter = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter === true || wordsOf(info).some(word => SOFTWARE.test(word))

/** The adapter in words: "NVIDIA H100 (driver 550.54, hopper, nvidia)". */
export function describeAdapter(info: GPUAdapterInfo): string {
  const [title, ...rest] = wordsOf(info)
  if (title === undefined) return 'unnamed adapter'
  const details = rest.filter(word => !title.toLowerCase().includes(word.toLowerCase()))
  return details.length === 0 ? title : `${title} (${details.join(', ')})`
}

/**
 * The fastest adapter, null where there is none. A software adapter is taken only when `software` is true and no
 * other can be had.
 */
export async function requestAdapter(gpu: GPU, options: { software: boolean }): Promise<GPUAdapter | null> {
  const fastest = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (fastest && (options.software || !isSoftwareAdapter(fastest.info))) return fastest
  return options.software ? gpu.requestAdapter({ forceFallbackAdapter: true }) : null
}
