import { defineConfig } from 'vitest/config'
import { driverEnvironment } from './test/support/swiftshader.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Forks, because the Vulkan loader reads its variables when a process starts.
    pool: 'forks',
    env: driverEnvironment,
    testTimeout: 30_000,
  },
})
