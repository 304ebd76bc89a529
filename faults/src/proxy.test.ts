import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { CUT_POINTS } from './commit-cut.ts'
import { type FaultProxy, startProxy } from './proxy.ts'

const url = new URL(inject('testServerUrl'))
const table = `proxied_${process.pid}`
let direct: pg.Client
let proxy: FaultProxy

beforeAll(async () => {
  direct = new pg.Client({ connectionString: url.href })
  await direct.connect()
  await direct.query(`create table ${table} (n int)`)
})
afterAll(async () => {
  await direct.query(`drop table ${table}`)
  await direct.end()
})
beforeEach(async () => {
  proxy = await startProxy(Number(url.port))
})
afterEach(() => proxy.close())

async function connect(connectionTimeoutMillis = 30_000): Promise<pg.Client> {
  const through = new URL(url)
  through.port = String(proxy.port)
  const client = new pg.Client({ connectionString: through.href, connectionTimeoutMillis })
  client.on('error', () => {})
  await client.connect()
  return client
}

const rows = async (n: number) =>
  (await direct.query(`select count(*)::int as rows from ${table} where n = $1`, [n])).rows[0].rows

const insertion = (statement: string) => statement.startsWith(`insert into ${table}`)

test('passes everything on, in both directions, however large', async () => {
  const client = await connect()
  const text = 'x'.repeat(300_000)
  const { rows } = await client.query('select $1::text as text', [text])
  expect(rows[0].text).toBe(text)
  await client.end()
})

/** COPY as it goes over the wire, without a library for it. */
class Copy {
  readonly done: Promise<void>
  private readonly lines: string
  private settle: (error?: Error) => void = () => {}

  constructor(lines: string) {
    this.lines = lines
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => (error ? reject(error) : resolve())
    })
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(`copy ${table} from stdin`)
  }
  handleCopyInResponse(connection: {
    sendCopyFromChunk(chunk: Buffer): void
    endCopyFrom(): void
  }): void {
    connection.sendCopyFromChunk(Buffer.from(this.lines))
    connection.endCopyFrom()
  }
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {
    this.settle()
  }
  handleError(error: Error): void {
    this.settle(error)
  }
}

describe('a cut around a commit', () => {
  const committed: readonly string[] = ['after-commit', 'before-reply']
  const ways = [
    ['a transaction', 10],
    ['a statement alone', 20],
    ['a COPY', 30],
    ['a prepared statement', 40],
  ] as const
  const work = async (client: pg.Client, way: string, n: number) => {
    const insert = `insert into ${table} values (${n})`
    if (way === 'a COPY') {
      const copy = new Copy(`${n}\n`)
      client.query(copy as unknown as pg.Submittable)
      return copy.done
    }
    if (way === 'a prepared statement') {
      await client.query({ name: 'i', text: `insert into ${table} values ($1)`, values: [n] })
      return
    }
    if (way === 'a transaction') await client.query('begin')
    await client.query(insert)
    if (way === 'a transaction') await client.query('commit')
  }

  test.each(
    ways.flatMap(([way, from]) => CUT_POINTS.map((point, at) => [way, point, from + at] as const)),
  )('%s, %s: the client sees an error, and the rest is as it must be', async (way, point, n) => {
    const client = await connect()
    const cut = proxy.cutNextCommit(point, (statement) => statement.includes(table))
    await expect(work(client, way, n)).rejects.toThrow(/terminated|ECONNRESET/)
    await cut
    if (!committed.includes(point)) await sleep(50)
    await expect.poll(() => rows(n)).toBe(committed.includes(point) ? 1 : 0)
  })

  test('cuts one commit only, and only one that matches', async () => {
    const [mine, other] = [await connect(), await connect()]
    const cut = proxy.cutNextCommit('before-statement', insertion)
    await other.query('select 1')
    await expect(mine.query(`insert into ${table} values (78)`)).rejects.toThrow()
    await cut
    await other.query(`insert into ${table} values (78)`)
    expect(await rows(78)).toBe(1)
    await other.end()
  })
})

test('half-open: nothing is answered and nothing closed, until the line comes back', async () => {
  const client = await connect()
  proxy.setMode('halfOpen')
  let answered = false
  const answer = client.query('select 1').then(() => {
    answered = true
  })
  await sleep(300)
  expect(answered).toBe(false)
  expect(proxy.connections()).toBe(1)
  await expect(connect(500)).rejects.toThrow(/timeout/)
  proxy.setMode('pass')
  await answer
  await client.end()
})

test('half-open for the connections that exist leaves new ones alone', async () => {
  const old = await connect()
  proxy.setMode('halfOpen', 'existing')
  const fresh = await connect()
  await fresh.query('select 1')
  await fresh.end()
  old.end().catch(() => {})
})

test('refusing closes what is open and lets nobody in', async () => {
  const client = await connect()
  proxy.setMode('refuse')
  await expect(client.query('select 1')).rejects.toThrow()
  await expect(connect()).rejects.toThrow()
})

test('delays and throttles without changing the order', async () => {
  const client = await connect()
  proxy.setDelayMs(40)
  const start = performance.now()
  const answers = []
  for (const n of [1, 2, 3]) answers.push(await client.query('select $1::int as n', [n]))
  expect(performance.now() - start).toBeGreaterThan(230)
  expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3])
  proxy.setDelayMs(0)
  proxy.setBytesPerSecond(2_000)
  const slow = performance.now()
  await client.query('select 1 -- '.padEnd(400, '.'))
  expect(performance.now() - slow).toBeGreaterThan(180)
  proxy.setBytesPerSecond(0)
  await client.end()
})
