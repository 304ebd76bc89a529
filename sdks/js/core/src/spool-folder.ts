import { newKey, systemClock } from './clock.ts'

const ABANDONED_MS = 10 * 60_000 // an owner shows its file to be alive every minute
const NAME = /^([\w.-]*)~(\d+)~[\w-]+\.spool$/
const NOBODY = 'closed~0'

/** The parts of Node that the spool needs, asked for so that bundles for other runtimes do without. */
export type Disk = {
  readonly fs: typeof import('node:fs')
  readonly path: typeof import('node:path')
  readonly host: string
  readonly checksum: (text: string) => number
}

/** Throws where there is no Node, or one that is too old. */
export function openDisk(): Disk {
  const { crc32 } = process.getBuiltinModule('node:zlib')
  return {
    fs: process.getBuiltinModule('node:fs'),
    path: process.getBuiltinModule('node:path'),
    host: process
      .getBuiltinModule('node:os')
      .hostname()
      .replace(/[^\w.-]/g, '-'),
    checksum: (text) => crc32(text),
  }
}

/**
 * The files of many processes in one folder. The name of a file says whose it is, so no two processes
 * ever write to one; what a process left behind goes to the first that gives it its own name.
 */
export class SpoolFolder {
  readonly #disk: Disk
  readonly #folder: string

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#folder = folder
    disk.fs.mkdirSync(folder, { recursive: true, mode: 0o700 }) // it says who used what
  }

  /** A path that nobody else has. */
  newFile(): string {
    const file = this.#path(`${this.#disk.host}~${process.pid}~${newKey()}.spool`)
    openFiles().add(file)
    return file
  }

  /** Makes a file of ours one that anybody may take. */
  giveUp(file: string): void {
    this.#disk.fs.renameSync(file, this.#path(`${NOBODY}~${newKey()}.spool`))
    this.forget(file)
  }

  /** The file is no more, or no more ours. */
  forget(file: string): void {
    openFiles().delete(file)
  }

  /** Takes one file whose process is no more, and returns its new path; null if there is none. */
  adopt(): string | null {
    for (const name of this.#disk.fs.readdirSync(this.#folder)) {
      if (!this.#isAbandoned(name)) continue
      const ours = this.newFile()
      try {
        this.#disk.fs.renameSync(this.#path(name), ours)
        return ours
      } catch {
        this.forget(ours) // another process was faster
      }
    }
    return null
  }

  #isAbandoned(name: string): boolean {
    const [, host, pid] = NAME.exec(name) ?? []
    const file = this.#path(name)
    if (pid === undefined || openFiles().has(file)) return false
    if (name.startsWith(NOBODY)) return true
    const changedMs = this.#disk.fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (changedMs === undefined) return false
    const nowMs = systemClock().getTime()
    if (nowMs - changedMs > ABANDONED_MS) return true
    if (host !== this.#disk.host) return false
    // In a container that was started again the process has the number that the last one had.
    if (Number(pid) === process.pid) return changedMs < nowMs - process.uptime() * 1_000
    return !isAlive(Number(pid))
  }

  #path(name: string): string {
    return this.#disk.path.join(this.#folder, name)
  }
}

/** Of this process, also where the package was loaded twice, as ESM and CJS. */
function openFiles(): Set<string> {
  const holder = globalThis as { [key: symbol]: Set<string> | undefined }
  const key = Symbol.for('usageflow.spool.open-files')
  holder[key] ??= new Set()
  return holder[key]
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM' // it is another user's
  }
}
