import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { serveUsage } from '../test-usage.ts'
import { mustAccept } from './accept.ts'
import type { CorpusEntry } from './entry.ts'
import { mustRefuse } from './refuse.ts'

type Raw = { readonly status: number; readonly body: string }

/** Sends the request as it stands, and reads the answer. */
function sendRaw(port: number, entry: CorpusEntry, apiKey: string): Promise<Raw> {
  const body = Buffer.from(entry.body as string)
  const head = [
    `POST ${entry.target} HTTP/1.1`,
    'host: usageflow.test',
    `x-usageflow-api-key: ${apiKey}`,
    ...entry.lines,
    ...(entry.hasLength ? [`content-length: ${body.length}`] : []),
    'connection: close',
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(`${head}\r\n\r\n`))
      socket.write(body)
    })
    const chunks: Buffer[] = []
    const finish = () => {
      const [first = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n')
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
      if (status) resolve({ status, body: rest.join('\r\n\r\n') })
      else reject(new Error(`no answer to ${entry.what}`))
    }
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', finish)
    socket.on('error', () => {}) // a server may hang up on what is not HTTP, after its answer
  })
}

describe('what must be refused', () => {
  test('is a corpus of at least 300 different requests', () => {
    const texts = mustRefuse.map(
      ({ lines, body, target }) =>
        `${target} ${lines} ${Buffer.from(body as string).toString('latin1')}`,
    )
    expect(new Set(texts).size).toBe(mustRefuse.length)
    expect(mustRefuse.length).toBeGreaterThanOrEqual(300)
  })

  test('is answered 4xx, says why, and leaves nothing behind', async () => {
    const usage = await serveUsage()
    const wrong: string[] = []
    for (const entry of mustRefuse) {
      const { status, body } = await sendRaw(usage.port, entry, 'all')
      if (status < 400 || status > 499) {
        wrong.push(`${entry.what}: ${status} ${body.slice(0, 200)}`)
        continue
      }
      const { code, message } = JSON.parse(body).error
      if (!/^[a-z]+\.[a-z_]+$/.test(code) || message.length < 10)
        wrong.push(`${entry.what}: ${body}`)
    }
    expect(wrong).toEqual([])
    expect(usage.writer.stats().outcomes).toMatchObject({ recorded: 0, failed: 0 })
    const good = mustAccept.find(({ what }) => what === 'amount: 1') as CorpusEntry
    expect((await sendRaw(usage.port, good, 'all')).status).toBe(201)
  })
})

describe('what must be accepted', () => {
  test('is a corpus of at least 60 requests', () => {
    expect(mustAccept.length).toBeGreaterThanOrEqual(60)
  })

  test('is answered 2xx and read back as it was sent', async () => {
    const usage = await serveUsage()
    const wrong: string[] = []
    for (const entry of mustAccept) {
      const { status, body } = await sendRaw(usage.port, entry, 'all')
      if (status !== 201) {
        wrong.push(`${entry.what}: ${status} ${body.slice(0, 200)}`)
        continue
      }
      const { json } = await usage.get(`/api/v1/events/${JSON.parse(body).eventId}`)
      expect.soft(json, entry.what).toMatchObject(entry.stored)
      for (const [field, value] of Object.entries(entry.stored))
        expect.soft(json[field], `${entry.what}: ${field}`).toEqual(value)
    }
    expect(wrong).toEqual([])
  })
})
