import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What the real server never does, at least not when asked to. */
export type Fault = keyof typeof FAULTS

/** Stands before the real server, and behaves badly on demand. */
export type FaultyServer = {
  readonly url: string
  /** How many events each request held, and when it came. */
  readonly requests: { readonly events: number; readonly atMs: number }[]
  setFault(fault: Fault): void
}

type Exchange = {
  readonly body: Buffer
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Where the real server takes events. */
  readonly elsewhere: string
  /** What the real server answers. */
  forward(): Promise<{ status: number; body: Buffer }>
}

const FAULTS = {
  none: passOn,
  'no answer': () => {},
  'a connection that is reset': ({ request }: Exchange) => request.socket.resetAndDestroy(),
  'an answer that is cut off after the commit': async ({ response, forward }: Exchange) => {
    const { body } = await forward()
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.subarray(0, body.length / 2), () => response.socket?.resetAndDestroy())
  },
  'an answer that is lost after the commit': async ({ response, forward }: Exchange) => {
    await forward()
    response.socket?.resetAndDestroy()
  },
  'an answer of one byte a second': async ({ response, forward }: Exchange) => {
    const { body } = await forward()
    response.writeHead(200)
    const timer = setInterval(() => response.write(body.subarray(0, 1)), 1_000)
    response.on('close', () => clearInterval(timer))
  },
  'an answer without an end': ({ response }: Exchange) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  },
  'what is no JSON': ({ response }: Exchange) => void response.end('<html>It works!</html>'),
  'too few results': ({ response }: Exchange) => void response.end('{"results":[]}'),
  'results of another kind': ({ body, response }: Exchange) => {
    const results = JSON.parse(body.toString()).map(() => ({ status: 'fine' }))
    response.end(JSON.stringify({ results }))
  },
  'an error of its own': ({ response }: Exchange) => void response.writeHead(500).end('oops'),
  'a key that is refused': ({ response }: Exchange) =>
    void response.writeHead(401).end('{"error":{"code":"auth.key_refused","message":"not valid"}}'),
  'a page that blocks': ({ response }: Exchange) => void response.writeHead(403).end('<html>'),
  'a complaint about how it came': ({ response }: Exchange) =>
    void response.writeHead(400).end('{"error":{"code":"request.media_type","message":"no"}}'),
  'a way to elsewhere': ({ elsewhere, response }: Exchange) =>
    void response.writeHead(307, { location: elsewhere }).end(),
  'please later, in a second': ({ response }: Exchange) =>
    void response.writeHead(503, { 'retry-after': '1' }).end(),
  'please later, in an hour': ({ response }: Exchange) =>
    void response.writeHead(429, { 'retry-after': '3600' }).end(),
  'a request that is too large for what stands before': ({ body, ...exchange }: Exchange) =>
    body.length > 1_000
      ? void exchange.response.writeHead(413).end()
      : passOn({ body, ...exchange }),
} satisfies Record<string, (exchange: Exchange) => unknown>

/** Listens until the test has ended, on the way to the real server at `port`. */
export async function startFaultyServer(port: number): Promise<FaultyServer> {
  let fault: Fault = 'none'
  const requests: { events: number; atMs: number }[] = []
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request).catch(() => null)
    if (body === null) return
    requests.push({ events: JSON.parse(body.toString()).length, atMs: performance.now() })
    const behave: (exchange: Exchange) => unknown = FAULTS[fault]
    try {
      const elsewhere = `http://127.0.0.1:${port}${request.url}`
      const real = { elsewhere, forward: () => forward(port, request, body) }
      await behave({ body, request, response, ...real })
    } catch {
      response.destroy() // the test is over, and with it the real server
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setFault: (next) => {
      fault = next
    },
  }
}

/** Every way to be bad that leaves the client without an answer. */
export const UNANSWERED = (Object.keys(FAULTS) as Fault[]).filter(
  (fault) => !['none', 'please later, in an hour'].includes(fault) && !fault.includes('too large'),
)

async function passOn({ response, forward }: Exchange): Promise<void> {
  const { status, body } = await forward()
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  return Buffer.concat(parts)
}

function forward(port: number, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      bodyOf(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
