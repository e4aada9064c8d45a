import type { ModelName } from '../../metrics/models.js'
import { usePair } from './hooks.js'

/** "A boxes-v3.json": which of two models a part of the page is about. */
export function ModelTag({ model, brief = false }: { model: ModelName; brief?: boolean }) {
  const name = usePair()?.[model].content.detectionsName ?? ''
  return (
    <span class="model" title={name}>
      <b class={`letter ${model.toLowerCase()}`}>{model}</b>
      {!brief && <span class="name">{name}</span>}
    </span>
  )
}
