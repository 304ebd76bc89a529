import { expect, onTestFinished, test } from 'vitest'
import { sqlState } from './database.ts'
import { type OwnConnection, openOwnConnection } from './own-connection.ts'
import { testDatabase } from './test-db.ts'
import { openTestLink } from './test-link.ts'

const COPY = 'copy pairs (a, b) from stdin (format binary)'

/** Two rows of two `int4`, as `COPY` wants them. */
function rows(...pairs: readonly (readonly [number, number])[]): Buffer {
  const head = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
  const fields = pairs.map(([a, b]) => {
    const row = Buffer.alloc(18)
    row.writeInt16BE(2, 0)
    row.writeInt32BE(4, 2)
    row.writeInt32BE(a, 6)
    row.writeInt32BE(4, 10)
    row.writeInt32BE(b, 14)
    return row
  })
  return Buffer.concat([head, ...fields, Buffer.from([0xff, 0xff])])
}

async function open(url?: string, answerTimeoutMs = 5_000) {
  const ends: string[] = []
  const connection = await openOwnConnection({
    config: { connectionString: url ?? (await testDatabase()).url },
    connectTimeoutMs: 1_000,
    answerTimeoutMs,
    onEnd: () => ends.push('ended'),
  })
  onTestFinished(() => connection.close())
  return { connection, ends }
}

async function withPairs(): Promise<{ connection: OwnConnection; ends: string[] }> {
  const opened = await open()
  await opened.connection.query({ text: 'create temp table pairs (a int4 primary key, b int4)' })
  return opened
}

test('copies in one go, and says how many rows', async () => {
  const { connection } = await withPairs()
  expect(await connection.copyIn(COPY, rows([1, 10], [2, 20]))).toBe(2)
  expect(await connection.query({ text: 'select a, b from pairs order by a' })).toEqual([
    { a: 1, b: 10 },
    { a: 2, b: 20 },
  ])
})

test('a refused copy stores nothing, and the connection goes on', async () => {
  const { connection } = await withPairs()
  await connection.copyIn(COPY, rows([1, 10]))
  const refused = connection.copyIn(COPY, rows([2, 20], [1, 30], [3, 40]))
  expect(sqlState(await refused.catch((error) => error))).toBe('23505')
  const nonsense = connection.copyIn('copy nothing_like_it from stdin', Buffer.alloc(1_000_000))
  expect(sqlState(await nonsense.catch((error) => error))).toBe('42P01')
  expect(connection.isOpen).toBe(true)
  expect(await connection.copyIn(COPY, rows([2, 20]))).toBe(1)
})

test('a statement that takes too long is ended by the server', async () => {
  const { connection } = await open(undefined, 700)
  const slow = connection.query({ text: 'select pg_sleep(10)' })
  expect(sqlState(await slow.catch((error) => error))).toBe('57014')
  expect(connection.isOpen).toBe(true)
})

test('a server that falls silent is hung up on, and so is one that was killed', async () => {
  const link = await openTestLink((await testDatabase()).url)
  onTestFinished(() => link.close())
  const silent = await open(link.url, 700)
  link.silence()
  await expect(silent.connection.query({ text: 'select 1' })).rejects.toThrow()
  expect(silent.connection.isOpen).toBe(false)

  const killed = await open()
  const suicide = killed.connection.query({ text: 'select pg_terminate_backend(pg_backend_pid())' })
  await expect(suicide).rejects.toThrow()
  expect(killed.connection.isOpen).toBe(false)
  await expect.poll(() => [...silent.ends, ...killed.ends]).toEqual(['ended', 'ended'])
})

test('nobody there is an error in time', async () => {
  await expect(open('postgres://127.0.0.1:1/nowhere')).rejects.toThrow()
})

test('takes leave', async () => {
  const { connection, ends } = await open()
  await connection.end()
  expect([connection.isOpen, ends]).toEqual([false, ['ended']])
})
