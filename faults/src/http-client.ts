import { Agent, request } from 'node:http'

/** One server process as the clients see it. */
export type Target = {
  readonly name: string
  readonly port: number
  readonly agent: Agent
  /** Requests sent to it that have neither been answered nor failed. */
  inFlight: number
}

export function targetAt(name: string, port: number): Target {
  return { name, port, agent: new Agent({ keepAlive: true, maxSockets: 512 }), inFlight: 0 }
}

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is. */
  readonly body?: string
  readonly timeoutMs?: number
}

/** A complete answer, or word that there was none: then nobody knows what the server did. */
export type HttpReply =
  | { readonly status: number; readonly text: string; readonly retryAfter: string | undefined }
  | { readonly status: null; readonly reason: string }

const TIMEOUT_MS = 15_000

/** Sends once. Never throws: what went wrong is the reason of an unknown outcome. */
export function send(target: Target, message: HttpRequest): Promise<HttpReply> {
  target.inFlight += 1
  return exchange(target, message).finally(() => {
    target.inFlight -= 1
  })
}

function exchange(target: Target, message: HttpRequest): Promise<HttpReply> {
  const { method, path, headers, body, timeoutMs = TIMEOUT_MS } = message
  return new Promise((resolve) => {
    const unknown = (reason: string) => resolve({ status: null, reason })
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: target.port,
        agent: target.agent,
        method,
        path,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', (error) => unknown(reasonOf(error)))
        incoming.on('close', () => {
          clearTimeout(timer)
          if (!incoming.complete) return unknown('cut in the answer')
          const retryAfter = incoming.headers['retry-after']
          resolve({
            status: incoming.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
            retryAfter,
          })
        })
      },
    )
    const timer = setTimeout(() => outgoing.destroy(new Error('timeout')), timeoutMs)
    outgoing.on('error', (error) => {
      clearTimeout(timer)
      unknown(reasonOf(error))
    })
    outgoing.end(body)
  })
}

function reasonOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message
}

/** Sends until a 2xx comes, for at most `timeoutMs`. Throws on any other 4xx and when time is up. */
export async function sendUntilDone(
  target: Target,
  message: HttpRequest,
  timeoutMs = 60_000,
): Promise<unknown> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const reply = await send(target, message)
    if (reply.status !== null && reply.status < 300) return JSON.parse(reply.text || 'null')
    const said = reply.status === null ? reply.reason : `${reply.status} ${reply.text}`
    if (!isWorthRetrying(reply.status) || performance.now() > deadline)
      throw new Error(`${message.method} ${message.path} on ${target.name}: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** True for everything that is not a definite answer of the product. */
export function isWorthRetrying(status: number | null): boolean {
  return status === null || status >= 500 || status === 409 || status === 429
}
