import { monotonicMs, systemClock } from './clock.ts'
import type { SpoolOptions } from './config.ts'
import type { Entry, EntryQueue } from './entry-queue.ts'
import { type Disk, openDisk, SpoolFolder } from './spool-folder.ts'
import { entryLine, readLines, type SpoolContent, settledLine } from './spool-lines.ts'

const SPARE_BYTES_MAX = 16 * 1024 * 1024 // of lines that are settled, before the file is made anew
const SHOW_EVERY_MS = 60_000
const ADOPT_EVERY_MS = 60_000

/** What another process left behind. It stays on disk until `remove`. */
export type Adopted = SpoolContent & { remove(): void }

/**
 * The queue on disk: a line is appended for each entry before `track` returns, so that it outlives the
 * process, and one for what was settled. Where the end came between the two, the entry is sent again,
 * with its key. Every method may throw what the disk throws.
 */
export class Spool {
  readonly #disk: Disk
  readonly #folder: SpoolFolder
  readonly #fsync: boolean
  readonly #queue: EntryQueue
  #file = ''
  #descriptor = -1
  #bytes = 0
  #isTorn = false
  #syncing: 'no' | 'yes' | 'again' = 'no'
  #syncError: Error | null = null
  #shownAtMs = monotonicMs()
  #adoptedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: SpoolOptions, queue: EntryQueue) {
    this.#disk = openDisk()
    this.#folder = new SpoolFolder(this.#disk, options.folder)
    this.#fsync = options.fsync ?? false
    this.#queue = queue
    this.#openFile()
  }

  /** Writes down an entry that has just been queued. */
  add(entry: Entry): void {
    const wasTaken = this.#bytes === 0 && !this.#disk.fs.existsSync(this.#file)
    if (wasTaken) this.#openFile()
    this.#append(entryLine(entry, this.#disk.checksum))
  }

  /** The entries up to `lastSequence` are off the queue. */
  settled(lastSequence: number): void {
    if (this.#queue.length === 0) {
      this.#disk.fs.ftruncateSync(this.#descriptor, 0)
      this.#bytes = 0
      this.#isTorn = false
      return
    }
    this.#append(settledLine(lastSequence, this.#disk.checksum))
    if (this.#bytes > SPARE_BYTES_MAX + 2 * this.#queue.bytes) this.#rewrite()
  }

  /** Shows now and then that the owner of the file lives; makes a new one if it was taken for dead. */
  show(): void {
    const error = this.#syncError
    this.#syncError = null
    if (error) throw error
    if (monotonicMs() - this.#shownAtMs < SHOW_EVERY_MS) return
    this.#shownAtMs = monotonicMs()
    const now = systemClock()
    if (this.#disk.fs.existsSync(this.#file)) this.#disk.fs.futimesSync(this.#descriptor, now, now)
    else this.#rewrite()
  }

  /** Takes over one file that another process left behind, if there is one; looks once a minute. */
  adopt(): Adopted | null {
    if (monotonicMs() - this.#adoptedAtMs < ADOPT_EVERY_MS) return null
    const file = this.#folder.adopt()
    if (file === null) {
      this.#adoptedAtMs = monotonicMs()
      return null
    }
    const content = readLines(this.#disk.fs.readFileSync(file, 'utf8'), this.#disk.checksum)
    return { ...content, remove: () => this.#remove(file) }
  }

  /** Leaves what is queued to the next process. */
  close(): void {
    this.#disk.fs.closeSync(this.#descriptor)
    this.#descriptor = -1
    if (this.#queue.length === 0) this.#remove(this.#file)
    else this.#folder.giveUp(this.#file)
  }

  #openFile(): void {
    if (this.#descriptor !== -1) this.#disk.fs.closeSync(this.#descriptor)
    this.#folder.forget(this.#file)
    this.#descriptor = -1
    this.#file = this.#folder.newFile()
    this.#descriptor = this.#disk.fs.openSync(this.#file, 'ax', 0o600)
    this.#bytes = 0
    this.#isTorn = false
  }

  /** The old file goes when the new one is complete: an end in between leaves both, and keys that repeat. */
  #rewrite(): void {
    const old = this.#file
    this.#openFile()
    const lines = this.#queue.all().map((entry) => entryLine(entry, this.#disk.checksum))
    if (lines.length > 0) this.#append(lines.join(''))
    this.#remove(old)
  }

  #append(lines: string): void {
    const text = this.#isTorn ? `\n${lines}` : lines
    this.#isTorn = true // half a line may be there if this throws: the disk is full
    this.#disk.fs.writeFileSync(this.#descriptor, text)
    this.#isTorn = false
    this.#bytes += text.length
    if (this.#fsync) this.#sync()
  }

  /** One at a time and not waited for: what is written meanwhile is part of the next. */
  #sync(): void {
    if (this.#syncing !== 'no') {
      this.#syncing = 'again'
      return
    }
    this.#syncing = 'yes'
    const descriptor = this.#descriptor
    this.#disk.fs.fdatasync(descriptor, (error) => {
      if (descriptor === this.#descriptor) this.#syncError = error
      const isBehind = this.#syncing === 'again'
      this.#syncing = 'no'
      if (isBehind && this.#descriptor !== -1) this.#sync()
    })
  }

  #remove(file: string): void {
    this.#disk.fs.rmSync(file, { force: true })
    this.#folder.forget(file)
  }
}
