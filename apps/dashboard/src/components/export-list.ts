import { openStream } from '../api/client.ts'
import type { Environment } from '../api/environment.tsx'
import { formatQuantity } from '../ui/format.ts'
import { csvHead, csvRows } from './csv.ts'
import type { ListDefinition } from './ListPage.tsx'
import type { Page } from './list-query.ts'

const PAGE_ROWS = 200 // the most that a list answers at once
const MEGABYTE = 1_000_000

type Exported<Row> = Pick<ListDefinition<Row>, 'columns' | 'exportAddress' | 'fetchPage'>

type Watch = {
  /** Stops it: it rejects then, since half an export looks like a whole one. */
  readonly signal: AbortSignal
  /** Is told in words how far it is. */
  readonly onProgress: (soFar: string) => void
}

/**
 * Every row that the filters leave, as CSV, however many there are. What has come is a blob already, which a
 * browser may keep on disk. Rejects when any part of it does not come.
 */
export async function exportList<Row>(
  list: Exported<Row>,
  environment: Environment,
  filters: Readonly<Record<string, string>>,
  watch: Watch,
): Promise<Blob> {
  const parts: Blob[] = []
  const chunks = list.exportAddress
    ? ofServer(environment, list.exportAddress(environment, filters), watch)
    : ofPages(list, environment, filters, watch)
  for await (const chunk of chunks) parts.push(new Blob([chunk]))
  return new Blob(parts, { type: 'text/csv;charset=utf-8' })
}

/** As the server writes it. A connection that breaks rejects: the server breaks it when it fails midway. */
async function* ofServer(
  environment: Environment,
  address: string,
  { signal, onProgress }: Watch,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = (await openStream(environment, address, signal)).getReader()
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
    bytes += value.length
    onProgress(`${formatQuantity(String(bytes / MEGABYTE), 1)} MB`)
  }
}

/** As the list is read, page by page. */
async function* ofPages<Row>(
  { columns, fetchPage }: Exported<Row>,
  environment: Environment,
  filters: Readonly<Record<string, string>>,
  { signal, onProgress }: Watch,
): AsyncGenerator<string> {
  yield csvHead(columns)
  let rows = 0
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<Row> = await fetchPage(environment, {
      ...{ filters, signal, limit: PAGE_ROWS },
      ...(cursor === undefined ? {} : { cursor }),
    })
    signal.throwIfAborted() // also where a list is read whole and knows of no signal
    yield csvRows(columns, page.data)
    rows += page.data.length
    onProgress(`${formatQuantity(String(rows))} rows`)
    cursor = page.nextCursor
  }
}
