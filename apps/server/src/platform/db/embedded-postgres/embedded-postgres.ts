import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../log.ts'
import { postgresAccount } from './account.ts'
import { type BinariesSource, prepareBinaries } from './binaries.ts'
import { bringUp } from './bring-up.ts'
import {
  claimFolder,
  createClusterOnce,
  type DataFolder,
  dataFolderAt,
  OWNER,
  readAccess,
} from './data-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { folderHolder, lockFolder } from './folder-lock.ts'
import {
  type Postmaster,
  portTaken,
  recordedPostmaster,
  type Site,
  signal,
  stopServer,
} from './postmaster.ts'
import { freePort, isPortFree, probe, urlOf, withClient } from './probe.ts'
import { type ServerSettings, serverSettings } from './server-settings.ts'

export type EmbeddedPostgresOptions = {
  readonly dataFolder: string
  readonly log: Logger
  /** On 127.0.0.1; 0 or undefined: the port of the last start, or a free one. */
  readonly port?: number | undefined
  /** Replaces single settings of `serverSettings`. */
  readonly settings?: ServerSettings | undefined
  /** For tests: a package folder other than the installed one. */
  readonly binariesSource?: BinariesSource | undefined
}

export type EmbeddedPostgres = {
  /** Of the database `usageflow`, as its owner. The same for as long as this process lives. */
  readonly url: string
  /** True when the server was running already, left behind by a killed process. */
  readonly adopted: boolean
  /** Stops the server if this process runs it, and gives the data folder back. */
  stop(): Promise<void>
}

/**
 * Serves the data folder, which is made on the first call, and keeps it served: a PostgreSQL that
 * dies is started again, at the same address, for as long as this process lives.
 *
 * Throws an `EmbeddedPostgresError` when a person must do something first, `folder_in_use` when
 * another process serves the folder.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = dataFolderAt(options.dataFolder)
  claimFolder(folder)
  const lock = await lockFolder(folder.root)
  try {
    const { site, postmaster, adopted } = await firstStart(options, folder)
    await createDatabaseOnce(urlOf(site.door, 'postgres'))
    const watch = keepServing(site, postmaster, options.log)
    const stop = async () => {
      await watch.stop()
      lock.release()
    }
    return { url: urlOf(site.door, OWNER), adopted, stop }
  } catch (error) {
    lock.release()
    throw error
  }
}

const JOIN_TIMEOUT_MS = 30_000

/**
 * For a tool that may run beside a server: uses the PostgreSQL of the process that has the folder
 * (`stop` then does nothing), or serves the folder itself until `stop`.
 */
export async function joinEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = dataFolderAt(options.dataFolder)
  const start = performance.now()
  for (;;) {
    const holder = folderHolder(folder.root)
    if (holder === undefined) {
      const started = await startUnlessHeld(options)
      if (started) return started
    } else if (await isServed(folder)) {
      const { port, password } = readAccess(folder)
      return { url: urlOf({ port, password }, OWNER), adopted: false, stop: async () => {} }
    }
    if (performance.now() - start > JOIN_TIMEOUT_MS) {
      throw new EmbeddedPostgresError(
        'did_not_start',
        `Process ${holder} has the data folder ${folder.root}, but its PostgreSQL does not answer.`,
      )
    }
    await sleep(100)
  }
}

async function startUnlessHeld(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres | undefined> {
  try {
    return await startEmbeddedPostgres(options)
  } catch (error) {
    const lostTheRace = error instanceof EmbeddedPostgresError && error.problem === 'folder_in_use'
    if (lostTheRace && folderHolder(options.dataFolder) !== undefined) return undefined
    throw error
  }
}

async function isServed(folder: DataFolder): Promise<boolean> {
  if (!recordedPostmaster(folder)) return false
  const door = readAccess(folder)
  return (await probe(door)) === 'ready' && (await hasDatabase(urlOf(door, 'postgres')))
}

const PORT_ATTEMPTS_MAX = 5

async function firstStart(options: EmbeddedPostgresOptions, folder: DataFolder) {
  const account = postgresAccount(folder.pgData)
  const binaries = await prepareBinaries(account, options.binariesSource)
  const settings = { ...serverSettings, ...options.settings }
  await createClusterOnce({ folder, binaries, account }, settings)
  for (let attempt = 1; ; attempt++) {
    const { password } = readAccess(folder)
    const door = { password, port: await choosePort(options, folder) }
    const site: Site = { folder, binaries, account, door, settings }
    try {
      return { site, ...(await bringUp(site, options.log)) }
    } catch (error) {
      const isTaken = error instanceof EmbeddedPostgresError && error.problem === 'port_taken'
      if (!isTaken || options.port || attempt === PORT_ATTEMPTS_MAX) throw error
    }
  }
}

/** The port asked for, else that of a server left behind, else the last one, else any free one. */
async function choosePort(options: EmbeddedPostgresOptions, folder: DataFolder): Promise<number> {
  const running = recordedPostmaster(folder)?.port
  const wanted = options.port || running || readAccess(folder).port
  if (wanted === 0) return freePort()
  if (wanted === running || (await isPortFree(wanted))) return wanted
  if (options.port) throw portTaken(wanted)
  return freePort()
}

async function hasDatabase(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [OWNER])
    return found.rowCount === 1
  })
}

async function createDatabaseOnce(url: string): Promise<void> {
  if (await hasDatabase(url)) return
  await withClient(url, (client) => client.query(`create database ${OWNER}`))
}

const RESTART_DELAY_FIRST_MS = 100
const RESTART_DELAY_MAX_MS = 5_000

/** Starts the server again whenever it ends, until `stop`. */
function keepServing(site: Site, first: Postmaster, log: Logger) {
  let present: Postmaster | undefined = first
  let isStopping = false
  // A process that ends without `stop` takes its server along; only a kill -9 leaves an orphan.
  const onExit = () => present && signal(present.pid, 'SIGINT')
  process.once('exit', onExit)

  const serve = async () => {
    while (present && !isStopping) {
      const how = await present.ended
      present = undefined
      if (isStopping) return
      log.error({ how }, 'PostgreSQL ended by itself: starting it again')
      present = await restart(site, log, () => isStopping)
    }
  }
  const served = serve()

  return {
    async stop() {
      isStopping = true
      process.removeListener('exit', onExit)
      if (!present) return served // a restart is under way: it stops what it started
      if (!(await stopServer(present))) log.warn('PostgreSQL is still writing; it ends by itself')
    },
  }
}

async function restart(
  site: Site,
  log: Logger,
  isStopping: () => boolean,
): Promise<Postmaster | undefined> {
  for (let delayMs = RESTART_DELAY_FIRST_MS; !isStopping(); delayMs *= 2) {
    try {
      const { postmaster } = await bringUp(site, log)
      if (isStopping()) await stopServer(postmaster)
      else log.info({ pid: postmaster.pid }, 'PostgreSQL serves again')
      return postmaster
    } catch (error) {
      log.error({ err: error }, 'PostgreSQL did not start; trying again')
    }
    await sleep(Math.min(delayMs, RESTART_DELAY_MAX_MS))
  }
  return undefined
}
