import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveApp } from '../node/serve-app.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'
import { hasDesktop, openBrowser } from './open-browser.js'

export interface AppOptions {
  port: number
  /** False with --no-open. */
  open: boolean
}

/** What the build makes beside this. */
const FOLDER = fileURLToPath(new URL('../app', import.meta.url))

/** Serves the app until it is interrupted. */
export const runApp = ({ port, open }: AppOptions, io: Io): Promise<void> =>
  interruptible(async signal => {
    if (!existsSync(join(FOLDER, 'index.html')))
      throw new Error(`the app is not in ${FOLDER}; in a checkout, "npm run build" makes it`)
    const server = await serveApp(FOLDER, { port })
    io.out.write(`${server.url}\n`)
    io.err.write('detscope: the app is served to this machine only, and files stay in it; Ctrl-C ends it\n')
    if (open && hasDesktop(io)) openBrowser(server.url)
    await new Promise(ended => signal.addEventListener('abort', ended))
    await server.close()
  })
