// @ts-check
/** Makes a build work offline: adds sw.js, which knows all files of the built folder by name and digest. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

const WORKER = 'sw.js'
const FIRST_LINE = /^globalThis\.DETSCOPE_BUILD=.*\n/

/**
 * A plugin for a build whose files have their digest in their names, but for index.html.
 * @returns {import('vite').Plugin}
 */
export function offline() {
  let folder = ''
  return {
    name: 'offline',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: join(import.meta.dirname, 'service-worker.ts'), fileName: WORKER })
    },
    // Last of all: other plugins add files as well.
    closeBundle: { order: 'post', sequential: true, handler: () => listFiles(folder) },
  }
}

/**
 * Writes the names and digests of all files of `folder` into its service worker.
 * @param {string} folder
 */
export function listFiles(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(name => name !== WORKER)
    .sort()
  const files = names.map(name => [name, `sha256-${digest(readFileSync(join(folder, name)))}`])
  const policy = policyOf(readFileSync(join(folder, 'index.html'), 'utf8'))
  const build = { version: digest(Buffer.from(JSON.stringify(files))), files, policy }
  const path = join(folder, WORKER)
  const code = readFileSync(path, 'utf8').replace(FIRST_LINE, '')
  writeFileSync(path, `globalThis.DETSCOPE_BUILD=${JSON.stringify(build)}\n${code}`)
}

/** @param {string} page */
function policyOf(page) {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page) ?? []
  if (!policy) throw new Error('the page states no Content-Security-Policy')
  return policy
}

/** @param {Buffer} bytes */
const digest = bytes => createHash('sha256').update(bytes).digest('base64')
