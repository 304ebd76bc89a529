import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRead, pathOf, readFiles, type Site, type SiteFile, sendFile } from './site.ts'

const PREFIX = '/docs'

/** Where the docs were built, in a `dist` folder beside this program or above it; null when they were not. */
export function findDocs(from = path.dirname(fileURLToPath(import.meta.url))): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    for (const place of ['docs', path.join('dist', 'docs')]) {
      const built = path.join(folder, place)
      if (existsSync(path.join(built, 'index.html'))) return built
    }
    if (folder === path.dirname(folder)) return null
  }
}

/** The pages below `/docs` and what they need, read into memory. Null: there are none. */
export function openDocs(folder: string | null): Site {
  if (folder === null) return { answer: () => false }
  const files = readFiles(folder)
  return {
    answer(request, reply) {
      const target = pathOf(request)
      if (!isRead(request) || (target !== PREFIX && !target.startsWith(`${PREFIX}/`))) return false
      const file = fileAt(files, target.slice(PREFIX.length))
      if (!file) return false
      reply.headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
      sendFile(file, request, reply)
      return true
    },
  }
}

function fileAt(files: ReadonlyMap<string, SiteFile>, name: string): SiteFile | undefined {
  if (name === '' || name === '/') return files.get('/index.html')
  if (name.endsWith('.html')) return undefined // a page has one address
  return files.get(`${name}.html`) ?? files.get(name)
}

/** The pages are made when the server is built: nothing in them is of another place, and no style stands in them. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
