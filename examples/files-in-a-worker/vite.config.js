// @ts-check
import { defineConfig } from 'vite'

/** With these headers threads share memory; without them everything works too, and each thread gets its copy. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  base: './',
  // The evaluator's module starts workers from files beside it, which pre-bundling would move away.
  optimizeDeps: { exclude: ['detscope'] },
  worker: { format: 'es' },
  server: { headers },
  preview: { headers },
})
