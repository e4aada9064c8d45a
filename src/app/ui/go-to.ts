/** Time in which what is drawn on the way may still move the section, ms. */
const ARRIVAL_MS = 3000

let journey = new AbortController()

/**
 * Scrolls to a section. What comes into sight on the way gets its real height in place of an estimated one: at the end
 * the section is put in its place, unless the reader has gone on meanwhile.
 */
export function goTo(place: string): void {
  journey.abort()
  journey = new AbortController()
  const own = journey
  const { signal } = own
  const section = document.getElementById(place)
  const settle = (): void => section?.scrollIntoView({ behavior: 'instant' })
  for (const input of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(input, () => own.abort(), { signal, passive: true })
  addEventListener('scrollend', settle, { signal })
  setTimeout(() => own.abort(), ARRIVAL_MS)
  section?.scrollIntoView()
}
