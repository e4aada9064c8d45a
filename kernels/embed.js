// Compiles kernels/*.ts (AssemblyScript) and writes src/ingest/scan.generated.ts: WebAssembly as base64, so that no
// run reads files for it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from 'assemblyscript/asc'

const here = import.meta.dirname
const folder = mkdtempSync(join(tmpdir(), 'detscope-kernels-'))
const wasm = join(folder, 'scan.wasm')
const flags = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1']
const { error, stderr } = await main([join(here, 'scan.ts'), '--outFile', wasm, ...flags])
if (error) {
  process.stderr.write(`${stderr}\n${error}\n`)
  process.exit(1)
}
const base64 = readFileSync(wasm).toString('base64')
rmSync(folder, { recursive: true })
writeFileSync(
  join(here, '../src/ingest/scan.generated.ts'),
  `// Generated from kernels/scan.ts by kernels/embed.js.\nexport const scanWasm = '${base64}'\n`,
)
