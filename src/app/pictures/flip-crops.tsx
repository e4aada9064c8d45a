import { MODELS } from '../pair.js'
import { usePair, useSelected } from '../ui/hooks.js'
import { OfModel } from '../ui/of-model.js'
import { Crop } from './crop.js'

/** Whether the state lists ground truths by which of two models finds them. */
export const useFlips = (): boolean => {
  const asked = useSelected(({ filter }) => filter.foundBy !== undefined)
  return usePair() !== null && asked
}

/** A ground truth as A and as B see it, side by side. */
export const FlipCrops = ({ row, side }: { row: number; side: number }) => (
  <span class="crops">
    {MODELS.map(model => (
      <OfModel key={model} model={model}>
        <Crop kind="gt" row={row} side={side} />
      </OfModel>
    ))}
  </span>
)
