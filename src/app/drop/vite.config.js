// @ts-check
/**
 * Builds the app into dist/app: a folder of static files with relative addresses, for any web server and any path. The
 * page, the worker that evaluates and the threads of its pool are files of their own. Beside them stands dist/page.html, the
 * built report into which saved reports are put. `vite --config` of this file serves the sources to develop.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { offline } from '../offline/vite-offline.js'

const root = join(import.meta.dirname, '../../..')
const dist = join(root, 'dist')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What gives pages shared memory between threads. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** @param {string} id */
const outsideOfNode = id => (id.startsWith('node:') ? { id, external: true } : undefined)

/** The page of a report; its digest in its name keeps versions of the app apart. */
const page = join(dist, 'page.html')
const digest = createHash('sha256').update(readFileSync(page)).digest('base64url').slice(0, 8)
const pageName = `assets/page-${digest}.html`

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: join(import.meta.dirname, '../offline/public'),
  logLevel: 'warn',
  define: { __DETSCOPE_VERSION__: JSON.stringify(version), __DETSCOPE_PAGE__: JSON.stringify(pageName) },
  build: {
    outDir: join(dist, 'app'),
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() stays as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    // Time is told where it is asked for.
    rolldownOptions: { checks: { pluginTimings: false } },
    // Data addresses would need a wider policy than files of one's own.
    assetsInlineLimit: 0,
  },
  // unzipit asks Node for threads, and no browser.
  worker: { format: 'es', plugins: () => [{ name: 'no-node', enforce: 'pre', resolveId: outsideOfNode }] },
  // Found in the worker only when it starts, they would load the page anew in the midst of its work.
  optimizeDeps: { include: ['@noble/hashes/sha2.js', '@noble/hashes/utils.js', 'fflate', 'unzipit'] },
  server: { headers: ISOLATED, fs: { allow: [root] } },
  preview: { headers: ISOLATED },
  plugins: [
    offline(),
    {
      name: 'report-page',
      closeBundle: () => copyFileSync(page, join(dist, 'app', pageName)),
      configureServer: server => {
        server.middlewares.use(`/${pageName}`, (_, response) => {
          response.setHeader('content-type', 'text/html').end(readFileSync(page))
        })
      },
    },
  ],
})
