import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './source-files.js'

/** Ceilings of the published package, bytes. Raised only by the commit that needs it. */
const MAX_PACKED = 1_635_000
const MAX_UNPACKED = 4_850_000

interface Packed {
  filename: string
  size: number
  unpackedSize: number
  files: { path: string }[]
}

let folder = ''
let packed: Packed

/** What a stranger's shell has: no settings of this checkout, no colours, no terminal. */
const env = { ...process.env, NO_COLOR: '1', CI: 'true', NODE_ENV: '' }

const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' })

/** Runs the installed command. What npx itself says (of npm's own settings) is left out. */
const detscope = (...args: string[]) => {
  const { status, stdout, stderr } = run('npx', '--no-install', 'detscope', ...args)
  return { status, stdout, stderr: stderr.replace(/^npm .*\n/gm, '') }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'detscope-package-'))
  // Without scripts: dist/ has been built, and building it again would pull it away from other tests.
  const text = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  packed = JSON.parse(text)[0]
  writeFileSync(join(folder, 'package.json'), '{"name": "consumer", "private": true, "type": "module"}')
  const flags = ['--ignore-scripts', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', ...flags, `./${packed.filename}`], { cwd: folder, env, stdio: 'pipe' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the tarball', () => {
  test('is small', () => {
    expect(packed.size).toBeLessThan(MAX_PACKED)
    expect(packed.unpackedSize).toBeLessThan(MAX_UNPACKED)
  })

  test('holds what runs, its types and its papers, and no sources or tests', () => {
    const paths = packed.files.map(file => file.path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'bin/detscope.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/node.js',
        'dist/node.d.ts',
        'dist/page.html',
        'dist/cli/licenses.md',
        'dist/app/index.html',
        'dist/app/sw.js',
        'docs/result-schema.json',
      ]),
    )
    const strangers = paths.filter(
      path =>
        !/^(dist\/.+\.(js|d\.ts)|dist\/cli\/licenses\.md|dist\/page\.html|dist\/app\/(index\.html|assets\/.+\.(css|html)|manifest\.webmanifest|icon[\w-]*\.(svg|png))|bin\/detscope\.js|docs\/result-schema\.json|[A-Z]+(\.md)?|package\.json)$/.test(
          path,
        ),
    )
    expect(strangers).toEqual([])
  })
})

describe('installed in an empty folder, without the GPU package', () => {
  test('prints its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(detscope('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('draws the demo and evaluates it', () => {
    expect(detscope('demo', 'demo', '--images', '8')).toMatchObject({ status: 0, stderr: '' })
    const args = ['eval', '--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--json', 'out.json']
    const { status, stdout } = detscope(...args)
    expect(status).toBe(0)
    expect(stdout).toMatch(/area= {3}all \| maxDets=100 \] = 0\.\d{3}\n/)
    const { backend, counts } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))
    expect(backend).toEqual({ kind: 'cpu', adapter: null })
    expect(counts.images).toBe(8)
  })

  test('says what a GPU needs', ({ skip }) => {
    // Node looks for packages in the folders above, too.
    const require = createRequire(join(folder, 'package.json'))
    const above = require.resolve.paths('webgpu')?.some(path => existsSync(join(path, 'webgpu')))
    skip(above === true, 'the package "webgpu" lies in a folder above the temporary one')
    const args = ['eval', '--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--backend', 'webgpu']
    const { status, stderr } = detscope(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^detscope: backend "webgpu": .*(Install|npm install)/)
    expect(detscope('doctor').status).toBe(0)
  })

  test('exports both entries, and the README’s example runs and type-checks', () => {
    const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(11)
    const code = example.replace("'gt.json', 'dt.json.gz'", "'demo/gt.json', 'demo/dt.json'")
    writeFileSync(join(folder, 'example.ts'), code)
    writeFileSync(join(folder, 'example.js'), code)
    const ran = run('node', 'example.js')
    expect(ran.stderr).toBe('')
    expect(ran.status).toBe(0)
    // The smaller box covers 8 of 9 rows.
    expect(ran.stdout).toContain(String(72 / 81))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '']
    const checked = run('node', tsc, ...flags, 'example.ts')
    expect(checked.stdout).toBe('')
    expect(checked.status).toBe(0)
  })
})

test('the example for CI evaluates, and fails on a floor, a wrong file and a wrong option', () => {
  const command = `${process.execPath} ${join(root, 'bin/detscope.js')}`
  const evaluate = (...args: string[]) =>
    spawnSync('bash', [join(root, 'examples/ci/evaluate.sh'), ...args], {
      cwd: folder,
      env: { ...env, DETSCOPE: command },
      encoding: 'utf8',
    })
  const good = evaluate('demo/gt.json', 'demo/dt.json', '0.1')
  expect(good.status).toBe(0)
  expect(good.stdout).toMatch(/AP 0\.\d{4}, floor 0\.1\n$/)
  expect(evaluate('demo/gt.json', 'demo/dt.json', '0.99').status).toBe(1)
  expect(evaluate('demo/gt.json', 'demo/gt.json').status).toBe(2)
  expect(evaluate('demo/gt.json', 'none.json').status).toBe(2)
})
