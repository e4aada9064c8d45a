import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** From the root of the repository: src/data/masks.ts */
  path: string
  text: string
}

export const sourceFiles: SourceFile[] = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .map(name => `src/${name.replaceAll('\\', '/')}`)
  .filter(path => /\.tsx?$/.test(path) && !path.endsWith('.generated.ts'))
  .sort()
  .map(path => ({ path, text: readFileSync(root + path, 'utf8') }))

/** Source without comments. Good enough for this code base: no string of ours holds a comment's marks. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"])\/\/.*$/gm, '$1')

/** Module specifiers that a file imports or re-exports, dynamic imports of a literal included. */
export const importsOf = (text: string): string[] => [
  ...new Set(
    [
      ...withoutComments(text).matchAll(/\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g),
      ...withoutComments(text).matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g),
    ].map(match => match[1]),
  ),
]
