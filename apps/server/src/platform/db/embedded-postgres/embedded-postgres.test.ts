import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { silentLog } from '../../log.ts'
import { assertDurable } from '../durability.ts'
import { startFailure } from './data-folder.ts'
import {
  type EmbeddedPostgres,
  joinEmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded-postgres.ts'
import { startOwner } from './owner-process.ts'
import { freePort, withClient } from './probe.ts'
import type { ServerSettings } from './server-settings.ts'

vi.setConfig({ testTimeout: 120_000 }) // starts and kills many servers, on a machine that is busy with other tests

const log = silentLog()
let dataFolder: string
let endings: (() => unknown)[]

beforeEach(() => {
  dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-embedded-'))
  endings = [() => rmSync(dataFolder, { recursive: true, force: true })]
})

afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

/** What a test writes need not survive a power cut; the tests of that take `DURABLE`. */
const QUICK: ServerSettings = { fsync: 'off' }
const DURABLE: ServerSettings = {}

async function start(port?: number, settings = QUICK): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataFolder, log, port, settings })
  endings.push(server.stop)
  return server
}

async function rows(url: string, query: string): Promise<unknown[]> {
  return withClient(url, async (client) => (await client.query(query)).rows)
}

/** Listens on a port, as another program would. */
async function occupy(port = 0): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  endings.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('a new data folder', () => {
  test('is served durably, with checksums, in UTC, to this machine only', async () => {
    const { url } = await start(0, DURABLE)
    await withClient(url, assertDurable)
    expect(
      await rows(
        url,
        `select name, setting from pg_settings where name in
           ('TimeZone', 'data_checksums', 'listen_addresses', 'unix_socket_directories') order by 1`,
      ),
    ).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'data_checksums', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'unix_socket_directories', setting: '' },
    ])
  })

  test('keeps its password from other accounts, and lets nobody in without it', async () => {
    const { url } = await start()
    expect(statSync(path.join(dataFolder, 'postgres.json')).mode & 0o777).toBe(0o600)
    const guess = new URL(url)
    guess.password = 'password'
    await expect(rows(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })
})

test('stopped and started again, it has its data, at the same address', async () => {
  const first = await start()
  await rows(first.url, 'create table promises as select 1 as kept')
  await first.stop()
  const again = await start()
  expect(again).toMatchObject({ url: first.url, adopted: false })
  expect(await rows(again.url, 'select kept from promises')).toEqual([{ kept: 1 }])
})

describe('of several processes on one data folder', () => {
  test('a second server is refused, and told which process has it', async () => {
    const owner = await startOwner({ dataFolder, settings: QUICK })
    endings.push(() => owner.end('SIGTERM'))
    owner.url()
    await expect(start()).rejects.toMatchObject({
      problem: 'folder_in_use',
      message: expect.stringContaining(`process ${owner.pid}`),
    })
  })

  test('a tool joins the server, and leaves it running', async () => {
    const server = await start()
    const tool = await joinEmbeddedPostgres({ dataFolder, log, settings: QUICK })
    expect(tool.url).toBe(server.url)
    await tool.stop()
    expect(await rows(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a tool that is alone serves the folder and gives it back', async () => {
    const tool = await joinEmbeddedPostgres({ dataFolder, log, settings: QUICK })
    expect(await rows(tool.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await tool.stop()
    await expect(rows(tool.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await start()
  })

  test('exactly one of four that start at once serves, and tools started with them join it', async () => {
    const owners = await Promise.all(
      Array.from({ length: 4 }, () => startOwner({ dataFolder, settings: QUICK })),
    )
    const tools = Array.from({ length: 2 }, () =>
      joinEmbeddedPostgres({ dataFolder, log, settings: QUICK }),
    )
    endings.push(...owners.map((owner) => () => owner.end('SIGTERM')))

    const serving = owners.filter((owner) => 'url' in owner.word)
    expect(serving).toHaveLength(1)
    for (const { word } of owners) {
      if (!('url' in word)) expect(word).toMatchObject({ problem: 'folder_in_use' })
    }
    for (const tool of await Promise.all(tools)) expect(tool.url).toBe(serving[0]?.url())
  })
})

describe('a port', () => {
  test('that was asked for and is taken is an error, which names it', async () => {
    const port = await occupy()
    await expect(start(port)).rejects.toMatchObject({
      problem: 'port_taken',
      message: expect.stringContaining(String(port)),
    })
    expect(readdirSync(path.join(dataFolder, 'usageflow.lock'))).toEqual([]) // given back
  })

  test('of the last start that another program took meanwhile is replaced by a free one', async () => {
    const first = await start()
    await first.stop()
    const taken = Number(new URL(first.url).port)
    await occupy(taken)
    const again = await start()
    expect(new URL(again.url).port).not.toBe(String(taken))
    expect(await rows(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('that was asked for is the one that is served', async () => {
    const port = await freePort()
    expect(new URL((await start(port)).url).port).toBe(String(port))
  })
})

describe('refuses, and touches nothing in,', () => {
  test('a folder that holds the files of somebody else', async () => {
    writeFileSync(path.join(dataFolder, 'letters.txt'), 'dear all')
    await expect(start()).rejects.toMatchObject({
      problem: 'folder_not_ours',
      message: expect.stringContaining('letters.txt'),
    })
    expect(readdirSync(dataFolder)).toEqual(['letters.txt'])
  })

  test('data whose password file was lost', async () => {
    mkdirSync(path.join(dataFolder, 'postgres'))
    writeFileSync(path.join(dataFolder, 'postgres', 'PG_VERSION'), '18\n')
    await expect(start()).rejects.toMatchObject({ problem: 'folder_not_ours' })
    expect(readdirSync(dataFolder)).toEqual(['postgres'])
  })

  test('data of another major version', async () => {
    const server = await start()
    await server.stop()
    writeFileSync(path.join(dataFolder, 'postgres', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toMatchObject({
      problem: 'other_version',
      message: expect.stringContaining('PostgreSQL 17'),
    })
  })

  test('a path that is a file', async () => {
    const file = path.join(dataFolder, 'a-file')
    writeFileSync(file, '')
    const attempt = startEmbeddedPostgres({ dataFolder: file, log })
    await expect(attempt).rejects.toMatchObject({ problem: 'folder_not_reachable' })
  })
})

test('a full disk is named as such', () => {
  const said = 'PANIC:  could not write to file "pg_wal/xlogtemp.12": No space left on device'
  expect(startFailure(said, '/data')).toMatchObject({ problem: 'disk_full' })
})

test('what PostgreSQL says when it does not start is passed on', async () => {
  const server = await start()
  await server.stop()
  appendFileSync(path.join(dataFolder, 'postgres', 'postgresql.conf'), '\nno_such_setting = 1\n')
  await expect(start()).rejects.toMatchObject({
    problem: 'did_not_start',
    message: expect.stringContaining('no_such_setting'),
  })
})
