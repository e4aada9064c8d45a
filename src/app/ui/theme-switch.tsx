import { Switch } from './parts.js'
import { type Theme, useTheme } from './theme.js'

export function ThemeSwitch() {
  const [theme, setTheme] = useTheme()
  return (
    <Switch<Theme>
      label="Theme"
      value={theme}
      options={[
        { value: 'light', title: 'Light' },
        { value: 'system', title: 'Auto' },
        { value: 'dark', title: 'Dark' },
      ]}
      onChange={setTheme}
    />
  )
}
