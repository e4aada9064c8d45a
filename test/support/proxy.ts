/** A proxy through which a browser's every request goes, whichever page or worker makes it. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordingProxy {
  address: string
  /** Hosts, with their ports, that were asked for since `asked` was emptied. */
  asked: Set<string>
  close(): void
}

/** Passes on what is for this machine, and refuses the rest. */
export async function startProxy(): Promise<RecordingProxy> {
  const asked = new Set<string>()
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '', 'http://nowhere.invalid')
    asked.add(url.host)
    if (url.hostname !== 'localhost' && url.hostname !== '127.0.0.1') {
      outgoing.writeHead(502).end()
      return
    }
    const passed = request(url, { method: incoming.method, headers: incoming.headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    // As when nobody listens: a browser takes an answer of the proxy for one of the host.
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  server.on('connect', ({ url }, socket) => {
    asked.add(url ?? '')
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
