import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createEgress } from '../platform/egress/egress.ts'
import { createWebhookSender, type WebhookReply, type WebhookSender } from './safe-fetch.ts'
import { startReceiver, startTcp } from './test-receiver.ts'

const LOOPBACK = ['127.0.0.0/8', '::1/128']

const opened: { close(): Promise<void> }[] = []
function closing<T extends { close(): Promise<void> }>(server: T): T {
  opened.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()))
})

function aSender(timeoutMs?: number): WebhookSender {
  return createWebhookSender(createEgress({ allowedNetworks: LOOPBACK }), timeoutMs)
}

function sendTo(url: string, timeoutMs?: number): Promise<WebhookReply> {
  const headers = { 'content-type': 'application/json', 'webhook-id': 'fact_1' }
  return aSender(timeoutMs)({ url, headers, body: '{"type":"webhook.test"}' })
}

async function answeredWith(answer: (response: ServerResponse) => void): Promise<WebhookReply> {
  const receiver = closing(await startReceiver(answer))
  return sendTo(receiver.url, 1_000)
}

async function cutBy(onSocket: (socket: Socket) => void): Promise<WebhookReply> {
  const { port } = closing(await startTcp('127.0.0.1', 0, onSocket))
  return sendTo(`http://127.0.0.1:${port}/`, 1_000)
}

