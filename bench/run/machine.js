// Where a result was measured, without names of hosts or people.

import { execFileSync } from 'node:child_process'
import os from 'node:os'

export function machine() {
  const cpu =
    os
      .cpus()[0]
      ?.model.replace(/\((R|TM)\)/gi, '')
      .replace(/\s+/g, ' ')
      .trim() ?? 'unknown'
  const cores = os.availableParallelism()
  return {
    name: `${cores}x-${cpu
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}`,
    cpu,
    cores,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release().split('-')[0]} ${os.arch()}`,
    node: process.version,
  }
}

/** The commit that is measured, "-dirty" behind it where tracked files differ from it. */
export function commit(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const dirty = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('rev-parse', '--short=8', 'HEAD') + (dirty ? '-dirty' : '')
  } catch {
    return 'unknown'
  }
}
