import type { ModelName } from '../metrics/models.js'
import { secondOf } from '../report/page-data.js'

/** Text of a block of the page; null where there is none of that name. */
const textOf = (name: string): string | null =>
  document.querySelector<HTMLScriptElement>(`script[data-block="${CSS.escape(name)}"]`)?.text ?? null

/** Whether the page carries two models. */
export const hasSecond = (): boolean => secondOf(textOf) !== null

/** Finds the blocks of one of the page's models; what both have in common stands there once. */
export function blockOf(model: ModelName): (name: string) => string {
  const find = model === 'B' ? secondOf(textOf) : textOf
  return name => {
    const text = find?.(name) ?? null
    if (text === null) throw new Error(`the page has no data "${name}"`)
    return text
  }
}
