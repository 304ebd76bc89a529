import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { pageDocument } from './page-frame.ts'
import { type Page, renderPage } from './render-page.ts'

const ASSETS = path.join(import.meta.dirname, 'assets')
const HASH_LENGTH = 10

/** All texts of `docs/` that are shown, as pages. The guide's README is the first page. */
export function readPages(root: string): Page[] {
  const read = (folder: string, prefix: string) =>
    readdirSync(path.join(root, 'docs', folder))
      .filter((file) => file.endsWith('.md'))
      .sort()
      .map((file) => {
        const name = file === 'README.md' ? '' : prefix + file.slice(0, -'.md'.length)
        return renderPage(name, readFileSync(path.join(root, 'docs', folder, file), 'utf8'))
      })
  return [...read('guide', ''), ...read('decisions', 'decisions/')]
}

/** Writes the pages with all they need into `folder`, which is emptied first. */
export function buildDocs(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const pages = readPages(root)
  const titles = new Map(pages.map(({ name, title }) => [name, title]))
  const assets = {
    style: asset(folder, 'docs.css', readFileSync(path.join(ASSETS, 'docs.css'))),
    script: asset(folder, 'docs.js', readFileSync(path.join(ASSETS, 'docs.js'))),
    index: asset(folder, 'search.json', searchIndex(pages)),
  }
  for (const page of pages.toReversed())
    write(folder, `${page.name || 'index'}.html`, pageDocument(page, titles, assets))
}

/** Named after what is inside, so that browsers may keep it for ever. */
function asset(folder: string, name: string, content: Buffer | string): string {
  const { name: base, ext } = path.parse(name)
  const digest = hash('sha256', content, 'hex').slice(0, HASH_LENGTH)
  const file = `assets/${base}-${digest}${ext}`
  write(folder, file, content)
  return `/docs/${file}`
}

/** What the search looks through: titles and headings, with where they are. */
function searchIndex(pages: readonly Page[]): string {
  const entries = pages.flatMap(({ name, title, headings }) => [
    { page: title, text: title, to: `/docs/${name}` },
    ...headings.map(({ text, anchor }) => ({ page: title, text, to: `/docs/${name}#${anchor}` })),
  ])
  return JSON.stringify(entries)
}

/** Compressed once here rather than at every start of a server. */
function write(folder: string, name: string, content: Buffer | string): void {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  writeFileSync(`${file}.br`, brotliCompressSync(content))
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
}
