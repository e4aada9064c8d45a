// Measures this project and other tools on the same files: npm run bench. bench/README.md says what and how.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataSet } from './data.js'
import { growthChart, toolChart } from './run/charts.js'
import { contest } from './run/contest.js'
import { own, PEERS, peer } from './run/contestants.js'
import { commit, machine } from './run/machine.js'
import { method } from './run/measure.js'
import { installPeers } from './run/peers.js'
import { openResult } from './run/results.js'
import { entryTable, growthTable, stagesOf } from './run/table.js'
import { QUICK_TASKS, TARGETS, TASKS, titleOf } from './run/tasks.js'

const ROOT = join(import.meta.dirname, '..')
const USAGE = `usage: npm run bench -- [options]

  --targets LIST   ${TARGETS.join(',')} (default: all)
  --tasks PATTERN  only tasks whose name matches
  --runs N         at most N timed runs each (default: 5; slow ones have fewer)
  --peers LIST     other tools, or "none" (default: all; with --quick none)
  --quick          small data, to see that everything runs: says nothing about speed
  --slow           also what takes minutes or hours
  --prepare        install tools and make data, measure nothing
  --fresh          measure again what is known of this commit
  --no-install     take the tools as they are in the virtual environment
  --backend NAME   cpu (default), webgpu or auto: where our masks are intersected
  --timeout S      longest run (default: 150)
  --out, --data, --venv FOLDER   (default: bench/results, bench/data, .venv-peers)`

const { values } = parseArgs({
  allowNegative: true,
  options: {
    targets: { type: 'string' },
    tasks: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    peers: { type: 'string' },
    quick: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
    prepare: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    install: { type: 'boolean', default: true },
    backend: { type: 'string', default: 'cpu' },
    timeout: { type: 'string', default: '150' },
    out: { type: 'string', default: join(ROOT, 'bench/results') },
    data: { type: 'string', default: join(ROOT, 'bench/data') },
    venv: { type: 'string', default: join(ROOT, '.venv-peers') },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit()
}

const say = line => console.log(line)
const listed = (text, known, what) =>
  text.split(',').map(name => {
    if (!known.includes(name)) throw new Error(`${what}: expected some of ${known.join(', ')}, got ${name}`)
    return name
  })
const targets = values.targets ? listed(values.targets, TARGETS, '--targets') : TARGETS
const wantedPeers = values.peers ?? (values.quick ? 'none' : PEERS.join(','))
const peers = wantedPeers === 'none' ? [] : listed(wantedPeers, PEERS, '--peers')
const tasks = (values.quick ? QUICK_TASKS : TASKS).filter(
  ({ target, name }) => targets.includes(target) && new RegExp(values.tasks).test(name),
)

process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
const installed = installPeers(values.venv, peers, { install: values.install, say })
for (const [name, reason] of Object.entries(installed.failures)) say(`${name}: ${reason}`)
if (values.prepare) {
  for (const { data } of tasks) dataSet(values.data, data, say)
  process.exit()
}

const here = machine()
const head = {
  machine: here,
  commit: commit(ROOT),
  date: new Date().toISOString().slice(0, 10),
  method,
  backend: values.backend,
  versions: installed.versions,
}
const path = join(values.out, `${here.name}-${head.commit}${values.quick ? '-quick' : ''}.json`)
const { result, entryOf, save } = openResult(path, head, { fresh: values.fresh })
const scratch = mkdtempSync(join(tmpdir(), 'detscope-bench-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
const settings = {
  limits: {
    timeoutS: values.slow ? 36_000 : Number(values.timeout),
    // A machine that swaps or kills is of no use to anybody.
    memoryMiB: Math.floor((0.85 * process.availableMemory()) / 2 ** 20),
  },
  ...{ most: Number(values.runs), scratch, say, save },
}

const ours = own({ backend: values.backend })
const report = join(scratch, 'report')
const contestantsOf = {
  own: () => [{ ...ours, check: undefined }],
  report: () => [
    { ...ours, check: undefined },
    {
      ...own({ name: 'detscope --report', backend: values.backend, extra: ['--report', report] }),
      check: undefined,
    },
  ],
  peers: leftOut => [ours, ...peers.filter(name => !leftOut[name]).map(name => peer(name, installed.python))],
}

for (const { data, who, leftOut: reasons = {}, ...task } of tasks) {
  const files = dataSet(values.data, data, say)
  const bytes = { gt: files.bytes.gt, dt: files.bytes[task.file] }
  const entry = entryOf({ ...task, data, bytes, most: settings.most })
  const hard = Object.entries(reasons).filter(([, reason]) => !values.slow || !reason.startsWith('left out'))
  const leftOut = who === 'peers' ? { ...Object.fromEntries(hard), ...installed.failures } : {}
  if (!entry.done) {
    say(`\n${task.target}: ${titleOf(entry)}`)
    const contestants = contestantsOf[who](leftOut)
    await contest({ ...task, gt: files.gt, dt: files[task.file], contestants, leftOut }, entry, settings)
  }
}

for (const entry of result.entries.filter(({ target }) => target !== 'growth')) {
  say(`\n${entryTable(entry)}`)
  for (const [name, record] of Object.entries(entry.tools)) {
    const stages = Object.entries(stagesOf(record)).map(
      ([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`,
    )
    if (stages.length > 0) say(`  stages of ${name}: ${stages.join(', ')} s`)
  }
}
const growth = result.entries.filter(({ target }) => target === 'growth')
if (growth.length > 0) say(`\nGrowth\n${growthTable(growth)}`)
result.charts = []
for (const [kind, svg] of [
  ['tools', toolChart(result.entries)],
  ['growth', growthChart(result.entries)],
]) {
  if (!svg) continue
  const chart = path.replace(/\.json$/, `-${kind}.svg`)
  writeFileSync(chart, svg)
  result.charts.push(basename(chart))
}
save()
say(`\n${path}`)
