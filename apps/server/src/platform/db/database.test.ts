import { connect as connectTo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../log.ts'
import { APP_ROLE } from './app-role.ts'
import {
  type Database,
  type DatabaseOptions,
  isOutage,
  openDatabase,
  sqlState,
  violatedConstraint,
} from './database.ts'
import { withClient } from './embedded-postgres/probe.ts'
import { testDatabase } from './test-db.ts'
import type { Tx } from './transaction.ts'

async function open(overrides: Partial<DatabaseOptions> = {}): Promise<Database> {
  const { url } = await testDatabase()
  const database = openDatabase({ url, log: silentLog(), role: APP_ROLE, ...overrides })
  onTestFinished(() => database.end())
  return database
}

/** As somebody else, who may do everything. */
async function asOwner(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const { url } = await testDatabase()
  return withClient(url, (client) => client.query(text, values))
}

const pid = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
  return rows[0]?.pid ?? 0
}

const setting = async (database: Database, name: string): Promise<string> => {
  const { rows } = await database.pool.query('select current_setting($1) as value', [name])
  return rows[0].value
}

function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('it succeeded'),
    (error: Error) => error,
  )
}

test('is left by all its connections when it has ended', async () => {
  const { url } = await testDatabase()
  const database = openDatabase({ url, log: silentLog(), name: 'taking leave' })
  await Promise.all(Array.from({ length: 16 }, () => database.inTransaction(pid)))
  await withClient(url, async (client) => {
    const connected = async (): Promise<number> =>
      (await client.query(`select from pg_stat_activity where application_name = 'taking leave'`))
        .rows.length
    expect(await connected()).toBe(16)
    await database.end()
    expect(await connected()).toBe(0)
  })
})

