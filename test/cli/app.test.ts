import { expect, test } from 'vitest'
import { detscope } from './run-cli.js'

test('app serves the app until it is interrupted', async () => {
  const answers: [status: number, type: string | null][] = []
  const result = await detscope(['app', '--no-open'], {
    onStart: child => {
      child.stdout?.once('data', async chunk => {
        const url = String(chunk).trim()
        for (const path of ['', 'manifest.webmanifest', 'icon-192.png', 'sw.js', 'node.js']) {
          const answer = await fetch(url + path)
          answers.push([answer.status, answer.headers.get('content-type')])
        }
        child.kill('SIGINT')
      })
    },
  })
  expect(result).toMatchObject({ code: 0, signal: null })
  expect(result.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/)
  expect(result.err).toBe(
    'detscope: the app is served to this machine only, and files stay in it; Ctrl-C ends it\n',
  )
  expect(answers).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'application/manifest+json'],
    [200, 'image/png'],
    [200, 'text/javascript; charset=utf-8'],
    [404, 'text/plain; charset=utf-8'],
  ])
})

test.each([
  [['app', '--port', '70000'], '--port: expected a whole number from 0 to 65535'],
  [['app', 'folder'], 'too many arguments'],
])('%j is refused in one line', async (args, words) => {
  const { code, out, err } = await detscope(args)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(words)
  expect(err.trim().split('\n')).toHaveLength(1)
})
