import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Text that is made while it is sent, however long it is. */
export type Streamed = {
  /** Its media type. */
  readonly type: string
  readonly chunks: AsyncIterable<string>
  /** Under which it is saved. */
  readonly fileName?: string
}

export const NDJSON_TYPE = 'application/x-ndjson'
export const CSV_TYPE = 'text/csv'

/** The first of these media types that an `Accept` header names; null: none of them, and whatever it is. */
export function namedType(accept: string | undefined, types: readonly string[]): string | null {
  const named = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase())
  return types.find((type) => named.includes(type)) ?? null
}

/**
 * What fails before anything is sent rejects; what fails later cuts the connection, so that nobody takes a
 * part for all. `note` is awaited in between: nothing is sent that it has not noted, and nothing noted that failed.
 * `confirm` is asked before each chunk, and cuts the connection of whoever may no longer read.
 */
export async function sendStream(
  reply: FastifyReply,
  { type, chunks, fileName }: Streamed,
  note: () => Promise<void>,
  confirm: () => Promise<void>,
): Promise<FastifyReply> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  await confirm()
  await note()
  const stream = Readable.from(following(first, iterator, confirm), { objectMode: false })
  if (fileName) reply.header('content-disposition', `attachment; filename="${fileName}"`)
  return reply.type(`${type}; charset=utf-8`).send(stream)
}

async function* following(
  first: IteratorResult<string>,
  iterator: AsyncIterator<string>,
  confirm: () => Promise<void>,
) {
  try {
    for (let next = first; !next.done; next = await iterator.next()) {
      await confirm()
      yield next.value
    }
  } finally {
    await iterator.return?.() // the client is gone
  }
}

/** One JSON text a line. */
export function ndjson(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** One record, as RFC 4180 has it, of which no spreadsheet runs anything: a cell that looks like a formula begins with `'`. */
export function csvRecord(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(harmless(cell ?? ''))).join(',')}\r\n`
}

const FORMULA = /^\s*[=+\-@＝＋－＠|%]|^[\t\r\n]/
const NUMBER = /^-?\d+(\.\d+)?$/

function harmless(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** All pages of a list, one after the other. A page with a row less than `limit` is the last one. */
export async function* allPages<Row>(
  limit: number,
  read: (last: Row | null) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let last: Row | null = null; ; ) {
    const rows: readonly Row[] = await read(last)
    if (rows.length > 0) yield rows
    if (rows.length < limit) return
    last = rows.at(-1) ?? null
  }
}
