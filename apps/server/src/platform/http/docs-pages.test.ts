import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findDocs, openDocs } from './docs-pages.ts'
import { openSite, sitesInTurn } from './site.ts'
import { serveForTest } from './test-app.ts'

const BROWSER = { accept: 'text/html,*/*;q=0.8' }

/** A folder as the build leaves it. */
function builtDocs(): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'usageflow-docs-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = path.join(root, 'dist', 'docs')
  mkdirSync(path.join(folder, 'assets'), { recursive: true })
  mkdirSync(path.join(folder, 'decisions'), { recursive: true })
  writeFileSync(path.join(folder, 'index.html'), 'the guide')
  writeFileSync(path.join(folder, 'meters.html'), 'about meters')
  writeFileSync(path.join(folder, 'meters.html.br'), 'packed')
  writeFileSync(path.join(folder, 'decisions', '0001-why.html'), 'why')
  writeFileSync(path.join(folder, 'assets', 'docs-1a.js'), 'a script')
  return folder
}

const serve = (folder: string | null) =>
  serveForTest([], { site: sitesInTurn(openDocs(folder), openSite(null)) })

test.each([
  ['/docs', 'the guide'],
  ['/docs/', 'the guide'],
  ['/docs/meters', 'about meters'],
  ['/docs/meters?x=1', 'about meters'],
  ['/docs/decisions/0001-why', 'why'],
])('the page at %s is given to whoever asks', async (target, text) => {
  const app = await serve(builtDocs())
  const answer = await app.send('GET', target)
  expect([answer.status, answer.text]).toEqual([200, text])
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
})

test.each(['/docs/nothing', '/docs/meters.html', '/docs/../main.mjs', '/docs/%2e%2e/main.mjs'])(
  'nothing is at %s',
  async (target) => {
    const app = await serve(builtDocs())
    expect((await app.send('GET', target, { headers: BROWSER })).status).toBe(404)
  },
)

test('pages run scripts of this server alone, and no style or script that stands in them', async () => {
  const app = await serve(builtDocs())
  const { headers } = await app.send('GET', '/docs/meters')
  const csp = String(headers['content-security-policy'])
  expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(csp).not.toContain('unsafe-inline')
})

test('what has a hash in its name may be kept, and a page is asked for again', async () => {
  const app = await serve(builtDocs())
  const script = await app.send('GET', '/docs/assets/docs-1a.js')
  expect(script.headers['cache-control']).toContain('immutable')
  expect((await app.send('GET', '/docs')).headers['cache-control']).toBe('no-cache')
})

test('nobody can post to a page, and a server that was built without docs has none', async () => {
  expect((await (await serve(builtDocs())).send('POST', '/docs/meters')).status).toBe(404)
  expect((await (await serve(null)).send('GET', '/docs')).status).toBe(404)
})

test('the docs are found beside the built program and above its sources', () => {
  const folder = builtDocs()
  const root = path.join(folder, '..', '..')
  expect(findDocs(path.join(root, 'dist'))).toBe(folder)
  expect(findDocs(path.join(root, 'src', 'platform', 'http'))).toBe(folder)
})
