import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDawn } from '../../src/node/dawn.js'
import { isAvailable, openDawnBackend } from '../support/backends.js'
import { driverEnvironment, onHardware } from '../support/swiftshader.js'

const root = join(import.meta.dirname, '../..')
const available = await isAvailable({ name: 'Dawn', open: openDawnBackend })

/** Opens a backend with the built modules in a process of its own, and gives what that printed. */
function openElsewhere(env: NodeJS.ProcessEnv): string {
  const script = `
    const { openDawn } = await import('./dist/node/dawn.js')
    const opened = await openDawn({ software: true })
    console.log(opened.missing ?? 'opened ' + opened.backend.name)
  `
  const options = { cwd: root, env, encoding: 'utf8', timeout: 100_000 } as const
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], options)
}

describe.skipIf(!available)('with an adapter', () => {
  test.skipIf(onHardware)('a software one is taken only when software will do', async () => {
    const opened = await openDawn({ software: false })
    expect(opened).toEqual({ missing: expect.stringMatching(/^no GPU adapter was found/) })
  })

  test('a process with a backend open ends by itself', () => {
    const env = onHardware ? process.env : { PATH: process.env.PATH, ...driverEnvironment }
    expect(openElsewhere(env)).toMatch(/^opened /)
  })
})

test.skipIf(onHardware || process.platform !== 'linux')('without a driver it says what to install', () => {
  // Some machines have a Vulkan loader of their own: they lack the driver.
  const missing =
    /^(the Vulkan loader is missing .*Install libvulkan1|no GPU adapter was found).*Vulkan driver.*\n$/
  expect(openElsewhere({ PATH: process.env.PATH, VK_DRIVER_FILES: '/nowhere.json' })).toMatch(missing)
})
