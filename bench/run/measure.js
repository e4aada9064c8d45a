import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const MEASURE = join(import.meta.dirname, 'measure.py')
const OWN_USAGE = join(import.meta.dirname, 'own-usage.js')

/** The Python that starts and watches the measured processes; undefined where there is none. */
export const python = ['python3', 'python'].find(
  name => spawnSync(name, ['-c', 'import sys; assert sys.version_info >= (3, 9)']).status === 0,
)

/** How times and memory are taken, for the reader of a result. */
export const method = python
  ? 'the kernel’s account of the whole process (wait4), from outside'
  : 'wall time from outside, the rest by the process itself at its end (no Python here)'

/**
 * Runs one command as a process of its own.
 *
 * @param command The program and its arguments
 * @param limits { timeoutS, memoryMiB }: where the process is killed
 * @returns { ok, stdout, failure, wallS, cpuS, peakMiB }: `failure` says why, in a line, when `ok` is false
 */
export async function measure(command, limits, environment = {}) {
  const [program, ...args] = command
  const watched = python
    ? [python, MEASURE, String(limits.timeoutS), String(limits.memoryMiB), ...command]
    : [program, '--import', OWN_USAGE, ...args]
  const fromMs = performance.now()
  const child = spawn(watched[0], watched.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    timeout: python ? undefined : limits.timeoutS * 1000,
  })
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  const [stdout, stderr, account] = [1, 2, 3].map(i => textOf(child.stdio[i]))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', stop)
  const wallS = (performance.now() - fromMs) / 1000
  const said = account().trim()
  const usage = { status: code, killed: null, wallS, ...(said ? JSON.parse(said) : {}) }
  const { status, killed, ...times } = usage
  const ok = code === 0 && status === 0
  return { ok, stdout: stdout(), failure: ok ? undefined : (killed ?? lastLine(stderr(), status)), ...times }
}

/** Collects a stream; the function returned gives the text so far. */
function textOf(stream) {
  const parts = []
  stream.on('data', part => parts.push(part))
  return () => Buffer.concat(parts).toString()
}

const lastLine = (text, status) => text.trim().split('\n').at(-1) || `ended with status ${status}`
