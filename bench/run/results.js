// The result of a run: one JSON file, written anew after every measurement, so that a run that was stopped keeps what it
// has and the next one goes on from there.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export const SCHEMA = 1

/**
 * Opens the result at `path`, or begins one.
 *
 * @param head What holds for all of it: machine, commit, tools, date
 * @param fresh Whether to forget what is there
 */
export function openResult(path, head, { fresh = false } = {}) {
  const before = !fresh && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
  const goesOn = before?.schema === SCHEMA && agree(before.versions, head.versions)
  const versions = goesOn ? { ...before.versions, ...head.versions } : head.versions
  const result = { schema: SCHEMA, ...head, versions, entries: goesOn ? before.entries : [] }
  return {
    result,
    /** The entry of a task: what is known of it if its parameters are the same, else an empty one. */
    entryOf(description) {
      const { target, name } = description
      const at = result.entries.findIndex(entry => entry.target === target && entry.name === name)
      const same =
        at >= 0 && JSON.stringify(pick(result.entries[at], description)) === JSON.stringify(description)
      if (same) return result.entries[at]
      const entry = { ...description }
      if (at >= 0) result.entries[at] = entry
      else result.entries.push(entry)
      return entry
    },
    save() {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.part`, `${JSON.stringify(result, null, 1)}\n`)
      renameSync(`${path}.part`, path)
    },
  }
}

/** Whether no tool has two versions. Runs against other tools add to one result. */
const agree = (known, versions) =>
  Object.keys(versions).every(tool => known[tool] === undefined || known[tool] === versions[tool])

const pick = (entry, like) => Object.fromEntries(Object.keys(like).map(key => [key, entry[key]]))
