import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sendJson } from './answer.ts'
import { rawRoute, route } from './route.ts'
import { KEY, serveForTest, type TestApp } from './test-app.ts'

const echo = route({
  method: 'POST',
  path: '/api/echo',
  tag: 'Test',
  summary: 'Echo',
  scope: 'usage:read',
  body: z.strictObject({ text: z.string() }),
  replies: { 200: z.object({ text: z.string() }) },
  handle: async ({ body }) => ({ status: 200, body }),
})

/** Answers each chunk as it comes. */
const stream = rawRoute({
  method: 'POST',
  path: '/api/stream',
  tag: 'Test',
  summary: 'Stream',
  scope: 'usage:read',
  isHot: false,
  replies: { 200: z.object({}) },
  handleRaw(request, response, { allowStream }) {
    allowStream()
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    request.on('data', (chunk: Buffer) => response.write(`${chunk.length}\n`))
    request.on('end', () => response.end())
  },
})

const slow = rawRoute({
  method: 'POST',
  path: '/api/slow',
  tag: 'Test',
  summary: 'Answers when the body has come',
  scope: 'usage:read',
  isHot: true,
  replies: { 200: z.object({}) },
  handleRaw(request, response) {
    request.resume().on('end', () => sendJson(response, 200, {}))
  },
})

const head = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: test\r\nx-usageflow-api-key: ${KEY['x-usageflow-api-key']}\r\ncontent-type: application/json\r\n`

describe('a client that is too slow', () => {
  const length = 'content-length: 900\r\n\r\n'
  const chunked = 'transfer-encoding: chunked\r\n\r\n'
  const cases: Record<string, { start: string; drips: boolean; secondsMax: number }> = {
    headers: { start: 'POST /api/echo HTTP/1.1\r\nhost: te', drips: true, secondsMax: 12 },
    body: { start: `${head('/api/echo')}${length}{"te`, drips: true, secondsMax: 15 },
    'body of the hot route': {
      start: `${head('/api/slow')}${length}{"te`,
      drips: true,
      secondsMax: 15,
    },
    chunks: { start: `${head('/api/echo')}${chunked}384\r\n{"te`, drips: true, secondsMax: 15 },
    silence: { start: `${head('/api/echo')}${length}`, drips: false, secondsMax: 15 },
  }

  test('is cut off within 15 s and told why, unless its stream keeps coming', async () => {
    const app = await serveForTest([echo, slow, stream])
    const streamed = streamFor(17, app)
    const drip = async ({ start, drips }: { start: string; drips: boolean }) => {
      const client = open(app)
      client.socket.write(start)
      const dripping = setInterval(() => drips && client.socket.write('x'), 500)
      const seconds = await client.closed.finally(() => clearInterval(dripping))
      return { seconds, received: client.received() }
    }
    const ends = await Promise.all(
      Object.entries(cases).map(async ([what, one]) => ({ what, ...one, ...(await drip(one)) })),
    )
    for (const { what, seconds, secondsMax, received } of ends) {
      expect(seconds, what).toBeLessThan(secondsMax)
      expect(received, what).toMatch(/^HTTP\/1\.1 408 /)
      expect(received, what).toContain('"code":"request.too_slow"')
    }
    expect(await streamed).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n0\r\n\r\n$/)
  })
})

describe('what is not HTTP', () => {
  const cases: [string, string, number, string][] = [
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00', 400, 'request.broken'],
    [
      'an address with backslashes',
      'GET \\api\\echo HTTP/1.1\r\nhost: a\r\n\r\n',
      400,
      'request.broken',
    ],
    [
      'two lengths',
      `${head('/api/echo')}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
      400,
      'request.broken',
    ],
    [
      'a length and chunks',
      `${head('/api/echo')}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'request.broken',
    ],
    [
      'a line break in a header',
      `GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n`,
      400,
      'request.broken',
    ],
    [
      'headers of 17 KiB',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
      431,
      'request.headers_too_large',
    ],
  ]
  test.each(cases)(
    'is answered in our words and closed: %s',
    async (_what, bytes, status, code) => {
      const client = open(await serveForTest([echo]))
      client.socket.write(bytes, 'latin1')
      await client.closed
      const [headers = '', body = ''] = client.received().split('\r\n\r\n')
      expect(headers).toContain(`HTTP/1.1 ${status} `)
      expect(headers).toContain('x-content-type-options: nosniff')
      expect(JSON.parse(body).error).toMatchObject({
        code,
        requestId: expect.stringMatching(/^req_/),
      })
    },
  )

  test('does not break into an answer that is being sent on the same connection', async () => {
    const client = open(await serveForTest([stream]))
    client.socket.write(
      `${head('/api/stream')}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\nnot a chunk\r\n`,
    )
    await client.closed
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 /)
    expect(client.received()).not.toContain('HTTP/1.1 400')
  })
})

describe('a server that stops', () => {
  test('finishes what it has begun and turns away what comes after, on every route', async () => {
    const app = await serveForTest([echo, slow])
    const busy = open(app)
    busy.socket.write(`${head('/api/slow')}content-length: 2\r\n\r\n`)
    const late = [open(app), open(app)]
    for (const client of late) client.socket.write(`${head('/api/echo')}content-le`)
    await sleep(200)
    const closed = app.close()
    await sleep(100)
    for (const client of late) client.socket.write('ngth: 12\r\n\r\n{"text":"a"}')
    await Promise.all(late.map((client) => client.closed))
    for (const client of late) {
      expect(client.received()).toMatch(/^HTTP\/1\.1 503 /)
      expect(client.received()).toMatch(/\r\nretry-after: 1\r\n/)
      expect(client.received()).toMatch(/\r\nconnection: close\r\n/)
      expect(client.received()).toContain('"code":"unavailable"')
    }
    const finished = performance.now()
    busy.socket.write('{}')
    await closed
    expect(performance.now() - finished).toBeLessThan(2_000) // it waits for no client to hang up
    expect(busy.received()).toMatch(/^HTTP\/1\.1 200 /)
  })
})

/** Sends a line a second, and returns what came back when the last one was answered. */
async function streamFor(seconds: number, app: TestApp): Promise<string> {
  const client = open(app)
  client.socket.write(`${head('/api/stream')}transfer-encoding: chunked\r\n\r\n`)
  for (let second = 0; second < seconds; second++) {
    client.socket.write('2\r\n{}\r\n')
    await sleep(1_000)
  }
  client.socket.write('0\r\n\r\n')
  await sleep(500)
  client.socket.destroy()
  return client.received()
}

function open(app: TestApp): { socket: Socket; received(): string; closed: Promise<number> } {
  const started = performance.now()
  const socket = connect(app.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {})
  const closed = new Promise<number>((resolve) =>
    socket.on('close', () => resolve((performance.now() - started) / 1_000)),
  )
  return { socket, received: () => Buffer.concat(chunks).toString(), closed }
}
