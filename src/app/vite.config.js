// @ts-check
/** Builds the report's page into dist/page.html: one file without addresses, into which a report puts its data. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

const dist = join(import.meta.dirname, '../../dist')

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  build: {
    outDir: dist,
    // tsc writes there too.
    emptyOutDir: false,
    target: 'es2022',
    // light-dark() stays as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    reportCompressedSize: false,
  },
  plugins: [
    viteSingleFile({ removeViteModuleLoader: true }),
    {
      name: 'page-name',
      closeBundle: () => renameSync(join(dist, 'index.html'), join(dist, 'page.html')),
    },
  ],
})
