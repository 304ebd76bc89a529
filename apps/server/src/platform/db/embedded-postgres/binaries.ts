import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { type Account, canReach } from './account.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** Where the programs of PostgreSQL are, ready to be run by the account they were prepared for. */
export type Binaries = {
  readonly initdb: string
  readonly postgres: string
  /** Of the package, like `18.4.0-beta.17`. */
  readonly version: string
  /** Like `18`: data of another major version cannot be opened. */
  readonly majorVersion: string
}

/** A folder that holds the package of one platform, for a copy made by a test. */
export type BinariesSource = { readonly packageFolder: string }

/**
 * Makes the binaries of the npm package runnable for `account`.
 *
 * The package needs links between its libraries, which its install script makes; where scripts do
 * not run they are made here. Where the package cannot be written, or the account cannot walk to it
 * (node_modules in the home of root), the binaries are copied once to a cache folder.
 */
export async function prepareBinaries(
  account: Account | undefined,
  source: BinariesSource = { packageFolder: platformPackage() },
): Promise<Binaries> {
  const { packageFolder } = source
  const { version } = JSON.parse(
    await readFile(path.join(packageFolder, 'package.json'), 'utf8'),
  ) as { version: string }
  const usable =
    (await hasLinks(packageFolder, account)) || (await linksWereMade(packageFolder, account))
  const home = usable ? packageFolder : await cachedCopy(packageFolder, version)
  const program = (name: string) => path.join(home, 'native', 'bin', name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    version,
    majorVersion: version.split('.')[0] ?? version,
  }
}

/** The installed package for this platform. Throws `missing_binaries`. */
export function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The package exports only `dist/index.js`; its folder is one above.
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    throw new EmbeddedPostgresError(
      'missing_binaries',
      `The embedded PostgreSQL for this platform (${name}) is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later.',
      { cause: error },
    )
  }
}

type Link = { readonly source: string; readonly target: string }

async function links(folder: string): Promise<Link[]> {
  const list = path.join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return [] // platforms whose archive has no links
  return JSON.parse(await readFile(list, 'utf8')) as Link[]
}

async function hasLinks(folder: string, account: Account | undefined): Promise<boolean> {
  if (!reachable(folder, account)) return false
  return (await links(folder)).every((link) => existsSync(path.join(folder, link.target)))
}

function reachable(folder: string, account: Account | undefined): boolean {
  const needed = ['bin/postgres', 'bin/initdb', 'share/postgresql/postgres.bki']
  return needed.every((file) => canReach(path.join(folder, 'native', file), account))
}

async function linksWereMade(folder: string, account: Account | undefined): Promise<boolean> {
  if (!reachable(folder, account)) return false
  try {
    await access(path.join(folder, 'native', 'lib'), constants.W_OK)
    await makeLinks(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return false
    throw error
  }
  return true
}

async function makeLinks(folder: string): Promise<void> {
  for (const { source, target } of await links(folder)) {
    const place = path.join(folder, target)
    // Relative, so that the folder can be moved.
    const to = path.relative(path.dirname(target), source)
    await symlink(to, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // made by a start at the same time
    })
  }
}

/** The copy appears under its final name only when it is whole, so a half copy is never run. */
async function cachedCopy(packageFolder: string, version: string): Promise<string> {
  const cache = await cacheFolder()
  const copy = path.join(cache, `postgresql-${process.platform}-${process.arch}-${version}`)
  if (existsSync(copy)) return copy
  const draft = `${copy}.${randomBytes(6).toString('hex')}`
  try {
    await cp(path.join(packageFolder, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    await makeLinks(draft)
    await letEveryoneRead(draft)
    await rename(draft, copy)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(copy)) throw error // else another start was faster
  }
  return copy
}

async function letEveryoneRead(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) await letEveryoneRead(place)
    else if (entry.isFile()) {
      const { mode } = await lstat(place)
      await chmod(place, mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

/** A folder that only we can write, since what lies in it is run. */
async function cacheFolder(): Promise<string> {
  const candidates = [
    path.join(cacheHome(), 'usageflow'),
    path.join(os.tmpdir(), `usageflow-cache-${process.getuid?.() ?? 0}`),
  ]
  for (const folder of candidates) {
    if (await isOurs(folder)) return folder
  }
  throw new EmbeddedPostgresError(
    'missing_binaries',
    `The embedded PostgreSQL must be copied to be run, but none of ${candidates.join(', ')} ` +
      'is a folder that only this user can write. Make one of them, or set DATABASE_URL.',
  )
}

function cacheHome(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME
  return isRoot() ? '/var/cache' : path.join(os.homedir(), '.cache')
}

const isRoot = () => process.getuid?.() === 0

async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const { uid, mode } = await lstat(folder)
    await access(folder, constants.W_OK)
    const mayOthersWrite = (mode & 0o022) !== 0
    if (uid !== process.getuid?.() || mayOthersWrite) return false
    return !isRoot() || canReach(folder, { uid: -1, gid: -1 }) // -1: nobody in particular
  } catch {
    return false
  }
}
