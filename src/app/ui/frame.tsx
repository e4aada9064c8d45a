import { useEffect, useState } from 'preact/hooks'
import { SECTIONS, type SectionInfo } from '../sections/section.js'
import { goTo } from './go-to.js'
import { useActions, useAppState, usePair, useReport } from './hooks.js'
import { ModelTag } from './model-tag.js'
import { Switch } from './parts.js'
import { ThemeSwitch } from './theme-switch.js'

export function Header() {
  const { protocol } = useAppState()
  const { content } = useReport()
  const pair = usePair()
  const { step } = useActions()
  return (
    <header class="head">
      <h1>
        <span class="mark">detscope</span>
        <span class="what">
          {pair ? (
            <>
              <ModelTag model="A" /> and <ModelTag model="B" />
            </>
          ) : (
            <strong>{content.detectionsName}</strong>
          )}{' '}
          on <strong>{content.groundTruthName}</strong>
        </span>
      </h1>
      <div class="choices">
        <Switch
          label="Protocol"
          value={protocol}
          options={[
            { value: 'coco', title: 'coco' },
            { value: 'corrected', title: 'corrected' },
          ]}
          onChange={next => step(state => ({ ...state, protocol: next }))}
        />
        <ThemeSwitch />
        <button type="button" class="quiet" onClick={() => print()}>
          Print
        </button>
      </div>
    </header>
  )
}

/** Links to the sections; the one being read is marked. */
export function Navigation() {
  const pair = usePair()
  const sections = SECTIONS.filter(({ id }) => pair || id !== 'comparison')
  const current = useSectionInSight(sections)
  return (
    <nav aria-label="Sections">
      <ol>
        {sections.map(({ id, number, title }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={current === id ? 'true' : undefined}
              onClick={event => {
                // The address holds the state.
                event.preventDefault()
                goTo(id)
              }}
            >
              <span class="number">{number}</span>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function useSectionInSight(sections: SectionInfo[]): string {
  const [current, set] = useState(sections[0].id)
  useEffect(() => {
    const inSight = new Set<string>()
    const observer = new IntersectionObserver(
      entries => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inSight.add(target.id)
          else inSight.delete(target.id)
        }
        const first = SECTIONS.find(({ id }) => inSight.has(id))
        if (first) set(first.id)
      },
      { rootMargin: '-20% 0px -60% 0px' },
    )
    for (const { id } of SECTIONS) {
      const section = document.getElementById(id)
      if (section) observer.observe(section)
    }
    return () => observer.disconnect()
  }, [])
  return current
}
