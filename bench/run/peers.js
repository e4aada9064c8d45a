// The virtual environment with the other tools.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { python } from './measure.js'

/**
 * Installs each tool at its newest version, one by one, so that one that fails does not take the others with it.
 *
 * @returns { python, versions: { name: version }, failures: { name: reason } }
 */
export function installPeers(venv, names, { install = true, say = () => {} } = {}) {
  if (names.length === 0) return { versions: {}, failures: {} }
  if (!python) return failing(names, 'no Python 3.9 or later')
  const own = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (!existsSync(own) && install) {
    say('making a virtual environment')
    const made = spawnSync(python, ['-m', 'venv', venv], { encoding: 'utf8' })
    if (made.status !== 0) return failing(names, `no virtual environment: ${lastLine(made)}`)
  }
  if (!existsSync(own)) return failing(names, 'no virtual environment')
  const failures = {}
  for (const name of names.filter(() => install)) {
    say(`installing ${name}`)
    const args = ['-m', 'pip', 'install', '--quiet', '--upgrade', '--disable-pip-version-check', name]
    const done = spawnSync(own, args, { encoding: 'utf8' })
    if (done.status !== 0) failures[name] = `cannot be installed: ${lastLine(done)}`
  }
  const versions = versionsOf(own, names)
  for (const name of names) if (!versions[name]) failures[name] ??= 'not installed'
  return { python: own, versions, failures }
}

const failing = (names, reason) => ({
  versions: {},
  failures: Object.fromEntries(names.map(name => [name, reason])),
})

const lastLine = ({ stderr, error }) => (stderr || String(error)).trim().split('\n').at(-1)

/** Versions of the tools that are there, of NumPy, which most of them use, and of Python. */
function versionsOf(python, names) {
  const program = [
    'import importlib.metadata as m, json, platform, sys',
    'found = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in m.distributions()}',
    'asked = {n: found[n] for n in sys.argv[1:] if n in found}',
    'print(json.dumps({**asked, "python": platform.python_version()}))',
  ].join('\n')
  return JSON.parse(execFileSync(python, ['-c', program, ...names, 'numpy'], { encoding: 'utf8' }))
}
