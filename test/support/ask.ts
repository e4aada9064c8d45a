import { request } from 'node:http'

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Sends the path as it is; fetch() would tidy it up. */
export function ask(
  server: { url: string },
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
) {
  const { hostname, port, host } = new URL(server.url)
  return new Promise<Reply>((done, fail) => {
    const asked = request({ hostname, port, path, method, headers: { host, ...headers } }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    asked.on('error', fail)
    asked.end()
  })
}
