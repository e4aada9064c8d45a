import { useEffect, useState } from 'preact/hooks'
import { remember, remembered } from './memory.js'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'detscope-theme'

function stored(): Theme {
  const theme = remembered(KEY)
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(stored)
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
  return [
    theme,
    next => {
      remember(KEY, next)
      set(next)
    },
  ]
}
