// @ts-check
/**
 * Builds the command into dist/cli/ in few files: to load a hundred modules takes as long as half of a run on COCO's
 * validation set. What only some commands need stays apart, and is loaded by them.
 */
import { join } from 'node:path'
import { defineConfig } from 'vite'

const src = join(import.meta.dirname, '..')

/** Commander starts no programs here, and node:child_process takes as long to load as all of Commander. */
const NOTHING = '\0nothing'
const withoutPrograms = {
  name: 'without-programs',
  /** @type {(id: string, importer?: string) => string | undefined} */
  resolveId: (id, importer) =>
    id === 'node:child_process' && importer?.includes('/commander/') ? NOTHING : undefined,
  /** @type {(id: string) => string | undefined} */
  load: id => (id === NOTHING ? 'export {}' : undefined),
}

export default defineConfig({
  root: src,
  logLevel: 'warn',
  plugins: [{ ...withoutPrograms, enforce: 'pre' }],
  ssr: {
    noExternal: ['commander', 'yocto-spinner', 'yoctocolors'],
    // The library needs them as well.
    external: ['@jsquash/jpeg', 'pngjs', 'webgpu'],
  },
  build: {
    ssr: true,
    outDir: join(src, '../dist/cli'),
    emptyOutDir: true,
    target: 'node20',
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: { main: join(src, 'cli/main.ts'), worker: join(src, 'node/worker.ts') },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        // Without comments, but with the names that a stack trace shows.
        minify: { compress: false, mangle: false },
        codeSplitting: {
          groups: [
            { name: 'base', test: /src\/(errors\.ts|data\/.*)$/, priority: 3 },
            { name: 'main', test: /src\/cli\/main\.ts$/, priority: 2 },
            // What a thread loads as well.
            { name: 'work', test: /src\/(thread-work|node\/ranges)\.ts$/, priority: 1 },
            { name: 'eval', test: /src\/cli\/eval\.ts$/ },
          ],
        },
      },
    },
  },
})
