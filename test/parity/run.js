// @ts-check
/**
 * The live comparison with the reference tool: `npm run parity`. Generates small adversarial data sets,
 * evaluates each with both tools and compares every number by its bits. A difference is made smaller, kept as
 * a folder under test/golden/, and ends the run with exit code 1. With --shapes N masks are compared one by one.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCpuBackend } from './built.js'
import { DatasetComparison } from './datasets.js'
import { compareLarge } from './large.js'
import { Reference } from './reference.js'
import { compareShapes } from './shapes.js'

const { values: args } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** Start of the stream: `--from 1234 --count 1` repeats one data set. */
    from: { type: 'string', default: '0' },
    /** bbox or segm. */
    only: { type: 'string' },
    /** cpu, plain (without WebAssembly) or webgpu, which takes software adapters too. */
    backend: { type: 'string', default: 'cpu' },
    /** Masks, one by one. */
    shapes: { type: 'string' },
    /** Data sets of some 10 MB, read from files by several threads. */
    large: { type: 'string' },
    keep: { type: 'string', default: join(import.meta.dirname, '../golden') },
  },
})

// Kernels are compiled at their first use: without this none of them is.
if (args.backend === 'plain') Reflect.deleteProperty(globalThis, 'WebAssembly')
const backend =
  args.backend === 'webgpu'
    ? await (await import('./webgpu.js')).openWebGpu()
    : createCpuBackend({ kernel: args.backend !== 'plain' })
const reference = new Reference()
const tool = await reference.versions()
console.log(
  `reference: ${Object.values(tool).join(', ')}; node ${process.version}; backend ${args.backend} (${backend.name})`,
)
const seed = Number(args.seed)
const isEqual = await run()
reference.close()
backend.close()
process.exitCode = isEqual ? 0 : 1

function run() {
  if (args.shapes) return compareShapes(reference, backend, Number(args.shapes), seed)
  if (args.large) return compareLarge(reference, Number(args.large), seed)
  const fixed = args.only ? { segm: args.only === 'segm' } : {}
  const plan = { count: Number(args.count), seed, from: Number(args.from), fixed, keep: args.keep }
  return new DatasetComparison(reference, backend).run(plan)
}