describe('a receiver that answers', () => {
  test('gets one POST with our headers and body, and a connection of its own', async () => {
    const receiver = closing(await startReceiver())
    const send = aSender()
    for (const path of ['/hook?a=b', '/other'])
      await send({ url: `http://127.0.0.1:${receiver.port}${path}`, headers: {}, body: '{"ä":1}' })

    expect(receiver.received.map(({ path, body }) => [path, body])).toEqual([
      ['/hook?a=b', '{"ä":1}'],
      ['/other', '{"ä":1}'],
    ])
    for (const { headers } of receiver.received)
      expect(headers).toMatchObject({ connection: 'close', 'content-length': '8' })
    expect(receiver.received[0]?.headers['accept-encoding']).toBeUndefined()
  })

  test.each([200, 204, 301, 400, 410, 429, 500, 503])('%i is told as it is', async (status) => {
    const reply = await answeredWith((response) => response.writeHead(status).end())
    expect(reply).toMatchObject({ status, error: null })
  })

  test('is quoted in the log, and its wish to wait is heard', async () => {
    const reply = await answeredWith((response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow down\0'),
    )
    expect(reply).toMatchObject({ status: 429, retryAfter: '7', text: 'slow down' })
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i is not followed, not even to a public place',
    async (status) => {
      const canary = closing(await startTcp('127.0.0.1'))
      const location = `http://127.0.0.1:${canary.port}/`
      const reply = await answeredWith((response) => response.writeHead(status, { location }).end())
      expect(reply).toMatchObject({ status, error: null })
      expect(canary.connections()).toBe(0)
    },
  )
})

describe('an answer without measure', () => {
  test('of 10 MB is read up to 64 KiB, and the status counts', async () => {
    let socket: Socket | null = null
    const reply = await answeredWith((response) => {
      socket = response.socket
      response.writeHead(200).end(Buffer.alloc(10_000_000, 'x'))
    })
    expect(reply).toMatchObject({ status: 200, text: 'x'.repeat(1_024) })
    const { bytesWritten, writableLength } = socket as unknown as Socket
    expect(bytesWritten - writableLength).toBeLessThan(9_000_000) // kernels buffer some of it
  })

  test('that is packed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const before = process.memoryUsage().rss
    const reply = await answeredWith((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    expect(reply).toMatchObject({ status: 200, text: null })
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test('has no headers of more than 16 KiB', async () => {
    const reply = await answeredWith((response) =>
      response.writeHead(200, { 'x-long': 'y'.repeat(20_000) }).end(),
    )
    expect(reply).toMatchObject({ status: null, error: 'malformed' })
  })

  test('that drips is over at the deadline, with the status that came', async () => {
    const reply = await answeredWith((response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 100)
      response.on('close', () => clearInterval(drip))
    })
    expect(reply).toMatchObject({ status: 200, error: null })
    expect(reply.durationMs).toBeGreaterThanOrEqual(990)
    expect(reply.durationMs).toBeLessThan(1_500)
  })
})

describe('a receiver that does not answer', () => {
  test('is given up at the deadline, and its connection closed', async () => {
    let closed: Promise<unknown> = Promise.reject(new Error('nobody came'))
    closed.catch(() => {})
    const reply = await cutBy((socket) => {
      closed = once(socket, 'close')
    })
    expect(reply).toMatchObject({ status: null, error: 'timeout' })
    expect(reply.durationMs).toBeLessThan(1_500)
    await closed
  })

  test('but sends headers without end, is given up at the same deadline', async () => {
    const reply = await cutBy((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x: y\r\n'), 50)
      socket.on('close', () => clearInterval(drip))
    })
    expect(reply).toMatchObject({ status: null, error: 'timeout' })
  })

  test('nor shakes hands is given up at the same deadline, and its connection closed', async () => {
    const closed: Promise<unknown>[] = []
    const { port, read } = closing(
      await startTcp('127.0.0.1', 0, (socket) => closed.push(once(socket, 'close'))),
    )
    const reply = await sendTo(`https://127.0.0.1:${port}/`, 500)
    expect(reply).toMatchObject({ status: null, error: 'timeout' })
    expect(reply.durationMs).toBeLessThan(1_000)
    expect(read().length).toBeGreaterThan(0) // it was asked to
    await Promise.all(closed)
  })

  test('cannot hold the deadline off by answering "wait" again and again', async () => {
    const reply = await cutBy((socket) => {
      const drip = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 50)
      socket.on('close', () => clearInterval(drip))
    })
    expect(reply.status).toBeNull()
    expect(reply.durationMs).toBeLessThan(1_500)
  })

  test.each<[string, (socket: Socket) => void, string]>([
    [
      'resets the connection',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'connection_lost',
    ],
    ['hangs up', (socket) => socket.once('data', () => socket.end()), 'connection_lost'],
    [
      'speaks another protocol',
      (socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
      'malformed',
    ],
  ])('%s', async (_, onSocket, error) => {
    expect(await cutBy(onSocket)).toMatchObject({ status: null, error })
  })

  test('because nobody listens is unreachable', async () => {
    const { port, close } = await startTcp('127.0.0.1')
    await close()
    expect(await sendTo(`http://127.0.0.1:${port}/`)).toMatchObject({ error: 'unreachable' })
  })

  test('in TLS gets no request in clear', async () => {
    const server = closing(await startTcp('127.0.0.1', 0, (socket) => socket.end('hello\r\n')))
    const reply = await sendTo(`https://127.0.0.1:${server.port}/`, 1_000)
    expect(reply).toMatchObject({ status: null, error: 'tls_failed' })
    expect(server.read().toString('latin1')).not.toContain('webhook')
  })
})

describe('the deadline', () => {
  test('holds for name servers too, and nothing is connected to after it', async () => {
    const canary = closing(await startTcp('127.0.0.1'))
    const resolve = async () => {
      await sleep(600)
      return ['127.0.0.1']
    }
    const send = createWebhookSender(createEgress({ allowedNetworks: LOOPBACK, resolve }), 300)
    const reply = await send({ url: `http://slow.test:${canary.port}/`, headers: {}, body: '' })
    expect(reply).toMatchObject({ error: 'timeout' })
    expect(reply.durationMs).toBeLessThan(500)
    await sleep(500)
    expect(canary.connections()).toBe(0)
  })
})

test('the environment cannot send webhooks by a detour', async () => {
  const proxy = closing(await startTcp('127.0.0.1'))
  const receiver = closing(await startReceiver())
  const names = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'NODE_USE_ENV_PROXY',
  ]
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
  try {
    expect(await sendTo(receiver.url)).toMatchObject({ status: 204 })
  } finally {
    for (const name of names) delete process.env[name]
  }
  expect(proxy.connections()).toBe(0)
})
