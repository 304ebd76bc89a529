import { createReadStream } from 'node:fs'
import { CsvError, parse as parseCsv } from 'csv-parse'
import { ConfigError } from '../../config.ts'
import { Failure } from '../../platform/errors.ts'
import { parseStrictJson } from '../../platform/http/strict-json.ts'
import { readCombinedLine } from './combined-log.ts'
import type { EventLine, Mapping } from './event-line.ts'
import { readMappedRow } from './mapped-row.ts'

export const FORMATS = ['combined', 'csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

const LINE_CHARACTERS_MAX = 1_000_000 // more than any event has; a file without line breaks is no such file

/**
 * The lines of a file as events, one by one: a file of any size fits in memory. Blank lines are left
 * out. Throws ConfigError when the lines of the file cannot be told apart.
 */
export function readEvents(
  file: string,
  format: Format,
  mapping: Mapping,
): AsyncIterable<EventLine> {
  switch (format) {
    case 'combined':
      return readLines(file, (text, line) => readCombinedLine(text, line, mapping))
    case 'ndjson':
      return readLines(file, (text, line) => readJsonLine(text, line, mapping))
    case 'csv':
      return readCsv(file, mapping)
    default:
      throw new TypeError(`unknown format: ${format satisfies never}`)
  }
}

async function* readLines(
  file: string,
  read: (text: string, line: number) => EventLine,
): AsyncGenerator<EventLine> {
  let line = 0
  for await (const text of textLines(file)) {
    line += 1
    if (text.trim() !== '') yield read(text, line)
  }
}

/** Lines end with a line feed, and with nothing else that some programs take for one: JSON may hold those. */
async function* textLines(file: string): AsyncGenerator<string> {
  let rest = ''
  let isFirst = true
  for await (const chunk of createReadStream(file, 'utf8')) {
    const text = isFirst ? withoutMark(String(chunk)) : String(chunk)
    isFirst = false
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARACTERS_MAX)
      throw new ConfigError(`${file} has a line of more than ${LINE_CHARACTERS_MAX} characters`)
    yield* lines
  }
  yield rest
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function readJsonLine(text: string, line: number, mapping: Mapping): EventLine {
  let row: unknown
  try {
    row = parseStrictJson(Buffer.from(text))
  } catch (error) {
    if (error instanceof Failure) return { line, refused: `cannot be read: ${error.message}` }
    throw error
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return { line, refused: 'is not a JSON object' }
  const { metadata, ...rest } = row as Record<string, unknown>
  const read = readMappedRow(rest, line, mapping)
  if ('refused' in read || typeof metadata !== 'object' || metadata === null) return read
  return {
    line,
    event: { ...read.event, metadata: { ...(metadata as object), ...read.event.metadata } },
  }
}

/** Lines are counted as rows after the header, from 1. A row without all its values is refused, not guessed. */
async function* readCsv(file: string, mapping: Mapping): AsyncGenerator<EventLine> {
  const options = { bom: true, skip_empty_lines: true, relax_column_count: true }
  const rows = createReadStream(file).pipe(parseCsv(options))
  let header: readonly string[] | undefined
  let line = 0
  try {
    for await (const row of rows as AsyncIterable<string[]>) {
      if (header === undefined) {
        header = headerOf(row, file)
        continue
      }
      line += 1
      yield readCsvRow(row, line, header, mapping)
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ConfigError(`${file}: ${error.message}`)
    throw error
  }
}

function headerOf(row: readonly string[], file: string): readonly string[] {
  const names = row.map((name) => name.trim())
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new ConfigError(`${file} has two columns "${twice}"`)
  return names
}

function readCsvRow(
  row: readonly string[],
  line: number,
  header: readonly string[],
  mapping: Mapping,
): EventLine {
  if (row.length !== header.length)
    return { line, refused: `has ${row.length} values, and the header has ${header.length}` }
  return readMappedRow(Object.fromEntries(header.map((name, at) => [name, row[at]])), line, mapping)
}