describe('a transaction', () => {
  test('that failed inside is never reported as committed, even if its error was swallowed', async () => {
    const database = await open()
    const work = database.inTransaction(async (tx) => {
      await sql`insert into organizations values ('org_lost', 'Lost', now())`.execute(tx)
      await sql`select 1 / 0`.execute(tx).catch(() => {})
    })
    await expect(work).rejects.toThrow('rolled back instead of committed')
    const { rows } = await asOwner(`select from organizations where id = 'org_lost'`)
    expect(rows).toHaveLength(0)
  })

  test('leaves nothing when its work throws, and its connection fit for the next', async () => {
    const database = await open({ connectionsMax: 1 })
    const work = database.inTransaction(async (tx) => {
      await sql`insert into organizations values ('org_thrown', 'Thrown', now())`.execute(tx)
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    const { rows } = await database.pool.query(`select from organizations where id = 'org_thrown'`)
    expect(rows).toHaveLength(0)
  })

  test('is an outage when its connection is killed at work, and the process lives on', async () => {
    const database = await open({ connectionsMax: 2 })
    for (let round = 0; round < 5; round++) {
      const error = await failure(
        database.inTransaction(async (tx) => {
          await asOwner('select pg_terminate_backend($1)', [await pid(tx)])
          await sql`select 1`.execute(tx)
        }),
      )
      expect(isOutage(error), error.message).toBe(true)
      expect(await database.inTransaction(pid)).toBeGreaterThan(0)
    }
  })

  test('is an outage when its connection is killed between two statements', async () => {
    const database = await open({ connectionsMax: 1 })
    const error = await failure(
      database.inTransaction(async (tx) => {
        await asOwner('select pg_terminate_backend($1)', [await pid(tx)])
        await sleep(100)
        await sql`select 1`.execute(tx)
      }),
    )
    expect(isOutage(error), error.message).toBe(true)
    expect(await database.inTransaction(pid)).toBeGreaterThan(0)
  })
})

describe('a pool', () => {
  test('survives that its idle connections are killed', async () => {
    const database = await open({ connectionsMax: 4 })
    for (let round = 0; round < 5; round++) {
      const pids = await Promise.all(
        Array.from({ length: 4 }, () =>
          database.inTransaction(async (tx) => {
            await sleep(20)
            return pid(tx)
          }),
        ),
      )
      expect(new Set(pids).size).toBe(4)
      for (const one of pids) await asOwner('select pg_terminate_backend($1)', [one])
      await sleep(50)
      expect(database.pool.totalCount).toBe(0)
    }
    expect(await database.inTransaction(pid)).toBeGreaterThan(0)
  })

  test('sheds within two seconds or so when all its connections are taken', async () => {
    const database = await open({ connectionsMax: 2 })
    const busy = [1, 2].map(() =>
      database.inTransaction((tx) => sql`select pg_sleep(4)`.execute(tx)),
    )
    await sleep(100)
    const began = performance.now()
    const error = await failure(database.inTransaction(pid))
    expect(isOutage(error), error.message).toBe(true)
    expect(performance.now() - began).toBeGreaterThan(1_500)
    expect(performance.now() - began).toBeLessThan(2_600)
    await Promise.all(busy)
    expect(await database.inTransaction(pid)).toBeGreaterThan(0)
  })

  test('hangs up on a line that has gone silent, and hands it to nobody else', async () => {
    const { url } = await testDatabase()
    const line = await silentLine(new URL(url))
    const database = await open({ url: line.url, connectionsMax: 1, statementTimeoutMs: 500 })
    expect(await database.inTransaction(pid)).toBeGreaterThan(0)
    line.silence()
    const began = performance.now()
    const error = await failure(database.inTransaction(pid))
    expect(isOutage(error), error.message).toBe(true)
    expect(performance.now() - began).toBeLessThan(4_000)
    line.speak()
    expect(await database.inTransaction(pid)).toBeGreaterThan(0)
  })

  test('is an outage when nobody answers at the address', async () => {
    const database = await open({ url: 'postgres://pg@127.0.0.1:1/none' })
    expect(isOutage(await failure(database.inTransaction(pid)))).toBe(true)
  })
})

describe('a connection', () => {
  test('works as the role that may not change history', async () => {
    const database = await open()
    for (const statement of [
      'update usage_events set amount = 0',
      'delete from usage_events',
      'truncate usage_events',
      'update invoices set total_minor = 0',
      'delete from schema_migrations',
      'drop table usage_events',
    ]) {
      const error = await failure(database.pool.query(statement))
      expect(sqlState(error), `${statement}: ${error.message}`).toBe('42501')
    }
    expect(await setting(database, 'role')).toBe(APP_ROLE)
  })

  test('waits for nothing without end, and counts in UTC', async () => {
    const database = await open({ statementTimeoutMs: 12_345 })
    expect(await setting(database, 'statement_timeout')).toBe('12345ms')
    expect(await setting(database, 'lock_timeout')).toBe('5s')
    expect(await setting(database, 'idle_in_transaction_session_timeout')).toBe('1min')
    expect(await setting(database, 'TimeZone')).toBe('UTC')
  })

  test('takes the options of the URL besides ours, and cannot be talked out of ours', async () => {
    const { url } = await testDatabase()
    const asked = new URL(url)
    asked.searchParams.set('options', '-c work_mem=7MB -c role=none -c TimeZone=Asia/Kathmandu')
    const database = await open({ url: asked.href })
    expect(await setting(database, 'work_mem')).toBe('7MB')
    expect(await setting(database, 'role')).toBe(APP_ROLE)
    expect(await setting(database, 'TimeZone')).toBe('UTC')
  })

  test('of its own has the same settings and another name', async () => {
    const database = await open()
    const client = new pg.Client(database.connectionConfig('usageflow copy'))
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('application_name') as name, current_setting('role') as role`,
    )
    await client.end()
    expect(rows).toEqual([{ name: 'usageflow copy', role: APP_ROLE }])
  })

  test('brings decimals and days as text, whatever holds them', async () => {
    const database = await open()
    const { rows } = await database.pool.query(
      `select 0.1::numeric as one, '{0.1,12345678901234567890.000000000001,null}'::numeric[] as many,
        9007199254740993 as big, '2026-03-29'::date as day`,
    )
    expect(rows[0]).toEqual({
      one: '0.1',
      many: ['0.1', '12345678901234567890.000000000001', null],
      big: '9007199254740993',
      day: '2026-03-29',
    })
  })
})

describe('an error', () => {
  const of = (code: string, message = '') => Object.assign(new Error(message), { code })

  test.each([
    ['08006', 'a lost connection'],
    ['57P01', 'a shutdown'],
    ['57P03', 'recovery'],
    ['53300', 'too many connections'],
    ['53100', 'a full disk'],
    ['58030', 'a disk that cannot be written'],
    ['57014', 'a limit of time'],
    ['55P03', 'a lock that nobody let go'],
    ['25P03', 'a transaction that stood idle'],
    ['40P01', 'a deadlock'],
    ['40001', 'a lost race'],
    ['25006', 'a standby'],
    ['ECONNREFUSED', 'nobody there'],
    ['ECONNRESET', 'a broken line'],
    ['EHOSTUNREACH', 'a network that is down'],
    ['ENOTFOUND', 'a name that is gone'],
    ['EAI_AGAIN', 'name servers that are away'],
    ['ENOENT', 'a socket that is gone'],
  ])('with %s passes: %s', (code) => {
    expect(isOutage(of(code))).toBe(true)
  })

  test.each([
    ['23505', 'a repeated key'],
    ['23514', 'a broken rule'],
    ['42501', 'no permission'],
    ['42P01', 'no such table'],
    ['22P02', 'a malformed value'],
    ['28P01', 'a wrong password'],
    ['EACCES', 'a file that may not be read'],
    ['ERR_ASSERTION', 'a mistake of ours'],
  ])('with %s does not pass: %s', (code) => {
    expect(isOutage(of(code))).toBe(false)
  })

  test.each([undefined, null, 'ECONNREFUSED', 57, {}, new Error('no')])(
    '%s is no outage',
    (value) => {
      expect(isOutage(value)).toBe(false)
      expect(sqlState(value)).toBeUndefined()
    },
  )

  test('names the constraint that was broken, and only that', async () => {
    const database = await open()
    const broken = await failure(
      database.pool.query(`insert into environments (organization_id, mode, created_at)
        values ('org_nobody', 'live', now())`),
    )
    expect(violatedConstraint(broken)).toBe('environments_organization_id_fkey')
    expect(violatedConstraint(await failure(database.pool.query('select 1 / 0')))).toBeUndefined()
  })
})

/** A line to PostgreSQL that can fall silent without breaking. */
async function silentLine(target: URL) {
  const sockets: Socket[] = []
  let isSilent = false
  const server = createServer((near) => {
    const far = connectTo(Number(target.port), target.hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.on('data', (chunk) => isSilent || far.write(chunk)).on('close', () => far.destroy())
    far.on('data', (chunk) => isSilent || near.write(chunk)).on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.href,
    silence() {
      isSilent = true
    },
    speak() {
      isSilent = false
    },
  }
}
