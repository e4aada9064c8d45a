import { spawn } from 'node:child_process'
import type { Io } from './io.js'

/** Whether a person sits before a desktop on which a browser can be opened. */
export function hasDesktop({ out, env }: Io, platform = process.platform): boolean {
  if (!out.isTTY || env.CI || env.SSH_CONNECTION) return false
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** The desktop's own command for it. A package for these three lines would bring a dozen others along. */
export function openCommand(url: string, platform = process.platform): [command: string, ...args: string[]] {
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return [platform === 'darwin' ? 'open' : 'xdg-open', url]
}

/** Opens an address of ours in the browser; where that fails, the address that was printed is left. */
export function openBrowser(url: string): void {
  const [command, ...args] = openCommand(url)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
