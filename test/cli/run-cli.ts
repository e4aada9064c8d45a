import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const bin = join(root, 'bin/detscope.js')

export interface CliResult {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

export interface CliOptions {
  cwd?: string
  env?: Record<string, string>
  /** Called with what was printed so far on stderr, to send signals at the right moment. */
  onStart?: (child: ReturnType<typeof spawn>) => void
}

const newestIn = (folder: string, extension: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith(extension))
      .map(name => statSync(join(folder, name)).mtimeMs),
  )

/** The command runs from dist/: tests of stale code would prove nothing. */
function checkBuild(): void {
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false })
  if (!built || newestIn(join(root, 'src'), '.ts') > newestIn(join(root, 'dist'), '.js'))
    throw new Error('dist/ is missing or older than src/: run "npm run build" first')
}
checkBuild()

/** Runs `detscope` with `args` in a process of its own, without a terminal. */
export function detscope(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...process.env, DETSCOPE_DEBUG: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result: CliResult = { code: null, signal: null, out: '', err: '' }
  child.stdout.on('data', chunk => {
    result.out += chunk
  })
  child.stderr.on('data', chunk => {
    result.err += chunk
  })
  options.onStart?.(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ ...result, code, signal }))
  })
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'detscope-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** One 100 x 100 image; one category; a ground truth of 50 x 50 px and a detection that is equal to it. */
export const groundTruth = {
  images: [{ id: 1, width: 100, height: 100, file_name: 'a.png' }],
  categories: [{ id: 1, name: 'box' }],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [0, 0, 50, 50],
      area: 2500,
      iscrowd: 0,
      segmentation: [[0, 0, 0, 50, 50, 50, 50, 0]],
    },
  ],
}
export const boxDetections = [{ image_id: 1, category_id: 1, bbox: [0, 0, 50, 50], score: 0.9 }]
/** Columns 0 to 49 hold rows 0 to 49: runs 0, 50, then (50, 50) 49 times, and the empty half. */
export const maskDetections = [
  {
    image_id: 1,
    category_id: 1,
    score: 0.9,
    segmentation: {
      size: [100, 100],
      counts: [0, ...Array.from({ length: 49 }, () => [50, 50]).flat(), 50, 50 + 50 * 100],
    },
  },
]

/** Writes gt.json and dt.json into a new folder; strings go in as they are. */
export function filesOf(gt: unknown = groundTruth, dt: unknown = boxDetections): string {
  const folder = temporaryFolder()
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  writeFileSync(join(folder, 'gt.json'), text(gt))
  writeFileSync(join(folder, 'dt.json'), text(dt))
  return folder
}

export const evalArgs = ['eval', '--gt', 'gt.json', '--dt', 'dt.json']
