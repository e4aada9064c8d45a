import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './source-files.js'

/** In the place of npm: "ci" succeeds, and "test" leaves REPORT as vitest's report and exits with STATUS. */
const STUB = `#!/usr/bin/env bash
[ "$1" = ci ] && exit 0
[ "$1" = test ] || exit 99
for argument in "$@"; do
  case "$argument" in --outputFile.json=*) [ -n "$REPORT" ] && echo "$REPORT" > "\${argument#*=}" ;; esac
done
exit "$STATUS"
`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'detscope-ci-'))
  writeFileSync(join(folder, 'npm'), STUB)
  chmodSync(join(folder, 'npm'), 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

const report = (passed: number, failed: number, skipped: number): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped })

test.each([
  ['all is well', 0, report(7, 0, 2), '2 skipped\n7 passed, 0 failed\n'],
  ['tests fail', 1, report(7, 3, 0), '7 passed, 3 failed\n'],
  [
    'a file cannot be loaded',
    1,
    report(7, 0, 0),
    'A test file could not run; see above.\n7 passed, 1 failed\n',
  ],
  [
    'the build fails',
    2,
    '',
    'Installing, building or checking failed before any test ran.\n0 passed, 1 failed\n',
  ],
])('.ci/run ends with the count: %s', (_, status, text, output) => {
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    REPORT: text,
    STATUS: String(status),
  }
  const result = spawnSync(join(root, '.ci/run'), { env, encoding: 'utf8' })
  expect({ status: result.status, output: result.stdout }).toEqual({ status, output })
})
