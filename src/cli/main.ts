import { CommanderError } from 'commander'
import { InputError } from '../errors.js'
import { printable } from '../report/table.js'
import { EXIT_INTERRUPTED, Interrupted } from './interrupt.js'
import type { Io } from './io.js'
import { buildProgram } from './program.js'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** The command line, to the end of the process. Exit codes: 0 done, 1 failed at work, 2 wrong usage or input, 130 interrupted. */
export async function main(argv: string[]): Promise<void> {
  const io: Io = { out: process.stdout, err: process.stderr, env: process.env }
  // A reader that has seen enough (`detscope eval ... | head -1`) is no failure; files are still to be written.
  io.out.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  })
  try {
    await buildProgram(io).parseAsync(argv)
  } catch (error) {
    process.exitCode = explain(error, io)
    if (error instanceof Interrupted) return stop(error)
  }
  await Promise.all([written(io.out), written(io.err)])
  // Left alone, Node takes V8's heap apart first, for a twentieth of the time of a run.
  process.exit()
}

/** Node does not exit while a read is under way; the default action of the signal does not wait. */
function stop({ stuck }: Interrupted): void {
  if (stuck) process.kill(process.pid, 'SIGINT')
}

/** Resolves when nothing waits to be written. */
const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise(resolve => {
    if (stream.writableLength === 0 || stream.destroyed) resolve()
    else stream.write('', () => resolve())
  })

/** Prints what went wrong in one line, and returns the exit code for it. */
function explain(error: unknown, io: Io): number {
  // commander has already printed what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  const stack = io.env.DETSCOPE_DEBUG === '1' && error instanceof Error ? error.stack : undefined
  io.err.write(`detscope: ${stack ?? oneLine(error)}\n`)
  if (error instanceof Interrupted) return EXIT_INTERRUPTED
  return error instanceof InputError ? EXIT_USAGE : EXIT_FAILED
}

const oneLine = (error: unknown): string =>
  printable((error instanceof Error ? error.message || error.name : String(error)).replace(/\s*\n\s*/g, ' '))
