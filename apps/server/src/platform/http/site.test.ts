import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findSite, openSite } from './site.ts'
import { serveForTest } from './test-app.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** A folder as the build leaves it. */
function builtSite(): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'usageflow-site-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = path.join(root, 'dashboard', 'dist')
  mkdirSync(path.join(folder, 'assets'), { recursive: true })
  writeFileSync(path.join(folder, 'index.html'), '<style nonce="__NONCE__"></style><p>the page')
  writeFileSync(path.join(folder, 'icon.svg'), '<svg/>')
  writeFileSync(path.join(folder, 'assets', 'main-1a.js'), 'plain')
  writeFileSync(path.join(folder, 'assets', 'main-1a.js.br'), 'brotli')
  writeFileSync(path.join(folder, 'assets', 'main-1a.js.gz'), 'gzip')
  writeFileSync(path.join(folder, 'assets', 'main-1a.js.map'), 'map')
  return folder
}

const serveSite = (folder: string | null) => serveForTest([], { site: openSite(folder) })

test.each(['/', '/customers/a.b%2Fc', '/invoices?status=open', '/api-keys', '/docsy'])(
  'a browser is given the page at %s',
  async (target) => {
    const app = await serveSite(builtSite())
    const { status, text, headers } = await app.send('GET', target, { headers: BROWSER })
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(text).toContain('the page')
  },
)

test.each(['/api', '/api/v1/nothing', '/docs/nothing', '/assets/gone.js'])(
  'whoever asks for %s, which is not there, is told so in JSON',
  async (target) => {
    const app = await serveSite(builtSite())
    const { status, json } = await app.send('GET', target, { headers: BROWSER })
    expect([status, json.error.code]).toEqual([404, 'route.unknown'])
  },
)

test('a program that misses is given no page, and nobody can post to one', async () => {
  const app = await serveSite(builtSite())
  expect((await app.send('GET', '/customer', { headers: { accept: '*/*' } })).status).toBe(404)
  expect((await app.send('POST', '/customers', { headers: BROWSER })).status).toBe(404)
})

test('a page runs scripts of this server only, and styles of its own nonce', async () => {
  const app = await serveSite(builtSite())
  const pages = await Promise.all(
    [1, 2].map(() => app.send('GET', '/overview', { headers: BROWSER })),
  )
  const nonces = pages.map(({ text }) => /nonce="([^"]+)"/.exec(text)?.[1])
  expect(nonces[0]).not.toBe(nonces[1])
  const { headers } = pages[0] ?? {}
  const csp = String(headers?.['content-security-policy'])
  expect(csp).toContain("script-src 'self';")
  expect(csp).toContain(`style-src 'self' 'nonce-${nonces[0]}';`)
  expect(csp).not.toContain('unsafe')
  expect(csp).toContain("frame-ancestors 'none'")
  expect(headers).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
})

test.each([
  ['br, gzip', 'brotli', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip', 'gzip'],
  ['identity', 'plain', undefined],
  [undefined, 'plain', undefined],
])('a file goes as the browser that accepts %s can read it', async (accepted, text, encoding) => {
  const app = await serveSite(builtSite())
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
  const answer = await app.send('GET', '/assets/main-1a.js', { headers })
  expect([answer.status, answer.text, answer.headers['content-encoding']]).toEqual([
    200,
    text,
    encoding,
  ])
  expect(answer.headers.vary).toBe('accept-encoding')
})

test('what has a hash in its name is kept for ever, the rest is asked for again', async () => {
  const app = await serveSite(builtSite())
  const hashed = await app.send('GET', '/assets/main-1a.js')
  expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const icon = await app.send('GET', '/icon.svg')
  expect([icon.status, icon.headers['cache-control']]).toEqual([200, 'no-cache'])
})

test.each(['/assets/main-1a.js.map', '/assets/../index.html', '/assets/%2e%2e/index.html'])(
  'nothing but what is meant for browsers is given: %s',
  async (target) => {
    const app = await serveSite(builtSite())
    expect((await app.send('GET', target)).status).toBe(404)
  },
)

test('without a build the server says how to make one, and the API answers', async () => {
  const app = await serveSite(null)
  const page = await app.send('GET', '/', { headers: BROWSER })
  expect([page.status, page.text.includes('npm run build')]).toEqual([503, true])
  expect((await app.send('GET', '/live')).json).toEqual({ live: true })
})

test('a build is found from any folder beside it, and is missed where there is none', () => {
  const folder = builtSite()
  const root = path.join(folder, '..', '..')
  expect(findSite(path.join(root, 'server', 'dist'))).toBe(path.resolve(folder))
  expect(findSite(os.tmpdir())).toBe(null)
})
