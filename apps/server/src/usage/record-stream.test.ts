import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { serveUsage, type TestUsage } from './test-usage.ts'

type Line = { status: string; eventId?: string; error?: { code: string; message: string } }

function open(usage: TestUsage, headers: Record<string, string> = {}): ClientRequest {
  return request({
    port: usage.port,
    path: '/api/v1/events',
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'x-usageflow-api-key': 'all', ...headers },
  })
}

async function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return response
}

async function linesOf(response: IncomingMessage): Promise<Line[]> {
  let text = ''
  for await (const chunk of response) text += chunk
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function stream(usage: TestUsage, body: string | Buffer): Promise<Line[]> {
  const outgoing = open(usage)
  const answering = answerOf(outgoing)
  outgoing.end(body)
  return await linesOf(await answering)
}

const event = (index: number, more: object = {}) =>
  JSON.stringify({
    name: 'API_CALL',
    customerId: `c${index % 10}`,
    idempotencyKey: `k${index}`,
    ...more,
  })

async function stored(usage: TestUsage): Promise<number> {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{
      count: number
    }>`select count(*)::int as count from usage_events where env_id = ${usage.envId}`.execute(tx),
  )
  return rows[0]?.count ?? 0
}

describe('a stream of events', () => {
  test('ends when its key is revoked, and nothing that comes later is recorded', async () => {
    const usage = await serveUsage()
    const outgoing = open(usage)
    const answering = answerOf(outgoing)
    outgoing.write(`${event(1)}\n`)
    const response = await answering
    const [first] = (await once(response, 'data')) as [Buffer]
    expect(JSON.parse(first.toString())).toMatchObject({ status: 'recorded' })
    const cut = once(response, 'error')
    usage.revoke('all')
    outgoing.on('error', () => {})
    outgoing.write(`${event(2)}\n`)
    await cut
    expect(await stored(usage)).toBe(1)
  })

  test('is answered with one result a line, in order, whatever is wrong with some', async () => {
    const usage = await serveUsage()
    const lines = await stream(
      usage,
      [
        event(1),
        event(2),
        '',
        '{"name":',
        event(1),
        ' \t\r',
        `${event(3)}\r`,
        event(1, { amount: 7 }),
        '[]',
        '{"name":"a","name":"b","customerId":"c"}',
        event(4),
      ].join('\n'),
    )
    expect(lines.map(({ status, error }) => error?.code ?? status)).toEqual([
      'recorded',
      'recorded',
      'json.syntax',
      'duplicate',
      'recorded',
      'usage.key_reused',
      'usage.malformed',
      'json.repeated_key',
      'recorded',
    ])
    expect(lines[3]?.eventId).toBe(lines[0]?.eventId)
    expect(await stored(usage)).toBe(4)
  })

  test('may be empty', async () => {
    expect(await stream(await serveUsage(), '')).toEqual([])
  })

  test('goes on after a line that is too long', async () => {
    const usage = await serveUsage()
    const lines = await stream(usage, `${event(1)}\n${'x'.repeat(1_100_000)}\n${event(2)}\n`)
    expect(lines.map(({ status, error }) => error?.code ?? status)).toEqual([
      'recorded',
      'usage.line_too_long',
      'recorded',
    ])
  })

  test('is answered while it comes, line by line', async () => {
    const usage = await serveUsage()
    const outgoing = open(usage)
    const answering = answerOf(outgoing)
    const parts: string[] = []
    outgoing.write(`${event(1)}\n${event(2).slice(0, 10)}`)
    const response = await answering
    response.on('data', (chunk) => parts.push(String(chunk)))
    while (parts.length < 1) await sleep(5)
    expect(parts.join('').trim().split('\n')).toHaveLength(1)
    outgoing.write(`${event(2).slice(10)}\n`)
    while (parts.join('').trim().split('\n').length < 2) await sleep(5)
    outgoing.end()
    await once(response, 'end')
  })

  test('does not oblige its sender to read before it has sent everything', async () => {
    const usage = await serveUsage()
    const count = 60_000 // their results are several times what sockets and buffers take
    const outgoing = open(usage)
    const answering = answerOf(outgoing)
    for (let index = 0; index < count; index += 500) {
      const lines = Array.from(
        { length: 500 },
        (_, at) => `${event(index + at, at === 0 ? { amount: -1 } : {})}\n`,
      )
      if (!outgoing.write(lines.join(''))) await once(outgoing, 'drain')
    }
    outgoing.end()
    const response = await answering // paused until somebody reads it
    await sleep(200)
    const lines = await linesOf(response)
    expect(lines).toHaveLength(count)
    expect(
      lines.findIndex(
        ({ status }, index) => status !== (index % 500 === 0 ? 'refused' : 'recorded'),
      ),
    ).toBe(-1)
    expect(new Set(lines.map(({ eventId }) => eventId)).size).toBe(count - count / 500 + 1)
  })

  test('stores what came before its sender vanished, and serves the next', async () => {
    const usage = await serveUsage()
    const outgoing = open(usage)
    outgoing.on('error', () => {})
    const answering = answerOf(outgoing)
    outgoing.write(`${event(1)}\n${event(2)}`)
    const response = await answering
    response.on('error', () => {})
    await once(response, 'data')
    outgoing.destroy()
    expect((await stream(usage, event(3))).map(({ status }) => status)).toEqual(['recorded'])
    expect(await stored(usage)).toBe(2)
  })

  test('waits out a database that loses its connections, and stores everything once', async () => {
    const usage = await serveUsage({ deadlineMs: 500, eventsMax: 1_500 })
    const owner = new pg.Client({ connectionString: (await testDatabase()).url })
    await owner.connect()
    let isOver = false
    const killing = (async () => {
      while (!isOver) {
        await owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'usage test'`,
        )
        await sleep(100)
      }
      await owner.end()
    })()
    const outgoing = open(usage)
    const answering = answerOf(outgoing)
    for (let index = 0; index < 4_000; index += 200) {
      const keyless = (at: number) => (at % 2 === 0 ? { idempotencyKey: undefined } : {})
      outgoing.write(
        Array.from({ length: 200 }, (_, at) => `${event(index + at, keyless(at))}\n`).join(''),
      )
      await sleep(10)
    }
    outgoing.end()
    const lines = await linesOf(await answering)
    isOver = true
    await killing
    expect(
      lines.filter(({ status }) => status === 'recorded' || status === 'duplicate'),
    ).toHaveLength(4_000)
    expect(await stored(usage)).toBe(4_000)
  })

  test('401, 403 and 400 come before anything is read', async () => {
    const usage = await serveUsage()
    const refusal = async (headers: Record<string, string>) => {
      const outgoing = open(usage, headers)
      const answering = answerOf(outgoing)
      outgoing.end(event(1))
      const response = await answering
      response.resume()
      return response.statusCode
    }
    expect(await refusal({ 'x-usageflow-api-key': 'nobody' })).toBe(401)
    expect(await refusal({ 'x-usageflow-api-key': 'reader' })).toBe(403)
    expect(await refusal({ 'idempotency-key': 'one for all' })).toBe(400)
    expect(await stored(usage)).toBe(0)
  })
})
