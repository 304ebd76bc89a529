import { lchownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** An account of the operating system. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * The account that PostgreSQL must run as, or undefined for the present one.
 *
 * PostgreSQL refuses to run as root. For root it is the owner of the data, if there is data, so
 * that one folder works with and without `sudo`; else `nobody`, which every system has.
 */
export function postgresAccount(pgData: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(pgData, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return nobody()
}

function nobody(): Account {
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  if (uid === undefined || gid === undefined) {
    throw new EmbeddedPostgresError(
      'did_not_start',
      'PostgreSQL does not run as root, and /etc/passwd has no account "nobody" to run it as. ' +
        'Start UsageFlow as an ordinary user, or set DATABASE_URL.',
    )
  }
  return { uid: Number(uid), gid: Number(gid) }
}

const READ = 4
const SEARCH = 1

/** Whether the account may read `target` and walk every folder on the way to it. */
export function canReach(target: string, account: Account | undefined): boolean {
  if (account === undefined) return true
  if (!allows(target, account, READ)) return false
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if (!allows(folder, account, SEARCH)) return false
    if (folder === path.dirname(folder)) return true
  }
}

function allows(target: string, account: Account, right: number): boolean {
  const { mode, uid, gid } = statSync(target)
  if (uid === account.uid) return (mode & (right << 6)) !== 0
  if (gid === account.gid) return (mode & (right << 3)) !== 0
  return (mode & right) !== 0
}

/** Gives `folder` and all in it to the account, like a backup that root has copied back. */
export function handOver(folder: string, { uid, gid }: Account): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) handOver(place, { uid, gid })
    else lchownSync(place, uid, gid)
  }
  lchownSync(folder, uid, gid)
}
