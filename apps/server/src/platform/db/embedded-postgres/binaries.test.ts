import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { handOver } from './account.ts'
import { platformPackage } from './binaries.ts'
import { startOwner } from './owner-process.ts'
import { withClient } from './probe.ts'

vi.setConfig({ testTimeout: 120_000 }) // starts and kills many servers, on a machine that is busy with other tests

const NOBODY = 65_534

const isRoot = process.getuid?.() === 0

/** Both ways to run where both are possible: only root can become somebody else. */
const runners = isRoot
  ? [
      { who: 'root', uid: undefined },
      { who: 'an ordinary user', uid: NOBODY },
    ]
  : [{ who: 'an ordinary user', uid: undefined }]

let scratch: string
let endings: (() => unknown)[]

beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'usageflow-binaries-'))
  chmodSync(scratch, 0o755)
  endings = [() => rmSync(scratch, { recursive: true, force: true })]
})

afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

/** A folder in the scratch folder that the runner owns. */
function folderOf(uid: number | undefined, name: string): string {
  const folder = path.join(scratch, name)
  mkdirSync(folder)
  if (uid !== undefined) chownSync(folder, uid, uid)
  return folder
}

/** The tree of the tests may lie where only root can walk: another user gets a copy of the package. */
function packageFor(uid: number | undefined): string {
  if (uid === undefined) return platformPackage()
  const packageFolder = path.join(scratch, 'installed')
  cpSync(platformPackage(), packageFolder, { recursive: true, verbatimSymlinks: true })
  return packageFolder
}

/** The package as `npm ci --ignore-scripts` leaves it: without the links between its libraries. */
function packageWithoutLinks(place: string): string {
  const packageFolder = path.join(place, 'package')
  cpSync(platformPackage(), packageFolder, { recursive: true, verbatimSymlinks: true })
  for (const { target } of linksOf(packageFolder)) {
    rmSync(path.join(packageFolder, target), { force: true })
  }
  return packageFolder
}

function linksOf(packageFolder: string): { readonly target: string }[] {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json')
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
}

/** What these tests write need not survive a power cut. */
const settings = { fsync: 'off' }

type Order = { readonly uid: number | undefined; readonly packageFolder?: string }

/** Serves `dataFolder` as the runner, and returns the folder of the programs that do it. */
async function serves({ uid, packageFolder }: Order, dataFolder: string): Promise<string> {
  const binariesSource = packageFolder === undefined ? undefined : { packageFolder }
  const cache = { XDG_CACHE_HOME: folderOf(uid, `cache-${readdirSync(scratch).length}`) }
  const owner = await startOwner({ dataFolder, settings, uid, binariesSource }, cache)
  endings.push(() => owner.end('SIGTERM'))
  const { rows } = await withClient(owner.url(), (client) =>
    client.query("select setting from pg_config where name = 'BINDIR'"),
  )
  return rows[0].setting
}

describe.each(runners)('as $who', ({ uid }) => {
  test('the installed package serves', async () => {
    await serves({ uid, packageFolder: packageFor(uid) }, folderOf(uid, 'data'))
  })

  test('links that an install without scripts did not make are made', async () => {
    const packageFolder = packageWithoutLinks(scratch)
    if (uid !== undefined) handOver(packageFolder, { uid, gid: uid })
    const program = await serves({ uid, packageFolder }, folderOf(uid, 'data'))
    expect(program).toBe(path.join(packageFolder, 'native/bin'))
  })

  test('a number in postmaster.pid that now belongs to another program does not stop the start', async () => {
    const dataFolder = folderOf(uid, 'data')
    const packageFolder = packageFor(uid)
    const first = await startOwner({ dataFolder, settings, uid, binariesSource: { packageFolder } })
    first.url()
    await first.end('SIGTERM')
    const other = spawn('sleep', ['60'], uid === undefined ? {} : { uid, gid: uid })
    endings.push(() => other.kill())
    leaveBehind(dataFolder, other)

    await serves({ uid, packageFolder }, dataFolder)
  })
})

/** What a PostgreSQL leaves that was killed together with its machine, its number in use again. */
function leaveBehind(dataFolder: string, { pid }: ChildProcess): void {
  const pgData = path.join(dataFolder, 'postgres')
  const file = path.join(pgData, 'postmaster.pid')
  writeFileSync(file, `${pid}\n${pgData}\n1700000000\n5432\n\n127.0.0.1\n  123456 0\nready\n`)
  const { uid, gid } = statSync(pgData)
  chownSync(file, uid, gid)
  chmodSync(file, 0o600)
}

// Only root can make the situations below; an ordinary user's tests end here, and none is skipped.
if (isRoot) {
  describe('where PostgreSQL, which never runs as root,', () => {
    test('cannot walk to the package, it runs from a copy', async () => {
      const home = folderOf(undefined, 'home')
      chmodSync(home, 0o700)
      const packageFolder = packageWithoutLinks(home)
      const program = await serves({ uid: undefined, packageFolder }, folderOf(undefined, 'data'))
      expect(program).toMatch(/\/cache-\d+\/usageflow\/postgresql-/)
    })

    test('cannot walk to the data folder, it works there all the same', async () => {
      const home = folderOf(undefined, 'home')
      chmodSync(home, 0o700)
      await serves({ uid: undefined }, path.join(home, 'data'))
    })

    test('finds data that root copied back from a backup, it gets that data', async () => {
      const dataFolder = folderOf(undefined, 'data')
      const first = await startOwner({ dataFolder, settings })
      first.url()
      await first.end('SIGTERM')
      handOver(path.join(dataFolder, 'postgres'), { uid: 0, gid: 0 })

      await serves({ uid: undefined }, dataFolder)
    })

    test('runs for an ordinary user who may not write the package, it runs from a copy', async () => {
      const order = { uid: NOBODY, packageFolder: packageWithoutLinks(scratch) }
      const program = await serves(order, folderOf(NOBODY, 'data'))
      expect(program).toMatch(/\/cache-\d+\/usageflow\/postgresql-/)
    })

    test('finds data of an ordinary user, it runs as that user', async () => {
      const dataFolder = folderOf(NOBODY, 'data')
      const binariesSource = { packageFolder: packageFor(NOBODY) }
      const first = await startOwner({ dataFolder, settings, uid: NOBODY, binariesSource })
      first.url()
      await first.end('SIGTERM')
      const other = 12_345 // an account without a name
      handOver(path.join(dataFolder, 'postgres'), { uid: other, gid: other })

      await serves({ uid: undefined }, dataFolder)
      expect(statSync(path.join(dataFolder, 'postgres/postmaster.pid')).uid).toBe(other)
    })
  })
}
