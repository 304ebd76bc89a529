import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export type SlowBodies = {
  /** Begins to watch the body of a request whose headers have come. */
  watch(request: IncomingMessage, response: ServerResponse): void
  /** The body of this request may take any time, as long as it keeps coming. */
  allowStream(request: IncomingMessage): void
  /** Whether an answer is being written on this connection at the moment. */
  isAnswering(socket: Duplex): boolean
  stop(): void
}

/** What a connection is receiving, or has received last. */
type Receiving = {
  request: IncomingMessage
  response: ServerResponse
  isStream: boolean
  /** When the body began or, of a stream, when something came last. */
  movedAtMs: number
  bytesRead: number
}

const SWEEP_MS = 1_000

/**
 * Calls `cut` for the connection of each request whose body is not there whole after `bodyMsMax`, and for each stream of
 * which nothing has come for `silenceMsMax`, to the second. A stream is silent only while there is room
 * for more of it: a server that is slow to read never blames the client.
 *
 * Node's own `requestTimeout` is one limit for all requests, so under it no stream could outlive a form.
 */
export function watchSlowBodies(
  limits: { readonly bodyMsMax: number; readonly silenceMsMax: number },
  cut: (socket: Duplex) => void,
): SlowBodies {
  const connections = new Map<Duplex, Receiving>()
  let nowMs = performance.now()

  const isTooSlow = (receiving: Receiving): boolean => {
    const { request, isStream } = receiving
    if (isStream && hasMoved(receiving)) receiving.movedAtMs = nowMs
    receiving.bytesRead = request.socket.bytesRead
    return nowMs - receiving.movedAtMs > (isStream ? limits.silenceMsMax : limits.bodyMsMax)
  }

  const sweep = setInterval(() => {
    nowMs = performance.now()
    for (const receiving of connections.values()) {
      const { request } = receiving
      if (!request.complete && !request.destroyed && isTooSlow(receiving)) cut(request.socket)
    }
  }, SWEEP_MS).unref()

  return {
    watch(request, response) {
      const { socket } = request
      const receiving = connections.get(socket)
      if (receiving) {
        receiving.request = request
        receiving.response = response
        receiving.isStream = false
        receiving.movedAtMs = nowMs
      } else {
        const start = { isStream: false, movedAtMs: nowMs, bytesRead: 0 }
        connections.set(socket, { request, response, ...start })
        socket.once('close', () => connections.delete(socket))
      }
    },
    allowStream(request) {
      const receiving = connections.get(request.socket)
      if (receiving?.request === request) receiving.isStream = true
    },
    isAnswering(socket) {
      const response = connections.get(socket)?.response
      return response?.headersSent === true && !response.writableFinished
    },
    stop: () => clearInterval(sweep),
  }
}

function hasMoved({ request, bytesRead }: Receiving): boolean {
  const hasRoom = request.readableLength < request.readableHighWaterMark
  return request.socket.bytesRead !== bytesRead || !hasRoom
}
