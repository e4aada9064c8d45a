// Writes src/backends/webgpu/shaders.generated.ts: the text of every shader, so that no run reads files for them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const camel = name => name.replace(/-(\w)/g, (_, c) => c.toUpperCase())

const read = folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.wgsl'))
    .sort()
    .map(name => [camel(name.slice(0, -'.wgsl'.length)), readFileSync(join(folder, name), 'utf8')])

const entries = [...read(join(here, 'shared')), ...read(here)]
const lines = entries.map(([name, text]) => `export const ${name}: string = ${JSON.stringify(text)}`)
const target = join(here, '../src/backends/webgpu/shaders.generated.ts')
writeFileSync(target, `// Generated from shaders/*.wgsl by shaders/embed.js.\n${lines.join('\n')}\n`)
