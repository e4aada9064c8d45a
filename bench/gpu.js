// Times the mask stage (decode, rasterise, intersect, transfers included) on a GPU against this project's own CPU path
// on all cores, each run a process of its own, and checks that both find the same. Then, in a run that is measured by
// timestamp queries: the time of each kernel, the bytes of its buffers against what the device can move, uploads and
// readbacks. Prints a table, or JSON with --json.
//
//   npm run build
//   node bench/gpu.js --gt data/gt.json --dt data/dt_segm.json [--max-dets 2000] [--runs 5] [--software] [--json]

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs, promisify } from 'node:util'
import { create } from 'webgpu'
import { describeAdapter, requestAdapter } from '../dist/backends/webgpu/adapter.js'
import { createWebGpuBackend } from '../dist/backends/webgpu/backend.js'
import { evaluate } from '../dist/evaluate.js'
import { fileSource } from '../dist/node/files.js'
import { createPool } from '../dist/node/pool.js'
import { measureDevice } from './gpu/device.js'
import { meterOf } from './gpu/meter.js'
import { tableOf } from './gpu/table.js'

const OPTIONS = {
  gt: { type: 'string' },
  dt: { type: 'string' },
  'max-dets': { type: 'string', default: '100' },
  runs: { type: 'string', default: '5' },
  software: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  child: { type: 'string' },
}

const { values } = parseArgs({ options: OPTIONS })

const median = numbers => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]

/** What create() gave: a device works only as long as that is held. */
let dawn = null

/** Dawn, whose times are exact only where it is told not to round them to 0.1 ms. */
async function openAdapter() {
  dawn = create(['disable-dawn-features=timestamp_quantization'])
  const adapter = await requestAdapter(dawn, { software: values.software })
  if (!adapter) throw new Error('no GPU adapter was found; --software takes one that runs on the processor')
  return adapter
}

/** One evaluation in this process: ms of its stages, and a digest of all that it finds. */
async function evaluateOnce(how) {
  const fromMs = performance.now()
  const maxDets = [1, 10, Number(values['max-dets'])]
  const pool = createPool(0)
  const meter = how === 'metered' ? meterOf() : null
  let openMs = 0
  const open = async () => {
    if (how === 'cpu') return 'cpu'
    const openFromMs = performance.now()
    const adapter = await openAdapter()
    const backend = await createWebGpuBackend(adapter, meter ? { meter: meter.device } : {})
    openMs = performance.now() - openFromMs
    return meter ? meter.watch(backend) : backend
  }
  try {
    const found = await evaluate(fileSource(values.gt), fileSource(values.dt), {
      iouType: 'segm',
      maxDets,
      pool,
      backend: open,
    })
    const { precision, recall, scores } = found.coco
    const digest = createHash('sha256')
    for (const column of [precision, recall, scores, found.gtMaskAreas, found.dtMaskAreas])
      digest.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    return {
      digest: digest.digest('hex'),
      wallMs: performance.now() - fromMs,
      stageMs: found.timingsMs.intersect,
      openMs,
      use: found.backend,
      masks: found.gtMaskAreas.length + found.dtMaskAreas.length,
      pairs: found.overlaps.gts.length,
      metered: meter?.totals() ?? null,
    }
  } finally {
    await pool.close()
  }
}

async function inChild(how) {
  const given = ['--gt', values.gt, '--dt', values.dt, '--max-dets', values['max-dets']]
  const more = values.software ? ['--software'] : []
  const args = [import.meta.filename, ...given, ...more, '--child', how]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 })
  const result = JSON.parse(stdout)
  const kind = how === 'cpu' ? 'cpu' : 'webgpu'
  if (result.use.kind !== kind || result.use.fallback)
    throw new Error(`${how}: the masks ran on ${result.use.kind}: ${result.use.fallback ?? 'no reason'}`)
  return result
}

async function compare() {
  const adapter = await openAdapter()
  const device = await measureDevice(adapter)
  const runs = { cpu: [], webgpu: [] }
  for (let i = 0; i < Number(values.runs); i++) {
    for (const how of ['cpu', 'webgpu']) runs[how].push(await inChild(how))
  }
  const metered = await inChild('metered')
  const all = [...runs.cpu, ...runs.webgpu, metered]
  if (new Set(all.map(({ digest }) => digest)).size !== 1) throw new Error('CPU and GPU differ')
  const [first] = all
  return {
    adapter: describeAdapter(adapter.info),
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    node: process.versions.node,
    files: { gt: values.gt, dt: values.dt },
    masks: first.masks,
    pairs: first.pairs,
    device,
    cpu: summary(runs.cpu),
    webgpu: { ...summary(runs.webgpu), openMs: median(runs.webgpu.map(run => run.openMs)) },
    metered: metered.metered,
  }
}

const summary = runs => ({
  stageMs: median(runs.map(run => run.stageMs)),
  wallMs: median(runs.map(run => run.wallMs)),
  runs: runs.map(({ stageMs, wallMs, openMs }) => ({ stageMs, wallMs, openMs })),
})

if (values.child) process.stdout.write(JSON.stringify(await evaluateOnce(values.child)))
else if (!values.gt || !values.dt) fail('expected --gt FILE --dt FILE')
else {
  const result = await compare().catch(error => fail(error.message))
  if (result) process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : tableOf(result))
}

function fail(message) {
  console.error(`bench/gpu.js: ${message}`)
  process.exitCode = 1
}
