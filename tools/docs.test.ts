import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { buildDocs, readPages } from './docs/build-docs.ts'
import { NAVIGATION, OTHER_PAGES } from './docs/navigation.ts'
import { pageDocument } from './docs/page-frame.ts'
import { renderPage, targetOf } from './docs/render-page.ts'

const root = path.join(import.meta.dirname, '..')
const pages = readPages(root)
const byName = new Map(pages.map((page) => [page.name, page]))
const titles = new Map(pages.map(({ name, title }) => [name, title]))
const assets = { style: '/docs/assets/a.css', script: '/docs/assets/a.js', index: '/docs/a.json' }
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...OTHER_PAGES.map((page) => page.path),
  '/',
  '/icon.svg',
  ...Object.values(assets),
])

test('every page of the guide stands in the navigation once, and nothing else does', () => {
  const shown = NAVIGATION.flatMap((group) => group.pages)
  const guide = pages.map(({ name }) => name).filter((name) => name && !name.includes('/'))
  expect([...shown].sort()).toEqual(guide.sort())
})

test('every link leads to a page that there is, and to a heading of it', () => {
  const broken = pages.flatMap((page) => {
    const links = pageDocument(page, titles, assets).matchAll(/ (?:href|src)="([^"]*)"/g)
    return [...links]
      .map(([, href = '']) => href)
      .filter((href) => !leadsSomewhere(page.name, href))
  })
  expect(broken).toEqual([])
  expect(leadsSomewhere('meters', '#no-such-heading')).toBe(false) // else nothing was checked
  expect(leadsSomewhere('meters', '/docs/no-such-page')).toBe(false)
})

function leadsSomewhere(from: string, href: string): boolean {
  if (href.startsWith('https://') || ELSEWHERE.has(href.replace(/&amp;/g, '&'))) return true
  const [address = '', anchor] = href.split('#')
  const name = address === '' ? from : address.replace(/^\/docs\/?/, '')
  const page = address === '' || address.startsWith('/docs') ? byName.get(name) : undefined
  if (!page) return false
  return anchor === undefined || anchor === 'text' || page.html.includes(` id="${anchor}"`)
}

test('the build writes every page, plain and compressed, with assets that it names', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'usageflow-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  buildDocs(root, folder)
  const read = (name: string) => readFileSync(path.join(folder, name))
  const [first] = pages.filter(({ name }) => name === 'meters')
  const html = read('meters.html')
  expect(html.toString()).toContain(first?.html)
  expect(brotliDecompressSync(read('meters.html.br'))).toEqual(html)
  for (const { name } of pages)
    expect(existsSync(path.join(folder, `${name || 'index'}.html`))).toBe(true)
  const named = [...html.toString().matchAll(/"\/docs\/(assets\/[^"]+)"/g)].map(([, file]) => file)
  expect(named).toHaveLength(3)
  for (const file of named) expect(existsSync(path.join(folder, String(file)))).toBe(true)
  expect(readdirSync(path.join(folder, 'assets')).length).toBe(9) // three, plain and compressed twice
})

test('a page asks for nothing from elsewhere, and holds neither scripts nor styles', () => {
  for (const page of pages) {
    const html = pageDocument(page, titles, assets)
    expect(html).not.toMatch(/ style="|<style|<script(?! src="\/docs\/)| on[a-z]+="/)
    expect(html).not.toMatch(/(?:src|rel="stylesheet" href)="https?:/)
  }
})

test('text of a page is text, wherever it stands', () => {
  const { html, title } = renderPage('x', '# A `<b>` & "c"\n\n```sh\necho "<script>"\n```\n')
  expect(title).toContain('<b>')
  expect(html).not.toContain('<script>')
  expect(html).toContain('&lt;script&gt;')
  const page = { name: 'x', title, html, headings: [] }
  expect(pageDocument(page, new Map([['x', title]]), assets)).not.toContain('<title>A <b>')
})

test('headings of the same name have anchors of their own', () => {
  const { headings } = renderPage('x', '# T\n\n## Once\n\n## Once\n\n## What is `it`, really?\n')
  expect(headings.map(({ anchor }) => anchor)).toEqual(['once', 'once-1', 'what-is-it-really'])
})

test('links between the files are links between the pages', () => {
  expect(targetOf('meters', 'credits.md#holds')).toBe('/docs/credits#holds')
  expect(targetOf('meters', '../decisions/0035-plans-have-no-limits.md')).toBe(
    '/docs/decisions/0035-plans-have-no-limits',
  )
  expect(targetOf('', '../reference/')).toBe('/docs/api/')
  expect(targetOf('amounts', '../../packages/pricing/oracle/oracle.py')).toBe(null)
})

test('the pictures of the README are there', () => {
  for (const name of ['overview', 'invoice', 'plan', 'customer'])
    expect(existsSync(path.join(root, 'docs', 'pictures', `${name}.png`))).toBe(true)
})
