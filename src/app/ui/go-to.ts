/** Time without any movement after which a section is taken to be in its place for good, ms. */
const REST_MS = 1000

let journey = new AbortController()

/**
 * Scrolls to a section and keeps it in its place while what stands above it is drawn and gets its real height, which
 * may take many seconds, unless the reader goes on meanwhile.
 */
export function goTo(place: string): void {
  journey.abort()
  const section = document.getElementById(place)
  if (!section) return
  const own = new AbortController()
  journey = own
  const { signal } = own
  let hasArrived = false
  let lastMoved = 0
  const move = (): void => {
    lastMoved = performance.now()
  }
  const settle = (): void => {
    move()
    section.scrollIntoView(hasArrived ? { behavior: 'instant' } : {})
  }
  const arrive = (): void => {
    hasArrived = true
    settle()
  }
  const rest = (): void => {
    const isDrawn = document.documentElement.dataset.work === 'done'
    if (isDrawn && performance.now() - lastMoved > REST_MS) own.abort()
  }
  const heights = new ResizeObserver(settle)
  for (const each of document.querySelectorAll('main section')) heights.observe(each)
  const looks = setInterval(rest, REST_MS)
  signal.addEventListener('abort', () => {
    heights.disconnect()
    clearInterval(looks)
  })
  for (const input of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(input, () => own.abort(), { signal, passive: true })
  addEventListener('scroll', move, { signal, passive: true })
  addEventListener('scrollend', arrive, { signal })
  settle()
}
