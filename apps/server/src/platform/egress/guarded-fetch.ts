import { Client } from 'undici'
import { type Egress, EgressRefused } from './egress.ts'
import { guardedConnector } from './guarded-connector.ts'
import { readOutwardUrl } from './outward-url.ts'

/** What is sent; `body` becomes text. */
export type OutwardRequest = {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/**
 * Asks a server that somebody of outside has named, and gives its whole answer. Throws EgressRefused for
 * a URL or a host that is out of bounds, and whatever else went wrong on the way.
 */
export type GuardedFetch = (url: string, request: OutwardRequest) => Promise<Response>

const TIMEOUT_MS = 10_000
const REPLY_BYTES_MAX = 1024 * 1024
const HEADER_BYTES_MAX = 16 * 1024
const WITHOUT_BODY = [101, 204, 205, 304]

/**
 * Each request has a connection of its own, to an address that was checked for it. Follows no redirect,
 * unpacks no compression, heeds no proxy, and within `timeoutMs` all is over.
 */
export function createGuardedFetch(egress: Egress, timeoutMs = TIMEOUT_MS): GuardedFetch {
  return async (text, { method, headers, body }) => {
    const url = readOutwardUrl(text)
    if (!(url instanceof URL)) throw new EgressRefused('this address is out of reach')
    const deadline = AbortSignal.timeout(timeoutMs)
    const client = new Client(url.origin, {
      connect: guardedConnector(egress, deadline, timeoutMs),
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: 0, // one deadline for everything
      bodyTimeout: 0,
    })
    const giveUp = () => client.destroy(deadline.reason)
    deadline.addEventListener('abort', giveUp, { once: true })
    try {
      const path = url.pathname + url.search
      const reply = await client.request({
        ...{ method: method as 'GET', path, headers, reset: true }, // any other that the caller says
        ...(body === undefined ? {} : { body }),
      })
      const bytes = await wholeOf(reply.body)
      return new Response(WITHOUT_BODY.includes(reply.statusCode) ? null : bytes, {
        status: reply.statusCode,
        headers: Object.entries(reply.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one): [string, string] => [name, one]),
        ),
      })
    } finally {
      deadline.removeEventListener('abort', giveUp)
      await client.destroy()
    }
  }
}

async function wholeOf(body: AsyncIterable<Buffer>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > REPLY_BYTES_MAX) throw new EgressRefused('this answer is too long')
  }
  return Buffer.concat(chunks)
}
