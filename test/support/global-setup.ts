import { onHardware, unpackSwiftShader } from './swiftshader.js'

/** Runs once before all tests: the driver must be there when the test processes start. */
export default async function setup(): Promise<void> {
  if (onHardware) {
    console.log(
      'WGSL tests run on the GPU of this machine (DETSCOPE_TEST_ADAPTER=hardware), not in a browser.',
    )
    return
  }
  try {
    await unpackSwiftShader()
  } catch (error) {
    // The suite itself says what could not run, and fails in CI.
    console.error('The software Vulkan driver could not be unpacked:', error)
  }
}
