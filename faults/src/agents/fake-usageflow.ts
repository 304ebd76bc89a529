import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Tls } from './certificates.ts'
import { type Books, openBooks } from './control-books.ts'
import { documentAt } from './policies.ts'
import { BEHAVIOURS, type Exchange, type ServerFault } from './server-faults.ts'

/** Answers agents as UsageFlow does, and fails them on demand. */
export type FakeUsageFlow = {
  readonly port: number
  /** What it was told, whatever it answered. */
  readonly books: Books
  /** From now on; connections that exist are cut, and whoever waits is answered so too. */
  setFault(fault: ServerFault | null): Promise<void>
  close(): Promise<void>
}

const ETAG = '"1"'
const FLAP_MS = 250
const HELD_MS_MAX = 20_000

/** Listens on 127.0.0.1; with `tls` it speaks HTTPS, for which clients trust the first of its certificates. */
export async function startFakeUsageFlow(tls: Tls | null): Promise<FakeUsageFlow> {
  const books = openBooks()
  const sockets = new Set<Socket>()
  let fault: ServerFault | null = null
  let isDown = false
  let flapping: NodeJS.Timeout | undefined
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request).catch(() => null)
    if (body === null || response.destroyed) return
    answer({ request, response, body }, fault, books)
  }
  const server = tls ? createTlsServer(tls.trusted, handle) : createServer(handle)
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, '127.0.0.1', () => resolve())
    })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const present = (certificate: Tls['trusted'] | undefined) => {
    if (certificate && 'setSecureContext' in server) server.setSecureContext(certificate)
  }
  const flap = () => {
    isDown = !isDown
    if (isDown) cut()
  }
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (isDown) socket.resetAndDestroy()
  })
  server.on('tlsClientError', () => {})
  await listen(0)
  const { port } = server.address() as AddressInfo
  const setFault = async (next: ServerFault | null) => {
    const wasRefused = fault === 'refused'
    fault = next
    isDown = false
    clearInterval(flapping)
    if (next === 'flapping') flapping = setInterval(flap, FLAP_MS)
    present(next === 'tls' ? tls?.untrusted : tls?.trusted)
    if (next === 'refused') server.close()
    else if (wasRefused) await listen(port)
    cut()
  }
  return {
    ...{ port, books, setFault },
    async close() {
      await setFault('refused')
    },
  }
}

function answer(exchange: Exchange, fault: ServerFault | null, books: Books): void {
  const { request, response } = exchange
  response.on('error', () => {})
  const behave = fault === null ? undefined : BEHAVIOURS[fault]
  if (behave === undefined) {
    answerWell(exchange, books)
    return
  }
  // What fails on the way back was taken all the same.
  if (behave.isAfterCommit && request.method === 'POST') replyOf(exchange, books)
  behave.act(exchange)
}

function answerWell(exchange: Exchange, books: Books): void {
  const { request, response } = exchange
  if (request.method === 'POST') {
    const text = JSON.stringify(replyOf(exchange, books))
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    return
  }
  if (request.headers['if-none-match'] === ETAG) {
    const timer = setTimeout(() => response.writeHead(304, { etag: ETAG }).end(), HELD_MS_MAX)
    response.once('close', () => clearTimeout(timer))
    return
  }
  books.configs += 1
  const text = JSON.stringify(documentAt(new Date()))
  response.writeHead(200, { etag: ETAG, 'content-type': 'application/json' }).end(text)
}

function replyOf({ request, body }: Exchange, books: Books): object {
  const call = new URL(request.url ?? '/', 'http://local').pathname.replace(/^.*\/control\//, '')
  const said = JSON.parse(body.toString())
  if (call === 'leases') return books.lend(said)
  return call === 'usage' ? books.take(said) : books.hear(said)
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
