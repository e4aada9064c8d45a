import { expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.js'
import { hasDesktop, openCommand } from '../../src/cli/open-browser.js'

const io = (isTTY: boolean, env: Record<string, string>): Io =>
  ({ out: { isTTY }, err: {}, env }) as unknown as Io

test.each([
  ['a desktop', 'linux', true, { DISPLAY: ':0' }, true],
  ['a newer desktop', 'linux', true, { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['a server', 'linux', true, {}, false],
  ['a Mac', 'darwin', true, {}, true],
  ['Windows', 'win32', true, {}, true],
  ['a Mac over the network', 'darwin', true, { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' }, false],
  ['a build', 'linux', true, { DISPLAY: ':0', CI: 'true' }, false],
  ['a pipe', 'linux', false, { DISPLAY: ':0' }, false],
] as const)('%s', (_, platform, isTTY, env, expected) => {
  expect(hasDesktop(io(isTTY, env), platform)).toBe(expected)
})

test.each(['linux', 'darwin', 'win32'] as const)('on %s the address is an argument of its own', platform => {
  const url = 'http://127.0.0.1:8080/'
  const [command, ...args] = openCommand(url, platform)
  expect(command).toMatch(/^(xdg-open|open|rundll32)$/)
  expect(args.at(-1)).toBe(url)
})
