import { useReport } from './ui/hooks.js'

export function App() {
  const { content } = useReport()
  return (
    <header>
      <h1>{content.detectionsName}</h1>
    </header>
  )
}
