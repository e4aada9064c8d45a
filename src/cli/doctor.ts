import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { describeAdapter, isSoftwareAdapter } from '../backends/webgpu/adapter.js'
import { type SelfCheck, selfCheck } from '../backends/webgpu/self-check.js'
import { DeviceError } from '../errors.js'
import { openDawn } from '../node/dawn.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'
import { packageVersion } from './version.js'

/** Limits that decide how work is cut into batches. */
const LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupsPerDimension'] as const

/** An adapter that gave a device, and what the self-check found. */
interface Finding {
  name: string
  software: boolean
  limits: Record<(typeof LIMITS)[number], number>
  check: SelfCheck
}

/**
 * Shows what this machine offers. Fails when a GPU is there and does not agree with the CPU; a machine without a GPU
 * is no failure, as the CPU gives the same numbers.
 */
export const runDoctor = (io: Io): Promise<void> =>
  interruptible(async () => {
    io.out.write(versionLines().join('\n'))
    const gpu = await examine(false)
    io.out.write(`\n\n${gpuLines(gpu).join('\n')}\n`)
    const software = 'missing' in gpu || !gpu.software ? await examine(true) : gpu
    if ('name' in software && software.software) io.out.write(`\n${softwareLines(software).join('\n')}\n`)
    const wrong = [gpu, software].find(found => 'check' in found && found.check.differences.length > 0)
    if (wrong && 'name' in wrong)
      throw new Error(
        `${wrong.name} disagrees with the CPU; use --backend cpu, and please report this machine`,
      )
  })

function versionLines(): string[] {
  return [
    row('detscope', packageVersion()),
    row(
      'Node',
      `${process.versions.node} on ${process.platform} ${process.arch}, ${availableParallelism()} cores`,
    ),
    row('webgpu', webgpuVersion()),
  ]
}

/** Version of the optional package, which brings Dawn. */
function webgpuVersion(): string {
  try {
    const path = createRequire(import.meta.url).resolve('webgpu/package.json')
    return JSON.parse(readFileSync(path, 'utf8')).version
  } catch {
    return 'not installed (npm install webgpu)'
  }
}

/** Opens the best adapter and compares it with the CPU. */
async function examine(software: boolean): Promise<Finding | { missing: string }> {
  let device: GPUDevice | undefined
  const onDevice = (opened: GPUDevice): void => {
    device = opened
  }
  try {
    const opened = await openDawn({ software, onDevice })
    if ('missing' in opened) return opened
    const { backend } = opened
    if (!device) throw new DeviceError('lost', 'no device')
    const { limits, adapterInfo } = device
    try {
      const found = Object.fromEntries(LIMITS.map(name => [name, limits[name]])) as Finding['limits']
      const check = await selfCheck(backend)
      return {
        name: describeAdapter(adapterInfo),
        software: isSoftwareAdapter(adapterInfo),
        limits: found,
        check,
      }
    } finally {
      backend.close()
    }
  } catch (error) {
    if (error instanceof DeviceError) return { missing: error.message }
    throw error
  }
}

function gpuLines(gpu: Finding | { missing: string }): string[] {
  if ('missing' in gpu)
    return [
      row('GPU', `none: ${gpu.missing}`),
      row('', 'Masks are intersected on the CPU. The numbers are the same.'),
    ]
  return [
    row('GPU', gpu.name),
    ...detailLines(gpu),
    row('', 'Taken by --backend auto (the default) and webgpu.'),
  ]
}

const softwareLines = (software: Finding): string[] => [
  row('Software', software.name),
  ...detailLines(software),
  row('', 'Runs on the processor, for tests: taken by --backend webgpu only, and slower than --backend cpu.'),
]

function detailLines({ limits, check }: Finding): string[] {
  const agreed = check.differences.length === 0
  const counts = `${check.masks} masks and ${check.pairs} pairs`
  return [
    row('', limitWords(limits)),
    row('', agreed ? `Agrees with the CPU on ${counts}.` : `DIFFERS from the CPU on ${counts}:`),
    ...check.differences.map(difference => row('', `  ${difference}`)),
  ]
}

const limitWords = (limits: Finding['limits']): string =>
  `Buffers up to ${gibibytes(limits.maxBufferSize)} GiB, bindings up to ` +
  `${gibibytes(limits.maxStorageBufferBindingSize)} GiB, ` +
  `${limits.maxComputeWorkgroupsPerDimension} workgroups a dimension.`

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)

const row = (label: string, text: string): string => `${label.padEnd(10)}${text}`
