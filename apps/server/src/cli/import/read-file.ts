import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse as parseCsv } from 'csv-parse'
import { readCombinedLine } from './combined-log.ts'
import type { EventLine, Mapping } from './event-line.ts'
import { readMappedRow } from './mapped-row.ts'

export const FORMATS = ['combined', 'csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** The lines of a file as events, one by one: a file of any size fits in memory. Blank lines are left out. */
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
  for await (const text of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line += 1
    if (text.trim() !== '') yield read(text, line)
  }
}

function readJsonLine(text: string, line: number, mapping: Mapping): EventLine {
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return { line, refused: 'is not JSON' }
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

/** Lines are counted as rows after the header, from 1. */
async function* readCsv(file: string, mapping: Mapping): AsyncGenerator<EventLine> {
  const rows = createReadStream(file).pipe(
    parseCsv({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true }),
  )
  let line = 0
  for await (const row of rows) {
    line += 1
    yield readMappedRow(row as Record<string, string>, line, mapping)
  }
}
