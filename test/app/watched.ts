/** A browser whose every request goes through a recording proxy, and pages that tell of what their policy forbids. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type RecordingProxy, startProxy } from '../support/proxy.js'
import { launchBrowser, type WebServer } from '../support/web.js'
import { shown } from './drop.js'

export interface Watched {
  page: Page
  /** Errors and warnings of the page and its workers, and what a policy forbade. */
  complaints: string[]
}

export interface WatchedBrowser {
  readonly proxy: RecordingProxy
  /** In a context of its own, which the test's end closes, unless another page's is given. */
  open(context?: BrowserContext): Promise<Watched>
  /** Closes a server with the test. */
  started<T extends { close(): unknown }>(server: Promise<T>): Promise<T>
}

/** For the tests of a file. */
export function watchedBrowser(): WatchedBrowser {
  let browser: Browser
  let proxy: RecordingProxy
  const contexts: BrowserContext[] = []
  const servers: { close(): unknown }[] = []
  beforeAll(async () => {
    proxy = await startProxy()
    // Also for addresses of this machine, which browsers ask directly otherwise.
    browser = await launchBrowser(`--proxy-server=${proxy.address}`, '--proxy-bypass-list=<-loopback>')
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    for (const server of servers.splice(0)) await server.close()
  })
  afterAll(async () => {
    await browser?.close()
    proxy?.close()
  })
  return {
    get proxy() {
      return proxy
    },
    async open(context) {
      const own = context ?? (await browser.newContext())
      if (!context) contexts.push(own)
      return watch(await own.newPage())
    },
    async started(server) {
      servers.push(await server)
      return server
    },
  }
}

async function watch(page: Page): Promise<Watched> {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => {
    if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return { page, complaints }
}

/** Opens the app, and waits until it is kept for use without a network. */
export async function openKept(page: Page, { origin }: WebServer): Promise<void> {
  await page.goto(`${origin}/pages/`)
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready
    if (active?.state === 'activated') return
    await new Promise(resolve => active?.addEventListener('statechange', resolve, { once: true }))
  })
}

export async function tryDemo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try the demo' }).click()
  await shown(page)
}
