// Compiles kernels/*.ts (AssemblyScript) and writes them as base64 into generated modules, so that no run reads files
// for them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from 'assemblyscript/asc'

const TARGETS = {
  scan: 'src/ingest/scan.generated.ts',
  masks: 'src/backends/masks.generated.ts',
  candidates: 'src/matching/candidates.generated.ts',
  cells: 'src/matching/cells.generated.ts',
  categories: 'src/categories/categories.generated.ts',
  columns: 'src/report/columns.generated.ts',
  scenes: 'src/matching/scenes.generated.ts',
  resample: 'src/metrics/resample.generated.ts',
  cuts: 'src/metrics/cuts.generated.ts',
  sums: 'src/metrics/sums.generated.ts',
  studies: 'src/metrics/studies.generated.ts',
  sweeps: 'src/metrics/sweeps.generated.ts',
}
const FLAGS = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--initialMemory',
  '1',
  '--enable',
  'simd',
]

const here = import.meta.dirname
const folder = mkdtempSync(join(tmpdir(), 'detscope-kernels-'))
for (const [name, target] of Object.entries(TARGETS)) {
  const wasm = join(folder, `${name}.wasm`)
  const { error, stderr } = await main([join(here, `${name}.ts`), '--outFile', wasm, ...FLAGS])
  if (error) {
    process.stderr.write(`${stderr}\n${error}\n`)
    process.exit(1)
  }
  const text = `// Generated from kernels/${name}.ts by kernels/embed.js.\nexport const ${name}Wasm: string = '${readFileSync(wasm).toString('base64')}'\n`
  writeFileSync(join(here, '..', target), text)
}
rmSync(folder, { recursive: true })
