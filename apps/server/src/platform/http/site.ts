import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomBase64 } from '../random.ts'

/** The pages for people, which are files that a browser runs. */
export type Site = {
  /** Sends a file, or the page that every address of the dashboard begins with; false: not for the site. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean
}

const NONCE_PLACE = '__NONCE__'
const CACHED_S = 31_536_000 // names hold a hash of what is inside, so they are good for ever
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** These paths belong to programs: what is not there is told in JSON, whoever asks. */
const NOT_PAGES = /^\/(api|docs|assets|live|ready|metrics)(\/|$)/

/** Where the dashboard was built, beside the folder of this program; null when it was not. */
export function findSite(from = path.dirname(fileURLToPath(import.meta.url))): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const built = path.join(folder, 'dashboard', 'dist')
    if (existsSync(path.join(built, 'index.html'))) return built
    if (folder === path.dirname(folder)) return null
  }
}

/** Reads the built files of `folder` into memory: a few hundred kilobytes. Null: says how to build them. */
export function openSite(folder: string | null): Site {
  if (folder === null) return { answer: answerUnbuilt }
  const files = readFiles(folder)
  files.delete('/index.html')
  const [head = '', ...rest] = readFileSync(path.join(folder, 'index.html'), 'utf8').split(
    NONCE_PLACE,
  )
  return {
    answer(request, reply) {
      const target = pathOf(request)
      const file = isRead(request) ? files.get(target) : undefined
      if (file) sendFile(file, request, reply)
      else if (isPage(request)) sendPage((nonce) => [head, ...rest].join(nonce), 200, reply)
      else return false
      return true
    },
  }
}

/** Asks one after the other who answers. */
export function sitesInTurn(...sites: readonly Site[]): Site {
  return { answer: (request, reply) => sites.some((site) => site.answer(request, reply)) }
}

/** A built file, as it is given away. */
export type SiteFile = {
  readonly type: string
  readonly isHashed: boolean
  readonly plain: Buffer
  /** By the name of the encoding, the smallest first. */
  readonly encoded: ReadonlyMap<string, Buffer>
}

/** Reads the built files of `folder` into memory, by their paths from `/` on. */
export function readFiles(folder: string): Map<string, SiteFile> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const isPublic = (name: string) => path.extname(name) in TYPES
  return new Map(
    names.filter(isPublic).map((name) => {
      const place = path.join(folder, name)
      const encodings = [
        ['br', `${place}.br`],
        ['gzip', `${place}.gz`],
      ] as const
      const file: SiteFile = {
        type: TYPES[path.extname(name)] ?? '',
        isHashed: name.startsWith('assets'),
        plain: readFileSync(place),
        encoded: new Map(
          encodings
            .filter(([, packed]) => existsSync(packed))
            .map(([encoding, packed]) => [encoding, readFileSync(packed)]),
        ),
      }
      return [`/${name.split(path.sep).join('/')}`, file]
    }),
  )
}

/** Sends it compressed as the browser likes; what has a hash in its name may be kept for ever. */
export function sendFile(file: SiteFile, request: FastifyRequest, reply: FastifyReply): void {
  const accepted = acceptedEncodings(request)
  const [encoding, packed] = [...file.encoded].find(([name]) => accepted.has(name)) ?? []
  reply
    .code(200)
    .headers({
      'cache-control': file.isHashed ? `public, max-age=${CACHED_S}, immutable` : 'no-cache',
      vary: 'accept-encoding',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    })
    .type(file.type)
    .send(packed ?? file.plain)
}

function acceptedEncodings(request: FastifyRequest): ReadonlySet<string> {
  const offers = String(request.headers['accept-encoding'] ?? '').split(',')
  const accepted = offers.filter((offer) => !/;\s*q=0(\.0*)?\s*$/.test(offer))
  return new Set(accepted.map((offer) => offer.replace(/;.*/, '').trim().toLowerCase()))
}

/** Every page has a nonce of its own: with it our libraries may add style sheets, and nobody else may. */
function sendPage(page: (nonce: string) => string, status: number, reply: FastifyReply): void {
  const nonce = randomBase64(16)
  reply
    .code(status)
    .headers({
      'content-security-policy': contentSecurityPolicy(nonce),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      'x-frame-options': 'DENY',
    })
    .type('text/html; charset=utf-8')
    .send(page(nonce))
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const UNBUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>UsageFlow</title>
<h1>The dashboard was not built</h1>
<p>The API is up: its reference is at <a href="/docs/api/">/docs/api</a>.
To see the dashboard, run <code>npm run build</code> and start the server again.
</html>
`

function answerUnbuilt(request: FastifyRequest, reply: FastifyReply): boolean {
  if (!isPage(request)) return false
  sendPage(() => UNBUILT, 503, reply)
  return true
}

export function isRead(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

/** Browsers say that they want a page; programs that ask for what is not there are told so. */
function isPage(request: FastifyRequest): boolean {
  const wantsPage = String(request.headers.accept ?? '').includes('text/html')
  return isRead(request) && wantsPage && !NOT_PAGES.test(pathOf(request))
}

export function pathOf(request: FastifyRequest): string {
  return request.url.replace(/[?#].*$/, '')
}
