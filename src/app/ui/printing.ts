import { options } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Rows of a table that are printed. */
export const PRINTED_ROWS = 60

/** Whether the page is being printed. What depends on it is drawn before the browser takes its picture. */
export function usePrinting(): boolean {
  const [isPrinting, set] = useState(false)
  useEffect(() => {
    const draw = (next: boolean) => (): void => {
      const { debounceRendering } = options
      options.debounceRendering = render => render()
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
