/** The folder of `--csv`. */

import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { csvChunks, csvHeader, type NamedTable } from '../report/csv.js'
import { CURVE_HEADER } from '../report/csv-long-tables.js'
import { writeWhole } from './output.js'

/** Writes tables into a folder that exists; curves there that an earlier run wrote and this one did not go. */
export async function writeCsvFolder(
  folder: string,
  tables: Iterable<NamedTable>,
  signal?: AbortSignal,
): Promise<void> {
  const written = new Set<string>()
  for (const table of tables) {
    await writeWhole(join(folder, table.name), csvChunks(table), signal)
    written.add(table.name)
  }
  for (const name of readdirSync(folder))
    if (!written.has(name) && isCurveFile(folder, name)) rmSync(join(folder, name))
}

/** Which thresholds have a file depends on the run; no other table comes and goes. */
const CURVE_NAME = /^curves-[\d.]+(e-\d+)?\.csv$/

/** Whether this tool wrote it: by name and first line, so that nobody else's file is taken for one. */
function isCurveFile(folder: string, name: string): boolean {
  return CURVE_NAME.test(name) && startsWith(join(folder, name), csvHeader(CURVE_HEADER))
}

function startsWith(path: string, text: string): boolean {
  const wanted = Buffer.from(text)
  try {
    const file = openSync(path, 'r')
    try {
      const start = Buffer.alloc(wanted.length)
      return readSync(file, start, 0, wanted.length, 0) === wanted.length && start.equals(wanted)
    } finally {
      closeSync(file)
    }
  } catch {
    return false // a folder of that name
  }
}
