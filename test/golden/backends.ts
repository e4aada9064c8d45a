import { isAvailable, type TestBackend, testBackends } from '../support/backends.js'

/** The backends that can be had here. The browser has its own suite; these tests drive what lies above the seam. */
export const availableBackends: TestBackend[] = []
for (const backend of testBackends) {
  if (!backend.name.includes('Chromium') && (await isAvailable(backend))) availableBackends.push(backend)
}
