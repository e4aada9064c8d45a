// @ts-check
/**
 * Shows that the tests bite: `npm run mutate`. Breaks a copy of the project in one small way at a time, runs the
 * tests there and says which of them noticed. Ends with exit code 1 when a breakage goes unnoticed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { MUTATIONS } from './mutations.js'

/** @typedef {import('./mutations.js').Mutation} Mutation */

const root = join(import.meta.dirname, '../..')
/**
 * Where the numbers are tested, the quick ones first: the others run where those noticed nothing. The command line
 * and the browser need no part in this.
 */
const QUICK = [
  'test/geometry/',
  'test/matching/',
  'test/metrics/',
  'test/ingest/',
  'test/golden/stream.test.ts',
]
const SLOW = ['test/golden/', 'test/evaluate/', 'test/backends/']
const TIME_LIMIT_MS = 180_000

const { values: args } = parseArgs({
  options: {
    /** Only mutations whose file or words contain this. */
    only: { type: 'string', default: '' },
  },
})

const copy = mkdtempSync(join(tmpdir(), 'detscope-mutate-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
copyProject()
console.log('tests of the unbroken copy ...')
const baseline = runTests([...QUICK, ...SLOW])
if (baseline !== null) throw new Error(`the unbroken copy fails: ${baseline}`)

const chosen = MUTATIONS.filter(({ file, what, area }) => `${area} ${file} ${what}`.includes(args.only))
let survived = 0
for (const mutation of chosen) {
  const caughtBy = tryMutation(mutation)
  if (caughtBy === null) survived++
  console.log(
    `| ${mutation.area} | \`${mutation.file}\` | ${mutation.what} | ${caughtBy ?? '**survived**'} |`,
  )
}
console.log(`${chosen.length} breakages, ${chosen.length - survived} caught, ${survived} survived`)
process.exitCode = survived === 0 ? 0 : 1

/** Every file that git knows or would know; dependencies are shared. */
function copyProject() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of new Set(files.trim().split('\n'))) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: copy, stdio: 'inherit' })
}

/** What fails, in words; null when nothing does. */
function runTests(/** @type {string[]} */ tests) {
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const options = ['run', '--reporter=json', `--outputFile=${report}`]
  const env = { ...process.env, DETSCOPE_COCO100: join(copy, 'nowhere') }
  const { status, error } = spawnSync(process.execPath, [vitest, ...options, ...tests], {
    cwd: copy,
    env,
    timeout: TIME_LIMIT_MS,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
  })
  if (error) return `no end within ${TIME_LIMIT_MS / 1000} s`
  if (status === 0) return null
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  /** @type {{ file: string, title: string }[]} */
  const failures = testResults
    .filter((/** @type {{ status: string }} */ file) => file.status === 'failed')
    .flatMap((/** @type {any} */ { name, assertionResults }) => {
      const failed = assertionResults.filter(
        (/** @type {{ status: string }} */ test) => test.status === 'failed',
      )
      const titles = failed.length ? failed.map((/** @type {any} */ test) => test.title) : ['does not load']
      return titles.map((/** @type {string} */ title) => ({ file: relative(copy, name), title }))
    })
  if (failures.length > 0) return describe(failures)
  return 'the test run itself'
}

/** How many tests failed, and the most telling of them. @param {{ file: string, title: string }[]} failures */
function describe(failures) {
  const rank = (/** @type {{ file: string }} */ { file }) =>
    file.includes('stream') ? 2 : file.includes('golden') ? 1 : 0
  const [{ file, title }] = failures.sort((a, b) => rank(a) - rank(b))
  const others = failures.length > 1 ? ` and ${failures.length - 1} more` : ''
  return `${file.replace('test/', '').replace('.test.ts', '')}: ${title.replaceAll('|', '/')}${others}`
}

/** What noticed the breakage; null for nothing. @param {Mutation} mutation */
function tryMutation({ file, from, to }) {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  const count = text.split(from).length - 1
  if (count !== 1) throw new Error(`${file} has ${count} times, not once: ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  try {
    if (dirname(file) === 'shaders') execFileSync(process.execPath, ['shaders/embed.js'], { cwd: copy })
    return (
      (file.startsWith('src/backends') || dirname(file) === 'shaders' ? null : runTests(QUICK)) ??
      runTests(SLOW)
    )
  } finally {
    writeFileSync(path, text)
    if (dirname(file) === 'shaders') execFileSync(process.execPath, ['shaders/embed.js'], { cwd: copy })
  }
}
