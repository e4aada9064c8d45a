import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { boxDetections, detscope, evalArgs, filesOf } from './run-cli.js'

test('eval --report notes what serve needs; serve shows it until it is interrupted', async () => {
  const cwd = filesOf()
  expect((await detscope([...evalArgs, '--report', 'out', '--quiet'], { cwd })).code).toBe(0)
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['detscope.json', 'index.html', 'thresholds.json'])
  const answers: [number, string][] = []
  const result = await detscope(['serve', 'out'], {
    cwd,
    onStart: child => {
      child.stdout?.once('data', async chunk => {
        const url = String(chunk).trim()
        for (const path of ['', 'images/0', 'masks/0.json', 'detscope.json']) {
          const answer = await fetch(url + path)
          answers.push([answer.status, await answer.text()])
        }
        child.kill('SIGINT')
      })
    },
  })
  expect(result).toMatchObject({ code: 0, signal: null })
  expect(result.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/)
  expect(result.err).toMatch(/serving out to this machine only \(no pictures; --images DIR adds them\)/)
  expect(answers[0]).toEqual([200, readFileSync(join(cwd, 'out/index.html'), 'utf8')])
  expect(answers[1]).toEqual([404, 'No pictures: start the server with --images DIR.'])
  expect(answers[2]).toEqual([200, '{"size":[0,0],"gts":[],"dts":[]}'])
  expect(answers[3][0]).toBe(404)
})

test.each([
  [['serve'], "missing required argument 'folder'"],
  [['serve', '.'], 'expected the folder that "eval --report" wrote'],
  [['serve', 'none'], 'expected the folder that "eval --report" wrote'],
  [['serve', 'out', '--port', '70000'], '--port: expected a whole number from 0 to 65535'],
  [[...evalArgs, '--report', 'out', '--images', 'gt.json'], '--images: gt.json is not a folder'],
  [[...evalArgs, '--report', 'out', '--images', 'none'], '--images: there is no folder none'],
])('%j is refused in one line', async (args, words) => {
  const { code, out, err } = await detscope(args, { cwd: filesOf() })
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(words)
  expect(err.trim().split('\n')).toHaveLength(1)
})

test('--overlays writes as many pictures as --top says', async () => {
  const far = { ...boxDetections[0], bbox: [60, 60, 20, 20] }
  const cwd = filesOf(undefined, [far, { ...far, score: 0.8 }])
  const args = [...evalArgs, '--overlays', 'pictures', '--top', '2', '--score-threshold', '0.5', '--quiet']
  expect(await detscope(args, { cwd })).toMatchObject({ code: 0, err: '' })
  expect(readdirSync(join(cwd, 'pictures')).sort()).toEqual([
    '001-FP-box-a.png',
    '002-FN-box-a.png',
    'overlays.json',
  ])
})
