import { defineConfig } from 'vitest/config'
import { driverEnvironment } from './test/support/swiftshader.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Forks, because the Vulkan loader reads its variables when a process starts.
    pool: 'forks',
    env: driverEnvironment,
    // What a slow and busy machine may take, so that only what hangs ends by it.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
