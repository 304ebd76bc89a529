import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FaultDatabase, startDatabase } from './database.ts'
import { randomOf } from './random.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-killed-'))
let database: FaultDatabase

beforeAll(async () => {
  database = await startDatabase(folder)
})
afterAll(async () => {
  await database.stop()
  rmSync(folder, { recursive: true })
})

/** A connection of the product, busy with something. */
async function aProgram(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name: 'usageflow' })
  client.on('error', () => {})
  await client.connect()
  return client
}

test('a connection is ended, and the others stay', async () => {
  const [one, other] = [await aProgram(), await aProgram()]
  const ended = new Promise<string>((resolve) => {
    one.once('end', () => resolve('one'))
    other.once('end', () => resolve('other'))
  })
  expect(await database.terminateConnection(randomOf('1'))).toBe(true)
  const survivor = (await ended) === 'one' ? other : one
  expect((await survivor.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await survivor.end()
})

test.each(['backend', 'postmaster'] as const)(
  'after the kill of the %s PostgreSQL comes back by itself, with what was committed',
  async (victim) => {
    const program = await aProgram()
    await program.query(`create table ${victim} as select 1 as n`)
    let isKilled = false
    const onKill = () => {
      isKilled = true
    }
    const { killedAt, acceptedAt } =
      victim === 'backend'
        ? await database.killBackend(randomOf('1'), onKill)
        : await database.killPostmaster(onKill)
    expect(isKilled).toBe(true)
    expect((await acceptedAt) - killedAt).toBeGreaterThan(0)
    const again = await database.connect()
    expect((await again.query(`select n from ${victim}`)).rows).toEqual([{ n: 1 }])
    await again.end()
  },
)
