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
/** Tests next to what is broken, by area. */
const NEAR = /** @type {Record<string, string[]>} */ ({
  matching: ['test/matching/', 'test/categories/'],
  accumulation: ['test/metrics/', 'test/categories/', 'test/golden/golden.test.ts'],
  ingest: ['test/ingest/', 'test/golden/golden.test.ts'],
  rasteriser: ['test/geometry/', 'test/golden/shapes.test.ts'],
  'RLE codec': ['test/geometry/', 'test/golden/shapes.test.ts'],
  kernels: [
    'test/golden/',
    'test/backends/cpu.test.ts',
    'test/ingest/',
    'test/categories/',
    'test/metrics/',
    'test/report/',
  ],
  shaders: ['test/golden/shapes.test.ts', 'test/golden/golden.test.ts'],
})
/** All that deal with numbers: for what the nearest did not notice. */
const ALL = ['geometry', 'matching', 'metrics', 'categories', 'ingest', 'evaluate', 'golden', 'backends'].map(
  name => `test/${name}/`,
)
/** A breakage may keep a loop from ending. */
const TIME_LIMIT_MS = 600_000

const { values: args } = parseArgs({
  options: {
    /** Only mutations whose file or words contain this. */
    only: { type: 'string', default: '' },
  },
})

const copy = mkdtempSync(join(tmpdir(), 'detscope-mutate-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
copyProject()
const chosen = MUTATIONS.filter(({ file, what, area }) => `${area} ${file} ${what}`.includes(args.only))
expectPass([...new Set(chosen.flatMap(({ area }) => NEAR[area]))])
const unnoticed = chosen.filter(mutation => !report(mutation, NEAR[mutation.area]))
if (unnoticed.length > 0) expectPass(ALL)
const survived = unnoticed.filter(mutation => !report(mutation, ALL))
for (const { area, file, what } of survived) console.log(`| ${area} | \`${file}\` | ${what} | **survived** |`)
console.log(
  `${chosen.length} breakages, ${chosen.length - survived.length} caught, ${survived.length} survived`,
)
process.exitCode = survived.length === 0 ? 0 : 1

/** @param {string[]} tests */
function expectPass(tests) {
  const failure = runTests(tests)
  if (failure !== null) throw new Error(`the unbroken copy fails: ${failure}`)
}

/** Prints what noticed the breakage; false for nothing. @param {Mutation} mutation @param {string[]} tests */
function report(mutation, tests) {
  const caughtBy = tryMutation(mutation, tests)
  if (caughtBy === null) return false
  console.log(`| ${mutation.area} | \`${mutation.file}\` | ${mutation.what} | ${caughtBy} |`)
  return true
}

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
  const results = join(copy, 'results.json')
  rmSync(results, { force: true })
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const options = ['run', '--reporter=json', `--outputFile=${results}`]
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
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'))
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

/** What fails with the breakage; null for nothing. @param {Mutation} mutation @param {string[]} tests */
function tryMutation({ file, from, to }, tests) {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  const count = text.split(from).length - 1
  if (count !== 1) throw new Error(`${file} has ${count} times, not once: ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  try {
    embed(file)
    return runTests(tests)
  } finally {
    writeFileSync(path, text)
    embed(file)
  }
}

/** Shaders and kernels reach the tests as generated modules. @param {string} file */
function embed(file) {
  const folder = dirname(file).split('/')[0]
  if (folder !== 'src') execFileSync(process.execPath, [`${folder}/embed.js`], { cwd: copy })
}
