import { makeOutputFolder } from '../node/output.js'
import { writeDemo } from '../node/write-demo.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'
import { startProgress } from './progress.js'

export interface DemoOptions {
  seed: number
  images: number
  quiet?: boolean
}

export const runDemo = (folder: string, options: DemoOptions, io: Io): Promise<void> =>
  interruptible(async signal => {
    const { seed, images, quiet = false } = options
    makeOutputFolder('demo', folder)
    const progress = await startProgress(io, quiet, signal)
    const onProgress = (done: number, total: number): void =>
      progress.report({ stage: 'drawing', done, total })
    try {
      const { line } = await writeDemo(folder, { seed, images, signal, onProgress })
      progress.stop()
      if (quiet) return
      io.out.write(
        `${line}\nNext: detscope eval --gt ${folder}/gt.json --dt ${folder}/dt.json --per-class\n\n`,
      )
    } finally {
      progress.stop()
    }
  })
