import { type ServeOptions as ServerOptions, serveReport } from '../node/serve.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'

export interface ServeOptions {
  port: number
  images?: string
  gt?: string
  dt?: string
  compare?: string
}

/** Serves a report until it is interrupted. */
export const runServe = (folder: string, options: ServeOptions, io: Io): Promise<void> =>
  interruptible(async signal => {
    const { port, images, gt, dt, compare } = options
    const given: ServerOptions = { port, images, groundTruth: gt, detections: dt, compared: compare, signal }
    const server = await serveReport(folder, given)
    const pictures =
      server.images === null ? 'no pictures; --images DIR adds them' : `pictures from ${server.images}`
    io.out.write(`${server.url}\n`)
    io.err.write(`detscope: serving ${folder} to this machine only (${pictures}); Ctrl-C ends it\n`)
    await new Promise(ended => signal.addEventListener('abort', ended))
    await server.close()
  })
