import type { ComponentChildren } from 'preact'
import { useSight } from '../ui/hooks.js'

export interface SectionInfo {
  id: string
  number: string
  title: string
}

/** In the order of the page. */
export const SECTIONS: SectionInfo[] = [
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

interface SectionProps {
  id: string
  /** One sentence under the heading. */
  lead?: ComponentChildren
  children: ComponentChildren
}

export function Section({ id, lead, children }: SectionProps) {
  const { ref } = useSight()
  const info = SECTIONS.find(section => section.id === id) ?? { number: '', title: id }
  return (
    <section id={id} ref={ref} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {info.number && <span class="number">{info.number}</span>}
        {info.title}
      </h2>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </section>
  )
}
