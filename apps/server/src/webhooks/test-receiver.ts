import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type ReceivedWebhook = {
  readonly atMs: number
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Receiver = {
  readonly url: string
  readonly port: number
  /** In the order in which their bodies were complete. */
  readonly received: ReceivedWebhook[]
  /** The most requests that were open at the same moment. */
  openMax(): number
  close(): Promise<void>
}

/** A receiver on loopback; `answer` is called with each complete request. 204 unless given. */
export async function startReceiver(
  answer: (response: ServerResponse, webhook: ReceivedWebhook) => void = (response) =>
    response.writeHead(204).end(),
): Promise<Receiver> {
  const received: ReceivedWebhook[] = []
  let open = 0
  let openMax = 0
  const server = createServer(async (request, response) => {
    open += 1
    openMax = Math.max(open, openMax)
    response.on('close', () => {
      open -= 1
    })
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { url: path = '', headers } = request
    const webhook = { atMs: performance.now(), path, headers, body }
    received.push(webhook)
    answer(response, webhook)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    openMax: () => openMax,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What a receiver that trusts nobody makes of a webhook: its body, or an error. */
export function verified(webhook: ReceivedWebhook, secret: string): Record<string, unknown> {
  const headers = webhook.headers as Record<string, string>
  return new Webhook(secret).verify(webhook.body, headers) as Record<string, unknown>
}

export type TcpServer = {
  readonly port: number
  connections(): number
  /** Of all connections, what came in. */
  read(): Buffer
  close(): Promise<void>
}

/** Takes any connection and does with it what it likes; a canary when it does nothing. */
export async function startTcp(
  host: string,
  port = 0,
  onSocket: (socket: Socket) => void = () => {},
): Promise<TcpServer> {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  let connections = 0
  const server = createTcpServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {}) // cut off by the other side: that is what is tested
    socket.on('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, host, resolve),
  )
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    read: () => Buffer.concat(chunks),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
