import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = join(import.meta.dirname, '../../bin/detscope.js')

/** A temporary folder in which the command runs. */
export class DemoFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'detscope-page-demo-'))

  detscope(...args: string[]): void {
    execFileSync(process.execPath, [bin, ...args, '--quiet'], { cwd: this.path, stdio: 'pipe' })
  }

  /** Draws the demo's first images. */
  draw(images: number): void {
    this.detscope('demo', 'demo', '--images', String(images))
  }

  /** The page of a report on the demo's detections. */
  report(groundTruth = 'demo/gt.json'): string {
    this.detscope('eval', '--gt', groundTruth, '--dt', 'demo/dt.json', '--report', 'out')
    return readFileSync(join(this.path, 'out/index.html'), 'utf8')
  }

  // biome-ignore lint/suspicious/noExplicitAny: what a JSON file holds
  read(name: string): any {
    return JSON.parse(readFileSync(join(this.path, name), 'utf8'))
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
