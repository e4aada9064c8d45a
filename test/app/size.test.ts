import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../dist/page.html'), 'utf8')

/** Bytes of code, about: the page before any data. Raised only by the commit that needs it. */
const MAX_BYTES = 700_000

test('the page stays small', () => {
  expect(Buffer.byteLength(page)).toBeLessThan(MAX_BYTES)
  expect(MAX_BYTES).toBeLessThanOrEqual(1_500_000)
})

test('the page names no address but that of its own namespaces', () => {
  const addresses = new Set(page.match(/\bhttps?:\/\/[^"'`\s)\\]+/g))
  const known = /^http:\/\/www\.w3\.org\//
  expect([...addresses].filter(address => !known.test(address))).toEqual([])
})

test('the page allows itself nothing from elsewhere', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
  const rules = new Map(
    policy.split(/;\s*/).map(rule => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
  )
  expect(rules.get('default-src')).toBe("'none'")
  expect(rules.get('script-src')).toBe("'unsafe-inline'")
  expect(rules.get('connect-src')).toBe("'self'")
  expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)/)
})

test('the page has one place for its data', () => {
  expect(page.split('<!--detscope-data-->').length).toBe(2)
})
