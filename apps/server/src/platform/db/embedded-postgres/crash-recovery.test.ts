import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { silentLog } from '../../log.ts'
import { assertDurable } from '../durability.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { folderHolder } from './folder-lock.ts'
import { type OwnerProcess, startOwner } from './owner-process.ts'
import { withClient } from './probe.ts'
import { isAlive } from './processes.ts'

vi.setConfig({ testTimeout: 120_000 }) // starts and kills many servers, on a machine that is busy with other tests

const log = silentLog()
let dataFolder: string
let endings: (() => Promise<void>)[]

beforeEach(() => {
  dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-crash-'))
  endings = []
})

afterEach(async () => {
  for (const end of endings.reverse()) await end()
  rmSync(dataFolder, { recursive: true, force: true })
})

async function start(settings = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataFolder, log, settings })
  endings.push(server.stop)
  return server
}

async function startElsewhere(): Promise<OwnerProcess> {
  const owner = await startOwner({ dataFolder })
  endings.push(() => owner.end('SIGTERM'))
  owner.url() // it serves
  return owner
}

function postmasterPid(): number {
  return Number(
    readFileSync(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
  )
}

function write(url: string): Promise<unknown> {
  return withClient(url, (client) => client.query('create table promises as select 1 as kept'))
}

function read(url: string): Promise<unknown> {
  return withClient(url, async (client) => (await client.query('select kept from promises')).rows)
}

/** Asks until PostgreSQL answers, as the pool of a server would. */
async function readWhenBack(url: string): Promise<unknown> {
  const deadline = performance.now() + 120_000
  for (;;) {
    try {
      return await read(url)
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await sleep(50)
  }
}

/** A process of PostgreSQL that cannot end, and so keeps the shared memory of its dead server. */
async function stoppedSession(url: string): Promise<number> {
  const client = new pg.Client(url)
  client.on('error', () => {}) // it is killed
  await client.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  process.kill(rows[0].pid, 'SIGSTOP')
  return rows[0].pid
}

/** The process that has the folder, as soon as there is one. */
async function holder(): Promise<number> {
  for (;;) {
    const pid = folderHolder(dataFolder)
    if (pid !== undefined) return pid
    await sleep(5)
  }
}

const KEPT = [{ kept: 1 }]

describe('when PostgreSQL is killed', () => {
  test('it serves again at the same address, with everything that was committed', async () => {
    const { url } = await start()
    await write(url)
    for (const round of [1, 2]) {
      const killed = postmasterPid()
      process.kill(killed, 'SIGKILL')
      expect(await readWhenBack(url), `round ${round}`).toEqual(KEPT)
      expect(postmasterPid()).not.toBe(killed)
    }
  })

  test('stopping at that very moment leaves no server behind', async () => {
    const server = await start()
    process.kill(postmasterPid(), 'SIGKILL')
    await sleep(20)
    await server.stop()
    endings = []
    const again = await start()
    expect(again.adopted).toBe(false)
  })
})

describe('when the process that runs it is killed', () => {
  test('the next start takes over the running server, and keeps it running', async () => {
    const owner = await startElsewhere()
    await write(owner.url())
    const orphan = postmasterPid()
    await owner.end('SIGKILL')

    const { url, adopted } = await start()
    expect(adopted).toBe(true)
    expect(url).toBe(owner.url())
    expect(postmasterPid()).toBe(orphan)
    expect(await read(url)).toEqual(KEPT)

    process.kill(orphan, 'SIGKILL')
    expect(await readWhenBack(url)).toEqual(KEPT)
  })

  test('a server that runs with other settings is not taken over but restarted', async () => {
    const owner = await startElsewhere()
    await owner.end('SIGKILL')

    const { url, adopted } = await start({ work_mem: '8MB' })
    expect(adopted).toBe(false)
    const shown = await withClient(url, (client) => client.query('show work_mem'))
    expect(shown.rows).toEqual([{ work_mem: '8MB' }])
  })

  test('together with PostgreSQL, the next start waits for the orphans and then serves', async () => {
    const owner = await startElsewhere()
    const url = owner.url()
    await write(url)
    const session = await stoppedSession(url)
    await owner.end('SIGKILL')
    process.kill(postmasterPid(), 'SIGKILL')
    setTimeout(() => process.kill(session, 'SIGCONT'), 2_000)

    expect(await read((await start()).url)).toEqual(KEPT)
  })

  test('while it was making the data folder, the next start begins anew', async () => {
    for (const delayMs of [0, 100, 200, 300, 400]) {
      const owner = startOwner({ dataFolder }).catch(() => undefined)
      const pid = await holder()
      await sleep(delayMs)
      process.kill(pid, 'SIGKILL')
      await owner
      expect(folderHolder(dataFolder)).toBe(undefined)
    }
    const { url } = await start()
    await withClient(url, (client) => assertDurable(client))
  })
})

test('a process that ends by a bug takes its server along', async () => {
  const owner = await startElsewhere()
  const pid = postmasterPid()
  await owner.end('SIGUSR2')
  for (let waits = 0; waits < 1_200 && isAlive(pid); waits++) await sleep(50)
  expect(isAlive(pid)).toBe(false)
})
