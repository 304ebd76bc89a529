import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runHost } from './run-host.ts'
import { aWorld, expectExact, onceEach, trackMany, WAIT_MS } from './world.ts'

const NOBODY = 'http://127.0.0.1:1'

function aFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-spool-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const filesIn = (folder: string) => readdirSync(folder).map((name) => path.join(folder, name))
const bytesIn = (folder: string) =>
  filesIn(folder).reduce((bytes, file) => bytes + readFileSync(file).length, 0)

/** A world, and a folder where a client has left thirty events that it could not send. */
async function aWorldWithLeftovers() {
  const world = await aWorld()
  const folder = aFolder()
  const client = world.client({ spool: { folder }, baseUrl: NOBODY }) // so that nothing is on its way
  trackMany(client, 30)
  expect(await client.close(1)).toMatchObject({ produced: 30, queued: 30, dropped: 0 })
  world.errors.length = 0
  const [file = ''] = filesIn(folder)
  return { ...world, folder, file }
}

describe('what is tracked survives', () => {
  test('kill -9 before it was sent, and is there once', async () => {
    const { server, client: open, stored } = await aWorld()
    const folder = aFolder()
    const variables = { USAGEFLOW_URL: server.url, SPOOL: folder }
    expect(await runHost('is killed', variables)).toMatchObject({ end: 'SIGKILL' })
    expect(await stored()).toEqual({})

    const client = open({ spool: { folder } })
    expect(client.stats()).toMatchObject({ produced: 30, recovered: 30, queued: 30 })
    expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 30, duplicates: 0 })
    expect(await stored()).toEqual(onceEach(30))
  })

  test('kill -9 after it was stored and before that was known, and is there once', async () => {
    const { server, client: open, stored } = await aWorld()
    const folder = aFolder()
    server.setFault('an answer that is lost after the commit')
    const variables = { USAGEFLOW_URL: server.url, SPOOL: folder }
    expect(await runHost('is killed after a try', variables)).toMatchObject({ end: 'SIGKILL' })
    server.setFault('none')

    expect(await open({ spool: { folder } }).flush(WAIT_MS)).toMatchObject({
      delivered: 30,
      duplicates: 30,
    })
    expect(await stored()).toEqual(onceEach(30))
  })

  test('a client that was closed without a server', async () => {
    const { folder, client: open, stored } = await aWorldWithLeftovers()
    const next = open({ spool: { folder } })
    expect(await next.close(WAIT_MS)).toMatchObject({ recovered: 30, delivered: 30 })
    expect(await stored()).toEqual(onceEach(30))
    expect(filesIn(folder)).toEqual([])
  })

  test('half a line at the end, and a line that the disk changed is told', async () => {
    const { folder, file, errors, client: open, stored } = await aWorldWithLeftovers()
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, `${text.replace('"amount":"7"', '"amount":"9"')}0123abcd e 31 1 {"na`)
    const next = open({ spool: { folder } })
    expect(errors).toMatchObject([{ kind: 'spool', code: 'client.spool_damaged', count: 2 }])
    expect(await next.flush(WAIT_MS)).toMatchObject({ recovered: 29, delivered: 29 })
    const { '7': _damaged, ...others } = onceEach(30)
    expect(await stored()).toEqual(others)
  })
})

describe('a file of the spool', () => {
  test('has one owner: clients that share a folder keep out of each other’s way', async () => {
    const { server, client: open, stored } = await aWorld()
    const folder = aFolder()
    server.setFault('an error of its own')
    const first = open({ spool: { folder } })
    trackMany(first, 20)
    const second = open({ spool: { folder } })
    expect(second.stats()).toMatchObject({ produced: 0 })
    expect(filesIn(folder)).toHaveLength(2)
    server.setFault('none')
    await first.close(WAIT_MS)
    await second.close(WAIT_MS)
    expect(await stored()).toEqual(onceEach(20))
    expect(filesIn(folder)).toEqual([])
  })

  test('is left alone while its process lives, and taken when that is dead', async () => {
    const { folder, file, server, client: open } = await aWorldWithLeftovers()
    const owned = (pid: number, host = os.hostname()) => path.join(folder, `${host}~${pid}~x.spool`)
    const recovered = () => {
      const client = open({ spool: { folder: path.join(folder) }, flushMs: 60_000 })
      return client.stats().recovered
    }
    renameSync(file, owned(process.ppid)) // it lives: it waits for us
    expect(recovered()).toBe(0)
    const { pid } = await runHost('ends', { USAGEFLOW_URL: server.url })
    renameSync(owned(process.ppid), owned(pid, 'elsewhere'))
    expect(recovered()).toBe(0) // nobody here can know
    renameSync(owned(pid, 'elsewhere'), owned(pid))
    expect(recovered()).toBe(30)
  })

  test('is taken when its owner has not shown itself for ten minutes, wherever that is', async () => {
    const { folder, file, client: open } = await aWorldWithLeftovers()
    const elsewhere = path.join(folder, 'elsewhere~1~x.spool')
    renameSync(file, elsewhere)
    const longAgo = new Date(Date.now() - 11 * 60_000)
    utimesSync(elsewhere, longAgo, longAgo)
    expect(open({ spool: { folder } }).stats().recovered).toBe(30)
  })

  test('of this process’s number from before its start is taken: a container was started again', async () => {
    const { folder, file, client: open } = await aWorldWithLeftovers()
    const before = path.join(folder, `${os.hostname()}~${process.pid}~x.spool`)
    renameSync(file, before)
    const start = new Date(performance.timeOrigin - 1_000)
    utimesSync(before, start, start)
    expect(open({ spool: { folder } }).stats().recovered).toBe(30)
  })

  test('is empty when all is sent, however much went through', async () => {
    const { client: open } = await aWorld()
    const folder = aFolder()
    const client = open({ spool: { folder }, flushMs: 60_000 })
    for (let round = 0; round < 3; round += 1) {
      trackMany(client, 100)
      expect(bytesIn(folder)).toBeGreaterThan(10_000)
      await client.flush(WAIT_MS)
      expect(bytesIn(folder)).toBe(0)
    }
  })

  test('that somebody took away is made anew', async () => {
    const { server, client: open, stored } = await aWorld()
    const folder = aFolder()
    server.setFault('an error of its own')
    const client = open({ spool: { folder } })
    for (const file of filesIn(folder)) rmSync(file)
    trackMany(client, 30)
    await client.close(1)
    server.setFault('none')
    expect(await open({ spool: { folder } }).flush(WAIT_MS)).toMatchObject({ delivered: 30 })
    expect(await stored()).toEqual(onceEach(30))
  })
})

test('a folder that cannot be used is told, and usage is sent from memory', async () => {
  const { errors, client: open, stored } = await aWorld()
  const file = path.join(aFolder(), 'a-file')
  writeFileSync(file, '')
  const client = open({ spool: { folder: file } })
  expect(errors).toMatchObject([{ kind: 'spool', code: 'client.spool_failed' }])
  trackMany(client, 30)
  expectExact(client)
  expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 30 })
  expect(await stored()).toEqual(onceEach(30))
})
