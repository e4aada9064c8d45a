import type { ComponentChildren } from 'preact'
import type { ModelName } from '../../metrics/models.js'
import { useSight, useStore } from '../ui/hooks.js'
import { ModelTag } from '../ui/model-tag.js'
import { useTurn } from '../ui/turn.js'

export interface SectionInfo {
  id: string
  number: string
  title: string
}

/** In the order of the page. */
export const SECTIONS: SectionInfo[] = [
  { id: 'comparison', number: '', title: 'Comparison' },
  { id: 'summary', number: '', title: 'Summary' },
  { id: 'findings', number: '', title: 'Findings' },
  { id: 'setup', number: '0', title: 'Setup' },
  { id: 'coco', number: '1', title: 'COCO metrics' },
  { id: 'curves', number: '2', title: 'Curves' },
  { id: 'counts', number: '3', title: 'Counts' },
  { id: 'images', number: '4', title: 'Images' },
  { id: 'distributions', number: '5', title: 'Distributions' },
  { id: 'instances', number: '6', title: 'Instances' },
]

/** The id of a section on the page: that of the second model stands beside the first's. */
export const placeOf = (id: string, model: ModelName | null | undefined): string =>
  model === 'B' ? `${id}-b` : id

interface SectionProps {
  id: string
  /** One sentence under the heading. */
  lead?: ComponentChildren
  children: ComponentChildren
}

/** Its heading stands at once, so that links find it; what starts off the screen is drawn when its turn comes. */
export function Section({ id, lead, children }: SectionProps) {
  const { ref } = useSight()
  const { pair, model } = useStore()
  const own = pair && model ? model : null
  const isDrawn = useTurn()
  const place = placeOf(id, own)
  const info = SECTIONS.find(section => section.id === id) ?? { number: '', title: id }
  return (
    <section
      id={place}
      data-section={id}
      ref={ref}
      aria-labelledby={`${place}-title`}
      aria-busy={isDrawn ? undefined : true}
    >
      <h2 id={`${place}-title`}>
        {info.number && <span class="number">{info.number}</span>}
        {info.title}
        {own && <ModelTag model={own} />}
      </h2>
      {lead && <p class="lead">{lead}</p>}
      {isDrawn && children}
    </section>
  )
}
