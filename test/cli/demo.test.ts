import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../house/source-files.js'
import { detscope, temporaryFolder } from './run-cli.js'

const [, shown] = /```text\n([\s\S]*?)\n```/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? []

/** What does not depend on the machine. */
const comparable = (text: string): string[] =>
  text.split('\n').filter(line => line.trim() !== '' && !/^(Backend|Time) /.test(line))

test('the demo gives what the README shows', async () => {
  const cwd = temporaryFolder()
  const demo = await detscope(['demo', 'demo'], { cwd })
  expect(demo).toMatchObject({ code: 0, err: '' })
  const evaluated = await detscope(
    ['eval', '--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--per-class', '--backend', 'cpu'],
    { cwd },
  )
  expect(evaluated.code).toBe(0)
  expect(comparable(demo.out + evaluated.out)).toEqual(comparable(shown))
  expect(readdirSync(`${cwd}/demo`).sort()).toEqual(['dt-b.json', 'dt.json', 'gt.json', 'images'])
})

test('--quiet says nothing, and another seed draws something else', async () => {
  const cwd = temporaryFolder()
  for (const seed of ['1', '2'])
    expect(await detscope(['demo', seed, '--images', '2', '--seed', seed, '--quiet'], { cwd })).toEqual({
      code: 0,
      signal: null,
      out: '',
      err: '',
    })
  const [one, two] = ['1', '2'].map(seed => readFileSync(`${cwd}/${seed}/gt.json`, 'utf8'))
  expect(one).not.toBe(two)
})

test('a folder that cannot be made is wrong usage', async () => {
  const cwd = temporaryFolder()
  expect(await detscope(['demo', '/dev/null/demo'], { cwd })).toMatchObject({
    code: 2,
    err: 'detscope: demo: cannot make the folder /dev/null/demo: a file is in the way\n',
  })
})
