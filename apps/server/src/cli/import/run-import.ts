import { hash } from 'node:crypto'
import {
  createWriteStream,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { ConfigError } from '../../config.ts'
import { apiClient } from '../api-client.ts'
import { say, sayJson } from '../print.ts'
import { openProgress } from '../progress.ts'
import { MAPPABLE_FIELDS, type Mapping } from './event-line.ts'
import { importFile, type Progress } from './import-file.ts'
import { type Format, readEvents } from './read-file.ts'

type ImportFlags = {
  readonly format: Format
  readonly url: string
  readonly key: string
  readonly map: Readonly<Record<string, string>>
  readonly set: Readonly<Record<string, string>>
  readonly metadata: readonly string[]
  readonly keyPrefix?: string
  readonly refused?: string
  readonly json?: boolean
}

/** Sends a file to a running server, with a progress bar, and reports every line that was refused. */
export async function runImport(file: string, flags: ImportFlags): Promise<void> {
  if (!existsSync(file)) throw new ConfigError(`there is no file ${file}`)
  const mapping = mappingOf(file, flags)
  const api = apiClient(flags.url, flags.key)
  const progress = openProgress('lines', flags.json !== true)
  const refusedFile = flags.refused ?? `${file}.refused`
  const memory = progressMemory(file, flags)
  const refused = refusedLines(refusedFile, memory.read().lineDone > 0)
  const report = await importFile(path.basename(file), {
    readEvents: () => readEvents(file, flags.format, mapping),
    post: (route, body) => api.post(route, body),
    resume: async () => memory.read(),
    remember: async (at) => memory.write(at),
    onRefused: refused.add,
    onProgress: progress.set,
  }).finally(() => {
    progress.end()
    return refused.end()
  })
  if (flags.json) return sayJson(report)
  say(
    `${report.recorded} recorded, ${report.duplicates} were there already, ${report.refused} refused, of ${report.lines} lines.`,
  )
  if (report.skipped > 0)
    say(`${report.skipped} lines had been sent by the run that this one continues.`)
  if (report.refused > 0) say(`The refused lines and their reasons are in ${refusedFile}.`)
}

function mappingOf(file: string, flags: ImportFlags): Mapping {
  for (const field of [...Object.keys(flags.map), ...Object.keys(flags.set)]) {
    if (!(MAPPABLE_FIELDS as readonly string[]).includes(field))
      throw new ConfigError(
        `an event has no field "${field}"; it has ${MAPPABLE_FIELDS.join(', ')}, and --metadata for the rest`,
      )
  }
  return {
    keyPrefix: flags.keyPrefix ?? path.basename(file, path.extname(file)),
    columns: flags.map,
    constants: flags.set,
    metadata: flags.metadata,
  }
}

/** Opened at the first refused line, so that a clean import leaves no file. A run that goes on adds to it. */
function refusedLines(file: string, isContinued: boolean) {
  let stream: ReturnType<typeof createWriteStream> | undefined
  return {
    add(line: number, reason: string): void {
      stream ??= createWriteStream(file, { flags: isContinued ? 'a' : 'w' })
      stream.write(`line ${line}: ${reason}\n`)
    },
    end: () => new Promise<void>((resolve) => (stream ? stream.end(resolve) : resolve())),
  }
}

/**
 * Remembers beside the file how far an import came; nothing stays after one that ended. What another
 * file, server, key or mapping remembered does not count: sending lines again is harmless, leaving
 * them out is not.
 */
function progressMemory(file: string, flags: ImportFlags) {
  const memory = `${file}.usageflow-import`
  const { size, mtimeMs } = statSync(file)
  const run = hash('sha256', JSON.stringify({ size, mtimeMs, ...flags }))
  const start: Progress = { importId: null, lineDone: 0 }
  return {
    read(): Progress {
      if (!existsSync(memory)) return start
      const remembered = JSON.parse(readFileSync(memory, 'utf8')) as Progress & { run?: string }
      return remembered.run === run ? remembered : start
    },
    write(progress: Progress): void {
      if (progress.lineDone === 0) rmSync(memory, { force: true })
      else {
        writeFileSync(`${memory}.new`, JSON.stringify({ ...progress, run }))
        renameSync(`${memory}.new`, memory) // whole or not at all, whenever this process is ended
      }
    },
  }
}
