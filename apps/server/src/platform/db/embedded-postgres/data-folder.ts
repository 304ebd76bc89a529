import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Account, canReach, handOver } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ServerSettings } from './server-settings.ts'

/** Where things are in a data folder. */
export type DataFolder = {
  readonly root: string
  /** What PostgreSQL owns. */
  readonly pgData: string
  /** Port and password, readable by our account only. */
  readonly accessFile: string
  readonly logFile: string
}

/** How to reach the server of a data folder, kept from start to start. */
export type Access = {
  readonly port: number
  readonly password: string
  readonly startedWith?: WayOfRunning
}

/** What a server was started with, to tell whether one that was left behind serves as it should. */
export type WayOfRunning = { readonly version: string; readonly settings: ServerSettings }

/** The superuser, and the name of the one database. */
export const OWNER = 'usageflow'

export function dataFolderAt(folder: string): DataFolder {
  const root = path.resolve(folder)
  return {
    root,
    pgData: path.join(root, 'postgres'),
    accessFile: path.join(root, 'postgres.json'),
    logFile: path.join(root, 'postgres.log'),
  }
}

/** Makes the folder if needed. Throws `folder_not_ours` for a folder that holds something else. */
export function claimFolder(folder: DataFolder): void {
  try {
    // With root, PostgreSQL runs as another account and must be able to walk through.
    mkdirSync(folder.root, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    refuseForeignFolder(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EROFS'].includes(code)) throw error
    throw new EmbeddedPostgresError(
      'folder_not_reachable',
      `The data folder ${folder.root} cannot be used: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

const OUR_ENTRIES = /^(usageflow|postgres)([.-]|$)|^\.|^lost\+found$/

function refuseForeignFolder(folder: DataFolder): void {
  const entries = readdirSync(folder.root)
  const foreign = existsSync(folder.accessFile)
    ? undefined
    : entries.find((entry) => entry === 'postgres' || !OUR_ENTRIES.test(entry))
  if (foreign === undefined) return
  throw new EmbeddedPostgresError(
    'folder_not_ours',
    `The data folder ${folder.root} holds "${foreign}" and no postgres.json: UsageFlow did not ` +
      'make it, or its postgres.json was lost. Choose an empty or a new folder.',
  )
}

/** Where data is made, by which programs, for which account. */
export type ClusterPlace = {
  readonly folder: DataFolder
  readonly binaries: Binaries
  readonly account: Account | undefined
}

/**
 * Makes the data of a new PostgreSQL unless there is data. Interrupted at any instant, the next
 * call begins anew: the data gets its name when it is complete, after its password was kept.
 */
export async function createClusterOnce(
  { folder, binaries, account }: ClusterPlace,
  settings: ServerSettings,
): Promise<void> {
  removeDrafts(folder)
  if (existsSync(folder.pgData)) {
    refuseOtherVersion(folder, binaries)
    if (account && statSync(folder.pgData).uid !== account.uid) handOver(folder.pgData, account)
    return
  }
  const password = randomBytes(24).toString('base64url')
  const draft = `${folder.pgData}.new-${randomBytes(6).toString('hex')}`
  const pgData = path.join(draft, 'data')
  const passwordFile = path.join(draft, 'password')
  mkdirSync(pgData, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account) handOver(draft, account)
  // Who turns fsync off does not wait for the disk here either.
  const syncing = settings.fsync === 'off' ? ['--no-sync'] : []
  await initdb(binaries.initdb, { pgData, account, syncing })
  writeAccess(folder, { port: 0, password })
  renameSync(pgData, folder.pgData)
  rmSync(draft, { recursive: true, force: true })
}

function removeDrafts(folder: DataFolder): void {
  for (const entry of readdirSync(folder.root)) {
    if (!/^postgres(\.json)?\.new-/.test(entry)) continue
    // An initdb whose parent was killed may still be writing there.
    rmSync(path.join(folder.root, entry), { recursive: true, force: true, maxRetries: 10 })
  }
}

function refuseOtherVersion(folder: DataFolder, { majorVersion }: Binaries): void {
  const version = readFileSync(path.join(folder.pgData, 'PG_VERSION'), 'utf8').trim()
  if (version === majorVersion) return
  throw new EmbeddedPostgresError(
    'other_version',
    `The data in ${folder.pgData} was made by PostgreSQL ${version}, and this UsageFlow brings ` +
      `PostgreSQL ${majorVersion}, which cannot open it. Run the UsageFlow that made it, or move ` +
      `the data to a PostgreSQL ${majorVersion} with pg_dump and set DATABASE_URL.`,
  )
}

async function initdb(
  program: string,
  run: { pgData: string; account: Account | undefined; syncing: readonly string[] },
): Promise<void> {
  const { pgData, account } = run
  const args = [
    `--username=${OWNER}`,
    '--pwfile=../password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    ...run.syncing,
  ]
  try {
    await promisify(execFile)(program, ['-D', reachableData(pgData, account), ...args], {
      cwd: pgData,
      ...account,
    })
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    throw startFailure(stderr.trim() || message, pgData, error)
  }
}

/**
 * The path by which `account` gets at the data when it is started inside that folder.
 *
 * A process keeps its working directory even where its account cannot walk the way to it, like a
 * folder in the home of root. Linux gives that directory a path of its own.
 */
export function reachableData(pgData: string, account: Account | undefined): string {
  if (canReach(pgData, account)) return pgData
  if (process.platform === 'linux') return '/proc/self/cwd'
  throw new EmbeddedPostgresError(
    'folder_not_reachable',
    `PostgreSQL does not run as root, and the account it runs as cannot reach ${pgData}. ` +
      'Choose a data folder outside the home of root, or start UsageFlow as an ordinary user.',
  )
}

/** Names what PostgreSQL said when it would not start. */
export function startFailure(said: string, place: string, cause?: unknown): EmbeddedPostgresError {
  if (/No space left on device|ENOSPC/.test(said)) {
    return new EmbeddedPostgresError(
      'disk_full',
      `The disk of ${place} is full. Nothing acknowledged is lost; free some space.\n${said}`,
      { cause },
    )
  }
  return new EmbeddedPostgresError(
    'did_not_start',
    `PostgreSQL did not start in ${place}. If its programs do not run on this system at all ` +
      `(Alpine Linux, for one), set DATABASE_URL instead. It said:\n${said}`,
    { cause },
  )
}

/** Throws `folder_not_ours` when the file is missing or damaged. */
export function readAccess(folder: DataFolder): Access {
  try {
    return JSON.parse(readFileSync(folder.accessFile, 'utf8')) as Access
  } catch (error) {
    throw new EmbeddedPostgresError(
      'folder_not_ours',
      `${folder.accessFile} cannot be read: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

/** Replaces the file in one step: a reader sees the old or the new one, never a part. */
export function writeAccess(folder: DataFolder, access: Access): void {
  const draft = `${folder.accessFile}.new-${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(draft, folder.accessFile)
  } catch (error) {
    rmSync(draft, { force: true })
    throw startFailure((error as Error).message, folder.root, error)
  }
}

const LOG_BYTES_MAX = 10_000_000

/** Keeps the log of PostgreSQL from growing for ever; called while no server writes to it. */
export function rotateLog({ logFile }: DataFolder): void {
  const { size } = statSync(logFile, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`)
}
