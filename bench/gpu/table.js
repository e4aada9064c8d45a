// What was measured, in words.

const MIB = 2 ** 20

const ms = value => (Number.isFinite(value) ? value.toFixed(1) : 'not timed')
const mib = bytes => (bytes / MIB).toFixed(1)
const rate = value => (value === null || !Number.isFinite(value) ? 'not timed' : `${value.toFixed(1)} GB/s`)

/** Bytes that a kernel must move at least: its buffers once; an intersection also reads the words of its pairs. */
const movedBytes = ({ kernel, boundBytes }, { pairBytes }) =>
  kernel === 'intersect' ? Math.max(boundBytes, pairBytes) : boundBytes

export function tableOf({ adapter, processor, threads, masks, device, cpu, webgpu, metered }) {
  const { copyGBs, uploadGBs, readbackGBs } = device
  const kernels = metered.kernels.toSorted((one, other) => other.ms - one.ms)
  const lines = [
    `${adapter}; ${processor}, ${threads} threads`,
    `${masks} masks, ${metered.pairs} pairs`,
    '',
    `mask stage, CPU      ${ms(cpu.stageMs)} ms (whole run ${ms(cpu.wallMs)})`,
    `mask stage, WebGPU   ${ms(webgpu.stageMs)} ms (whole run ${ms(webgpu.wallMs)}), of which opening the device ${ms(webgpu.openMs)}`,
    `CPU / WebGPU         ${(cpu.stageMs / webgpu.stageMs).toFixed(2)}; once the device is open ${(cpu.stageMs / (webgpu.stageMs - webgpu.openMs)).toFixed(2)}`,
    '',
    `the device copies ${rate(copyGBs)} in its memory, takes ${rate(uploadGBs)}, gives back ${rate(readbackGBs)}`,
    `sent ${mib(metered.sentBytes)} MiB (${ms(metered.sentBytes / 1e6 / uploadGBs)} ms at that rate), received ${mib(metered.receivedBytes)} MiB (${ms(metered.receivedBytes / 1e6 / readbackGBs)} ms)`,
    '',
    'kernel          runs        ms       MiB   GB/s   of the copy',
    ...kernels.map(kernel => kernelLine(kernel, metered, copyGBs)),
    '',
  ]
  return lines.join('\n')
}

function kernelLine(kernel, metered, copyGBs) {
  const bytes = movedBytes(kernel, metered)
  const speed = bytes / 1e6 / kernel.ms
  const share = copyGBs === null ? '' : `${((100 * speed) / copyGBs).toFixed(0)} %`
  const cells = [ms(kernel.ms).padStart(10), mib(bytes).padStart(10), speed.toFixed(1).padStart(7)]
  return `${kernel.kernel.padEnd(14)}${String(kernel.runs).padStart(6)}${cells.join('')}${share.padStart(14)}`
}
