import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '../../log.ts'
import {
  type Access,
  readAccess,
  rotateLog,
  type WayOfRunning,
  writeAccess,
} from './data-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import {
  adopt,
  launch,
  OrphansLeft,
  type Postmaster,
  type PostmasterRecord,
  recordedPostmaster,
  type Site,
  stopServer,
} from './postmaster.ts'
import { probe } from './probe.ts'
import { mayServe } from './processes.ts'

const ORPHANS_TIMEOUT_MS = 15_000
const BUSY_TIMEOUT_MS = 600_000 // an orphan in crash recovery, or writing its last checkpoint
const RETRY_MS = 200

/**
 * Has the data folder served: by the server that a killed process left behind, if it answers to
 * our password and runs as we would run it, else by a new one. `postmaster.pid` is PostgreSQL's own
 * guard and is never removed: while processes of a killed server go away, the start is repeated.
 */
export async function bringUp(
  site: Site,
  log: Logger,
): Promise<{ readonly postmaster: Postmaster; readonly adopted: boolean }> {
  const start = performance.now()
  for (;;) {
    const orphan = await settleOrphan(site, log)
    if (orphan) return { postmaster: orphan, adopted: true }
    try {
      return { postmaster: await launchNew(site), adopted: false }
    } catch (error) {
      if (!(error instanceof OrphansLeft)) throw error
      if (performance.now() - start > ORPHANS_TIMEOUT_MS) throw stillHeld(site, error)
    }
    await sleep(RETRY_MS)
  }
}

async function launchNew(site: Site): Promise<Postmaster> {
  rotateLog(site.folder)
  const access: Access = { ...site.door, startedWith: wayOfRunning(site) }
  // Not written when it stands there: a restart must also work while the disk is full.
  if (!isDeepStrictEqual(readAccess(site.folder), access)) writeAccess(site.folder, access)
  return launch(site)
}

/** Waits for the orphan to serve or to go. Returns it only if it serves as we would. */
async function settleOrphan(site: Site, log: Logger): Promise<Postmaster | undefined> {
  const start = performance.now()
  for (;;) {
    const found = recordedPostmaster(site.folder)
    if (!found || !mayServe(found.pid, site.folder.pgData)) return undefined
    const answer = await probe({ port: found.port, password: site.door.password })
    if (answer === 'ready') return adoptOrStop(site, found, log)
    const limit = answer === 'busy' ? BUSY_TIMEOUT_MS : ORPHANS_TIMEOUT_MS
    if (performance.now() - start > limit) return undefined // the launch says what is in the way
    await sleep(RETRY_MS)
  }
}

async function adoptOrStop(
  site: Site,
  found: PostmasterRecord,
  log: Logger,
): Promise<Postmaster | undefined> {
  const isAsWanted =
    found.port === site.door.port &&
    isDeepStrictEqual(readAccess(site.folder).startedWith, wayOfRunning(site))
  const orphan = adopt(found.pid, site.folder.pgData)
  if (isAsWanted) {
    log.warn({ pid: found.pid }, 'took over the PostgreSQL of a server that was killed')
    return orphan
  }
  log.warn({ pid: found.pid }, 'stopping a PostgreSQL that runs with other settings')
  await stopServer(orphan)
  return undefined
}

function wayOfRunning({ binaries, settings }: Site): WayOfRunning {
  return { version: binaries.version, settings }
}

function stillHeld({ folder }: Site, cause: OrphansLeft): EmbeddedPostgresError {
  const pid = recordedPostmaster(folder)?.pid
  return new EmbeddedPostgresError(
    'folder_in_use',
    `Processes of another PostgreSQL hold ${folder.pgData} (its number was ${pid}) and did not ` +
      `leave within 15 s. End them, then start again. PostgreSQL said:\n${cause.message.trim()}`,
    { cause },
  )
}
