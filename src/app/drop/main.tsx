/** The app of dropped files. */

import { render } from 'preact'
import { DropApp } from './drop-app.js'

const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  render(<DropApp />, root)
}
