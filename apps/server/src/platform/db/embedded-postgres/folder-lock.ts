import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { isAlive, processStamp } from './processes.ts'

/** A data folder that belongs to this process until `release`, or until the process ends in any way. */
export type FolderLock = { release(): void }

const CLAIM_ATTEMPTS_MAX = 20

/**
 * Takes the data folder for this process. Throws `folder_in_use`, naming the process that has it.
 *
 * Each process writes a file of its own and then looks for others: of two that come at once at
 * least one sees the other, and steps back. What a dead process left behind counts for nothing. No
 * file of another live process is ever removed, so a takeover cannot hit the wrong one.
 */
export async function lockFolder(dataFolder: string): Promise<FolderLock> {
  const lock = lockPath(dataFolder)
  mkdirSync(lock, { recursive: true })
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
    refuseIfHeld(dataFolder)
    const claim = writeClaim(lock)
    if (otherClaims(lock).length === 0) {
      renameSync(claim, heldPath(lock))
      return { release: () => rmSync(heldPath(lock), { force: true }) }
    }
    rmSync(claim)
    await sleep(10 + Math.random() * 90) // so that two who met do not meet again
  }
  refuseIfHeld(dataFolder)
  throw inUse(dataFolder, otherClaims(lock)[0]?.pid ?? 0)
}

/** The live process that has the data folder, or undefined. */
export function folderHolder(dataFolder: string): number | undefined {
  return marks(lockPath(dataFolder)).find((mark) => mark.kind === 'held' && isOf(mark))?.pid
}

function refuseIfHeld(dataFolder: string): void {
  const holder = folderHolder(dataFolder)
  if (holder !== undefined) throw inUse(dataFolder, holder)
}

function inUse(dataFolder: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'folder_in_use',
    `The data folder ${dataFolder} is in use by process ${pid}. Stop it first, give this one ` +
      'another data folder, or set DATABASE_URL and let both use one PostgreSQL server.',
  )
}

/** A process's file in the lock folder: named by its number and kind, holding its stamp. */
type Mark = {
  readonly pid: number
  readonly kind: string
  readonly file: string
  readonly stamp: string
}

const lockPath = (dataFolder: string) => path.join(dataFolder, 'usageflow.lock')
const heldPath = (lock: string) => path.join(lock, `${process.pid}.held`)

function writeClaim(lock: string): string {
  const claim = path.join(lock, `${process.pid}.claim`)
  writeFileSync(claim, processStamp(process.pid))
  return claim
}

/** Claims and holds of other live processes; what dead ones left is removed on the way. */
function otherClaims(lock: string): Mark[] {
  const others = marks(lock).filter((mark) => mark.file !== `${process.pid}.claim`)
  for (const mark of others) {
    if (!isOf(mark)) rmSync(path.join(lock, mark.file), { force: true })
  }
  return others.filter(isOf)
}

/** Whether the process that made the mark still lives. */
function isOf({ pid, stamp }: Mark): boolean {
  if (!isAlive(pid)) return false
  const present = processStamp(pid)
  return stamp === '' || present === '' || stamp === present
}

function marks(lock: string): Mark[] {
  return namesIn(lock).flatMap((file) => {
    const [, pid, kind] = /^(\d+)\.(held|claim)$/.exec(file) ?? []
    if (pid === undefined || kind === undefined) return []
    return [{ pid: Number(pid), kind, file, stamp: textOf(path.join(lock, file)) }]
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Empty while its writer is between making and filling it, or when it was just removed. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
