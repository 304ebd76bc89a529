import { Client, errors } from 'undici'
import { type Egress, EgressRefused } from '../platform/egress/egress.ts'
import { guardedConnector } from '../platform/egress/guarded-connector.ts'
import { replyExcerpt } from './reply-excerpt.ts'

export type WebhookRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type WebhookReply = {
  /** Null when no answer came; then `error` says why. */
  readonly status: number | null
  readonly error: SendError | null
  readonly retryAfter: string | null
  /** The beginning of what was answered, for people. */
  readonly text: string | null
  readonly durationMs: number
}

/**
 * Why no answer came. `unreachable` is also the word for a host that we refuse: whoever owns the
 * endpoint learns nothing of what stands behind our firewall.
 */
export type SendError = 'unreachable' | 'timeout' | 'tls_failed' | 'connection_lost' | 'malformed'

/**
 * Sends one POST. Resolves with whatever became of it; rejects only when this machine is at fault,
 * having no sockets left.
 */
export type WebhookSender = (request: WebhookRequest) => Promise<WebhookReply>

const TIMEOUT_MS = 15_000
const REPLY_BYTES_MAX = 64 * 1024
const HEADER_BYTES_MAX = 16 * 1024

/**
 * The only way by which webhooks leave. Each request has a connection of its own, so that none is
 * shared by two tenants and every one is checked: the address that was allowed is the one connected to.
 * Follows no redirect, unpacks no compression, heeds no proxy, and within `timeoutMs` all is over.
 */
export function createWebhookSender(egress: Egress, timeoutMs = TIMEOUT_MS): WebhookSender {
  return async (request) => {
    const startedAt = performance.now()
    const deadline = AbortSignal.timeout(timeoutMs)
    const url = new URL(request.url)
    const client = new Client(url.origin, {
      connect: guardedConnector(egress, deadline, timeoutMs),
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: 0, // one deadline for everything
      bodyTimeout: 0,
    })
    // A signal of the request would be heard only once there is a connection.
    const giveUp = () => client.destroy(deadline.reason)
    deadline.addEventListener('abort', giveUp, { once: true })
    const elapsedMs = () => Math.ceil(performance.now() - startedAt)
    try {
      const reply = await client.request({
        method: 'POST',
        path: url.pathname + url.search,
        headers: request.headers,
        body: request.body,
        reset: true, // asks for the connection to be closed
      })
      const bytes = await startOf(reply.body)
      return {
        status: reply.statusCode,
        error: null,
        retryAfter: only(reply.headers['retry-after']),
        text: reply.headers['content-encoding'] ? null : replyExcerpt(bytes),
        durationMs: elapsedMs(),
      }
    } catch (error) {
      const word = deadline.aborted ? 'timeout' : sendError(error)
      if (word === null) throw error
      return { status: null, error: word, retryAfter: null, text: null, durationMs: elapsedMs() }
    } finally {
      deadline.removeEventListener('abort', giveUp)
      await client.destroy()
    }
  }
}

/** The first bytes of a body. The status has decided already, so a body that breaks off is no failure. */
async function startOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= REPLY_BYTES_MAX) break
    }
  } catch {
    // cut off by the receiver or by the deadline
  }
  return Buffer.concat(chunks)
}

function only(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null
}

const OURS = /^(EMFILE|ENFILE|ENOBUFS|ENOMEM)$/
const UNREACHABLE = /^(ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/
const TLS = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/
const TIMEOUT = /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/

/** Null: it says nothing about the receiver. */
function sendError(error: unknown): SendError | null {
  if (error instanceof EgressRefused) return 'unreachable'
  if (error instanceof errors.HTTPParserError) return 'malformed'
  const code = String((error as { code?: unknown } | null)?.code)
  if (OURS.test(code)) return null
  if (UNREACHABLE.test(code)) return 'unreachable'
  if (TLS.test(code)) return 'tls_failed'
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'malformed'
  return TIMEOUT.test(code) ? 'timeout' : 'connection_lost'
}
