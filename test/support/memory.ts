import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** MiB of the browser's page processes, their workers included: what is theirs alone, and their share of the rest (Pss). */
export async function memoryOfPages(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  let kib = 0
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue
    kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1])
  }
  await session.detach()
  return kib / 1024
}
