import { options } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

/** Rows of a table that are printed. */
export const PRINTED_ROWS = 60

/** What is drawn for the first time for paper starts with it. */
let isNow = false

/** Whether the page is being printed. What depends on it is drawn before the browser takes its picture. */
export function usePrinting(): boolean {
  const [isPrinting, set] = useState(isNow)
  useLayoutEffect(() => {
    const draw = (next: boolean) => (): void => {
      const { debounceRendering } = options
      options.debounceRendering = render => render()
      isNow = next
      set(next)
      options.debounceRendering = debounceRendering
    }
    const [start, end] = [draw(true), draw(false)]
    addEventListener('beforeprint', start)
    addEventListener('afterprint', end)
    return () => {
      removeEventListener('beforeprint', start)
      removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}
