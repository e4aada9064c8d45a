import { resolve } from 'node:path'
import { writeDemo } from '../demo/write.js'
import { makeOutputFolder } from '../node/output.js'
import type { Io } from './io.js'

export interface DemoOptions {
  seed: number
  images: number
  quiet?: boolean
}

export async function runDemo(folder: string, options: DemoOptions, io: Io): Promise<void> {
  makeOutputFolder('demo', folder)
  await writeDemo(folder, { seed: options.seed, images: options.images })
  if (options.quiet) return
  io.out.write(`Demo data in ${resolve(folder)}: gt.json, dt.json and ${options.images} images.\n`)
  io.out.write(`Evaluate it: detscope eval --gt ${folder}/gt.json --dt ${folder}/dt.json --per-class\n`)
}
