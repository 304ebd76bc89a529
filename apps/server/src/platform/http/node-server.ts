import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { newId } from '../id.ts'
import type { Logger } from '../log.ts'
import { errorAnswer, SECURITY_HEADERS, sendError, type Words } from './answer.ts'
import { failures } from './request-failures.ts'
import type { RawContext, RawRoute, Route } from './route.ts'
import { watchSlowBodies } from './slow-bodies.ts'

const HEADERS_MS_MAX = 10_000
const BODY_MS_MAX = 13_000 // with the second in which it is noticed, slow bodies are gone before 15 s
const SILENCE_MS_MAX = 60_000 // of a stream; its sender may have to think in between
const ANSWER_MS_MAX = 120_000 // a connection on which nothing moves at all, whoever is to blame
const IDLE_MS_MAX = 72_000 // longer than a load balancer keeps idle connections, so that it closes them first
const STOP_MS_MAX = 7_000 // for what is under way when told to stop; then whoever told us loses patience
const SWEEP_MS = 100
const HEADER_BYTES_MAX = 16 * 1024
const CONNECTIONS_MAX = 4_096

export type Gate = {
  readonly server: Server
  /** From now on every request is told to come back to another process, or later. */
  shut(): void
  /** The body of this request may take any time, as long as it keeps coming. */
  allowStream(request: IncomingMessage): void
  /** Ends what watches over the connections. */
  stop(): void
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * The server below the framework: it closes what is too slow, too large or not HTTP, and hands the rest
 * to `handler`, save the hot routes, which are answered without it.
 */
export function createNodeServer(handler: Handler, routes: readonly Route[], log: Logger): Gate {
  const hot = hotRoutes(routes)
  let isShut = false
  let closing: { end(): void } | undefined
  const bodies = watchSlowBodies(
    { bodyMsMax: BODY_MS_MAX, silenceMsMax: SILENCE_MS_MAX },
    (socket) => close(socket, 'ERR_HTTP_REQUEST_TIMEOUT'),
  )

  const close = (socket: Duplex, code: string | undefined): void => {
    if (socket.writable && !bodies.isAnswering(socket)) socket.write(lastWords(code, log))
    socket.destroy()
  }

  const server = createServer(options, (request, response) => {
    if (isShut) return turnAway(response, log)
    bodies.watch(request, response)
    const route = hot.get(`${request.method} ${request.url}`)
    if (!route) return handler(request, response)
    const allowStream = () => bodies.allowStream(request)
    route.handleRaw(request, response, new HotContext(log, allowStream, route.words))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => close(socket, error.code))
  server.maxConnections = CONNECTIONS_MAX
  server.timeout = ANSWER_MS_MAX
  return {
    server,
    allowStream: bodies.allowStream,
    stop() {
      closing?.end()
      bodies.stop()
    },
    shut() {
      isShut = true
      closing ??= closeAsTheyFinish(server)
    },
  }
}

const options = {
  headersTimeout: HEADERS_MS_MAX,
  requestTimeout: 0, // one limit for all requests: `watchSlowBodies` knows better
  connectionsCheckingInterval: 1_000, // of the headers; by default a slow one has half a minute more
  maxHeaderSize: HEADER_BYTES_MAX,
  keepAliveTimeout: IDLE_MS_MAX,
}

/** Makes an id only when it is asked for: most requests go well, and an id costs as much as reading an event. */
class HotContext implements RawContext {
  readonly log: Logger
  readonly allowStream: () => void
  readonly params = {}
  readonly query = {}
  readonly words?: Words
  private id: string | undefined

  constructor(log: Logger, allowStream: () => void, words: Words | undefined) {
    this.log = log
    this.allowStream = allowStream
    if (words) this.words = words
  }

  get requestId(): string {
    this.id ??= newId('req')
    return this.id
  }
}

function hotRoutes(routes: readonly Route[]): ReadonlyMap<string, RawRoute> {
  const hot = routes.filter((route) => route.kind === 'raw').filter((route) => route.isHot)
  return new Map(hot.map((route) => [`${route.method} ${route.path}`, route]))
}

/** Node closes the connections that are idle when it stops, and waits for those that become so later. */
function closeAsTheyFinish(server: Server): { end(): void } {
  const idle = setInterval(() => server.closeIdleConnections(), SWEEP_MS).unref()
  const rest = setTimeout(() => server.closeAllConnections(), STOP_MS_MAX).unref()
  return {
    end() {
      clearInterval(idle)
      clearTimeout(rest)
    },
  }
}

function turnAway(response: ServerResponse, log: Logger): void {
  response.setHeader('connection', 'close')
  sendError(response, failures.stopping(), { requestId: newId('req'), log })
}

/** The answer to what never became a request: these statuses belong to HTTP itself, not to a kind of failure. */
function lastWords(code: string | undefined, log: Logger): string {
  const [status, failure] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? (['408 Request Timeout', failures.tooSlow()] as const)
      : code === 'HPE_HEADER_OVERFLOW'
        ? (['431 Request Header Fields Too Large', failures.headersTooLarge()] as const)
        : (['400 Bad Request', failures.broken()] as const)
  const requestId = newId('req')
  const body = JSON.stringify(errorAnswer(failure, requestId, log).body)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    'x-request-id': requestId,
    ...SECURITY_HEADERS,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
