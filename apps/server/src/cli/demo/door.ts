import { hash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBase62 } from '../../platform/random.ts'

/** A link that signs one browser in, once. */
export type Door = { readonly link: string; close(): Promise<void> }

export type DoorOptions = {
  /** Begins a session for the browser of this name; resolves to its `Set-Cookie`. */
  signIn(userAgent: string): Promise<readonly string[]>
  /** Where whoever came in is led. */
  readonly goal: string
  /** What is said to whoever comes later. */
  readonly usedText: string
}

const HOST = '127.0.0.1'
const TOKEN_LENGTH = 32 // base62 characters: 190 bits

/**
 * Listens beside the server, on this machine alone: the server itself knows no way in but the password.
 * Browsers send a cookie to all ports of the host that set it.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const token = randomBase62(TOKEN_LENGTH)
  let isUsed = false
  const host = () => `${HOST}:${(server.address() as AddressInfo).port}`
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isRightLink(request, { host: host(), token })) return end(response, 404, 'Nothing here.')
    if (isAhead(request)) return end(response, 503, 'Not before you open it.')
    if (isUsed) return end(response, 410, options.usedText)
    isUsed = true
    const cookies = await options.signIn(request.headers['user-agent'] ?? '').catch((error) => {
      isUsed = false
      throw error
    })
    response.writeHead(303, { ...HEADERS, location: options.goal, 'set-cookie': [...cookies] })
    response.end()
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 500, 'That did not work: try again.'))
  })
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  return {
    link: `http://${host()}/sign-in/${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const HEADERS = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

/** By this very address, so that no other site whose name leads here can ask. */
function isRightLink(
  { method, url = '', headers }: IncomingMessage,
  { host, token }: { readonly host: string; readonly token: string },
): boolean {
  return method === 'GET' && headers.host === host && isSameText(url, `/sign-in/${token}`)
}

function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
}

/** Browsers fetch what is being typed before anybody has decided to go there. */
function isAhead({ headers }: IncomingMessage): boolean {
  return String(headers['sec-purpose'] ?? headers.purpose ?? '').includes('prefetch')
}
