import { describe, expect, test } from 'vitest'
import { detscope, evalArgs, filesOf } from './run-cli.js'

/** Prints, at the end of a run, which of our files and which modules of Node were loaded. */
const WITNESS = `
process.on('exit', () => process.stderr.write(JSON.stringify(process.moduleLoadList) + '\\n'))`
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WITNESS)}` }

async function loaded(args: string[]): Promise<string[]> {
  const { code, err } = await detscope(args, { cwd: filesOf(), env })
  expect(code).toBe(0)
  const names = JSON.parse(err.trim().split('\n').at(-1) ?? '') as string[]
  return names
    .filter(name => name.startsWith('NativeModule '))
    .map(name => name.slice('NativeModule '.length))
}

describe('a plain run loads nothing of Node that takes long and is not used', () => {
  test('neither programs, threads, hashes nor compression', async () => {
    const names = await loaded([...evalArgs, '--iou-type', 'bbox'])
    expect(names).toContain('fs')
    for (const name of ['child_process', 'worker_threads', 'crypto', 'zlib', 'http']) {
      expect(names).not.toContain(name)
    }
  })

  test('but what a result file needs', async () => {
    expect(await loaded([...evalArgs, '--json', 'out.json'])).toContain('crypto')
  })
})
