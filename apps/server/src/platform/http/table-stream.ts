import { CSV_TYPE, csvRecord, NDJSON_TYPE, ndjson, type Streamed } from './stream.ts'

/** A list as a table: what its file is called, and each column with how a row's cell is written. */
export type Table<Row> = {
  readonly name: string
  /** In the order of the columns. */
  readonly columns: Readonly<Record<string, (row: Row) => string | null>>
}

/** The rows as a file: cells in CSV, under a head that is there even without rows; the whole rows in NDJSON. */
export function tableStream<Row>(
  { name, columns }: Table<Row>,
  format: 'csv' | 'ndjson',
  pages: AsyncIterable<readonly Row[]>,
): Streamed {
  const fileName = `${name}.${format}`
  return format === 'csv'
    ? { type: CSV_TYPE, fileName, chunks: csvOf(columns, pages) }
    : { type: NDJSON_TYPE, fileName, chunks: ndjsonOf(pages) }
}

async function* csvOf<Row>(
  columns: Table<Row>['columns'],
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const cells = Object.values(columns)
  let head = csvRecord(Object.keys(columns))
  for await (const rows of pages) {
    yield head + rows.map((row) => csvRecord(cells.map((cell) => cell(row)))).join('')
    head = ''
  }
  if (head !== '') yield head
}

async function* ndjsonOf<Row>(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield ndjson(rows)
}
