// Who is measured, and by which command. A contestant has
//   run(task)            the command that is timed
//   check(task, folder)  the command that also leaves its arrays in a folder
//   checkCounts          whether that one does the same work, so that its time may stand for a slow tool's
//   answer(stdout)       what a run found, to be compared with the check: see below

import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const CLI = join(ROOT, 'bin/detscope.js')

export const PEERS = ['pycocotools', 'faster-coco-eval', 'hotcoco', 'ultrafast-pycocotools', 'vernier']

/** This project's own command line, as its users call it. `extra` are further options. */
export const own = ({ name = 'detscope', extra = [], backend = 'cpu' } = {}) => ({
  name,
  checkCounts: false,
  run: task => [
    process.execPath,
    CLI,
    ...['eval', '--gt', task.gt, '--dt', task.dt, '--iou-type', task.iouType, '--backend', backend],
    ...(task.maxDets ? ['--max-dets', task.maxDets.join(',')] : []),
    ...(task.threads ? ['--threads', String(task.threads)] : []),
    ...extra,
  ],
  check: (task, folder) => [
    process.execPath,
    join(import.meta.dirname, 'check.js'),
    ...[task.gt, task.dt, task.iouType, folder],
    ...(task.maxDets ? [task.maxDets.join(',')] : []),
  ],
  answer: stdout => numbersOf(stdout),
  stages: stagesOf,
})

/** A tool of the virtual environment. */
export const peer = (name, python) => {
  const run = task => [
    python,
    join(import.meta.dirname, 'peer.py'),
    ...[name, task.gt, task.dt, task.iouType],
    ...(task.maxDets ? ['--max-dets', task.maxDets.join(',')] : []),
    ...(task.threads ? ['--threads', String(task.threads)] : []),
  ]
  return {
    name,
    // Its arrays come by another way than its fastest.
    checkCounts: name !== 'vernier',
    run,
    check: (task, folder) => [...run(task), '--arrays', folder],
    answer: stdout => statsOf(stdout),
  }
}

/** The twelve numbers at full precision: the last line of check.js and peer.py. */
export const statsOf = stdout => JSON.parse(stdout.trim().split('\n').at(-1)).stats

/** The numbers of the twelve lines, with three digits. */
const numbersOf = stdout =>
  stdout
    .split('\n')
    .filter(line => line.startsWith(' Average'))
    .slice(0, 12)
    .map(line => Number(line.split(' = ').at(-1)))

/** Seconds of each stage, from the line "Time      read 0.08 s, link 0.03 s; in all 0.24 s". */
function stagesOf(stdout) {
  const line = stdout.split('\n').find(line => line.startsWith('Time '))
  const stages = [...(line ?? '').matchAll(/([a-z]+(?: [a-z]+)*) (\d+(?:\.\d+)?) s/g)]
  return Object.fromEntries(stages.map(([, stage, seconds]) => [stage, Number(seconds)]))
}

/** Whether two answers agree as far as both show them: the command line prints three digits. */
export const sameAnswer = (a, b) =>
  a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) <= 0.000_500_1)
