/** The app of dropped files. */

import { render } from 'preact'
import { keepOffline } from '../offline/register.js'
import { DropApp } from './drop-app.js'

const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  render(<DropApp />, root)
}

keepOffline()
