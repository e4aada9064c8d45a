// Measures one task: every contestant's result is checked first, then they run in turn. What is known is kept in
// `entry`, part by part, so that a run that was stopped goes on where it was.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sameAnswer, statsOf } from './contestants.js'
import { compare, verdictText } from './equality.js'
import { measure } from './measure.js'

/**
 * @param task { title, gt, dt, iouType, maxDets?, threads?, contestants, leftOut: { name: reason } }
 * @param entry What is known: { tools: { name: { runs, check?, stats?, equality?, failure? } } }
 * @param settings { limits, most, scratch, say, save }: `most` is the ceiling of runs, `save()` keeps what is known
 */
export async function contest(task, entry, settings) {
  entry.tools ??= {}
  for (const { name } of task.contestants) entry.tools[name] ??= { runs: [] }
  for (const [name, reason] of Object.entries(task.leftOut ?? {}))
    entry.tools[name] ??= { runs: [], leftOut: reason }
  await checkAll(task, entry, settings)
  await timeAll(task, entry, settings)
  entry.done = true
  settings.save()
}

async function checkAll(task, entry, settings) {
  const open = task.contestants.filter(({ name, check }) => {
    const record = entry.tools[name]
    return check && !record.check && !record.failure
  })
  if (open.length === 0) return
  // Arrays are kept only until they are compared; ours come first, to compare the others with.
  const [first, ...others] = task.contestants
  const ours = await check(first, task, entry.tools[first.name], settings)
  settings.save()
  for (const contestant of others.filter(other => open.includes(other))) {
    const record = entry.tools[contestant.name]
    const theirs = await check(contestant, task, record, settings)
    if (ours && theirs) {
      record.equality = compare(ours, theirs, { stats: task.maxDets === undefined })
      settings.say(`  ${contestant.name}: ${verdictText(record.equality)}`)
    }
    if (theirs) rmSync(theirs.folder, { recursive: true })
    settings.save()
  }
  if (ours) rmSync(ours.folder, { recursive: true })
}

/** Runs a contestant with its arrays; gives its stats and their folder, or undefined where it failed. */
async function check(contestant, task, record, { limits, scratch, say }) {
  const folder = join(scratch, contestant.name)
  mkdirSync(folder, { recursive: true })
  const { ok, stdout, failure, ...times } = await measure(contestant.check(task, folder), limits)
  if (!ok) {
    record.failure = failure
    say(`  ${contestant.name}: failed: ${failure}`)
    rmSync(folder, { recursive: true })
    return undefined
  }
  record.check = timesOf(times)
  record.stats = statsOf(stdout)
  say(`  ${contestant.name}: checked in ${times.wallS.toFixed(2)} s`)
  return { stats: record.stats, folder }
}

/** Rounds in which each runs once, forwards and backwards in turn, until each has its number of runs. */
async function timeAll(task, entry, settings) {
  for (let round = 0; ; round++) {
    const due = task.contestants.filter(contestant => {
      const record = entry.tools[contestant.name]
      const runs = wanted(contestant, record, settings.most)
      return !record.failure && record.runs.length < runs
    })
    if (due.length === 0) return
    for (const contestant of round % 2 ? due.reverse() : due) {
      await timeOnce(contestant, task, entry.tools[contestant.name], settings)
      settings.save()
    }
  }
}

async function timeOnce(contestant, task, record, { limits, say }) {
  const { ok, stdout, failure, ...times } = await measure(contestant.run(task), limits)
  if (!ok) {
    record.failure = failure
    return say(`  ${contestant.name}: failed: ${failure}`)
  }
  const answer = contestant.answer(stdout)
  record.stats ??= answer
  if (!sameAnswer(answer, record.stats)) {
    record.failure = 'a timed run found other numbers than the check'
    return say(`  ${contestant.name}: failed: ${record.failure}`)
  }
  record.runs.push({ ...timesOf(times), ...(contestant.stages && { stages: contestant.stages(stdout) }) })
  say(
    `  ${contestant.name}: ${times.wallS.toFixed(2)} s, CPU ${times.cpuS.toFixed(2)} s, ${times.peakMiB} MiB`,
  )
}

const timesOf = ({ wallS, cpuS, peakMiB }) => ({ wallS, cpuS, peakMiB })

/** How often a contestant is timed: the slower, the less often. Where its check did the same work, that counts. */
function wanted(contestant, record, most) {
  const { wallS } = record.check ?? record.runs[0] ?? { wallS: 0 }
  const runs = wallS < 3 ? 5 : wallS < 10 ? 3 : wallS < 25 ? 2 : 1
  const counts = contestant.checkCounts && runs <= 2 && record.check
  if (counts && record.runs.length === 0) record.runs.push({ ...record.check, fromCheck: true })
  return Math.min(runs, most)
}
