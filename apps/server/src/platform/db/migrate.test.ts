import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { silentLog } from '../log.ts'
import { APP_ROLE, appRoleAvailable } from './app-role.ts'
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts'
import { withClient } from './embedded-postgres/probe.ts'
import { migrate, migrationsFolder, SchemaTooNew } from './migrate.ts'
import { withDatabase } from './test-server.ts'

const log = silentLog()
let url: string
let folder: string
let endings: (() => unknown)[]

/** An empty database and a copy of the migrations, to which a test may add. */
beforeEach(async () => {
  endings = []
  url = await emptyDatabase()
  folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-migrations-'))
  cpSync(migrationsFolder(), folder, { recursive: true })
  endings.push(() => rmSync(folder, { recursive: true, force: true }))
})

afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name}`)
  endings.push(() => onServer(`drop database ${name} with (force)`))
  return withDatabase(inject('testServerUrl'), name)
}

function onServer(query: string): Promise<unknown> {
  return withClient(inject('testServerUrl'), (client) => client.query(query))
}

async function rows(query: string): Promise<unknown[]> {
  return withClient(url, async (client) => (await client.query(query)).rows)
}

function addMigration(name: string, text: string): void {
  writeFileSync(path.join(folder, `${name}.sql`), text)
}

const run = () => migrate({ url, log, migrationsFolder: folder })

describe('migrate', () => {
  test('applies everything in order, and the second time nothing', async () => {
    const applied = await run()
    expect(applied[0]).toBe('0001_identity')
    expect(applied).toEqual([...applied].sort())
    expect(await run()).toEqual([])
  })

  test('lets five processes start at once: one applies, all find the schema', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, run))
    const workers = applied.filter((names) => names.length > 0)
    expect(workers).toHaveLength(1)
    expect(await rows('select count(*)::int as count from schema_migrations')).toEqual([
      { count: workers[0]?.length },
    ])
  })

  test('makes one role for databases that are migrated at once', async () => {
    const urls = [url, await emptyDatabase(), await emptyDatabase(), await emptyDatabase()]
    await Promise.all(urls.map((url) => migrate({ url, log, migrationsFolder: folder })))
    for (const url of urls) expect(await withClient(url, appRoleAvailable)).toBe(true)
  })

  test('refuses a schema that a newer program made, and names what it does not know', async () => {
    await run()
    addMigration('9000_future', 'create table future ()')
    await run()
    const old = migrate({ url, log })
    await expect(old).rejects.toBeInstanceOf(SchemaTooNew)
    await expect(old).rejects.toThrow(/9000_future/)
  })

  test('leaves nothing of a migration that fails, and everything before it', async () => {
    addMigration('9000_fails', 'create table half (); select 1 / 0')
    await expect(run()).rejects.toThrow(/division by zero/)
    expect(
      await rows("select to_regclass('half') as half, to_regclass('due')::text as due"),
    ).toEqual([{ half: null, due: 'due' }])
    addMigration('9000_fails', 'create table half ()')
    expect(await run()).toEqual(['9000_fails'])
  })

  test('waits its turn for a busy table, and lets others use the table meanwhile', async () => {
    await run()
    addMigration('9000_widens', 'alter table due add column colour text')
    const done = withClient(url, async (reader) => {
      await reader.query('begin; select from due')
      const migrated = run()
      await sleep(300)
      // Behind the waiting `alter table` every reader waits too, but not for long.
      await withClient(url, async (other) => {
        await other.query("set lock_timeout = '1s'")
        await other.query('select from due')
      })
      await reader.query('commit')
      return await migrated
    })
    expect(await done).toEqual(['9000_widens'])
  })
})

describe('the role of the program', () => {
  /** The address of the database for an owner who may make no roles. */
  async function asUser(): Promise<string> {
    const name = `user_${randomBytes(6).toString('hex')}`
    await onServer(`create role ${name} login password 'secret'`)
    const database = new URL(url).pathname.slice(1)
    await onServer(`alter database ${database} owner to ${name}`)
    endings.splice(1, 0, () => onServer(`drop role ${name}`))
    endings.splice(2, 0, () =>
      withClient(url, (client) =>
        client.query(`reassign owned by ${name} to usageflow; drop owned by ${name}`),
      ).catch(() => {}),
    )
    const own = new URL(url)
    own.username = name
    own.password = 'secret'
    return own.href
  }

  test('may add to history and may not change it', async () => {
    await run()
    await withClient(url, async (client) => {
      const { rows } = await client.query(
        `select t as table, p as privilege, has_table_privilege($1, t, p) as may
           from unnest(array['usage_events', 'event_corrections', 'invoices', 'invoice_lines',
                             'invoice_line_coverage', 'due', 'schema_migrations']) t,
                unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p`,
        [APP_ROLE],
      )
      const may: Record<string, string[]> = {}
      for (const row of rows)
        if (row.may) may[row.table] = [...(may[row.table] ?? []), row.privilege]
      expect(may).toEqual({
        usage_events: ['select', 'insert'],
        event_corrections: ['select', 'insert'],
        invoices: ['select', 'insert'],
        invoice_lines: ['select', 'insert'],
        invoice_line_coverage: ['select', 'insert'],
        due: ['select', 'insert', 'update', 'delete'],
        schema_migrations: ['select'],
      })
    })
  })

  test('may have the indexes summarized, which only their owner may do', async () => {
    await run()
    await withClient(url, async (client) => {
      await client.query(`set role ${APP_ROLE}`)
      await client.query('select summarize_usage_events(0)')
    })
  })

  test('is done without where the user may not make roles', async () => {
    const own = await asUser()
    const applied = await migrate({ url: own, log, migrationsFolder: folder })
    expect(applied).not.toEqual([])
    expect(await withClient(own, appRoleAvailable)).toBe(false)
    expect(await migrate({ url: own, log, migrationsFolder: folder })).toEqual([])
  })

  test('is made by a user who may make roles and nothing else', async () => {
    const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-roles-'))
    endings.push(() => rmSync(dataFolder, { recursive: true, force: true }))
    const fresh = await startEmbeddedPostgres({ dataFolder, log, settings: { fsync: 'off' } })
    endings.push(fresh.stop)
    await withClient(fresh.url, async (client) => {
      await client.query("create role maker login createrole password 'secret'")
      await client.query('alter database usageflow owner to maker')
    })
    const own = new URL(fresh.url)
    own.username = 'maker'
    own.password = 'secret'
    await migrate({ url: own.href, log, migrationsFolder: folder })
    expect(await withClient(own.href, appRoleAvailable)).toBe(true)
    await withClient(own.href, (client) => client.query(`set role ${APP_ROLE}`))
  })

  test('comes back after a restore into a cluster that has no such role', async () => {
    await run()
    // Roles are not part of a dump of one database, and their grants are lost with them.
    await withClient(url, (client) =>
      client.query(`revoke all on schema_migrations from ${APP_ROLE}`),
    )
    expect(await withClient(url, appRoleAvailable)).toBe(false)
    expect(await run()).toEqual([])
    expect(await withClient(url, appRoleAvailable)).toBe(true)
  })
})
