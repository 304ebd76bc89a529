import type { ApiClient } from '../../apps/server/src/cli/api-client.ts'

const PAGE_ROWS = 200

/** All rows of a list. */
export async function pages(api: ApiClient, path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  let cursor: unknown = null
  do {
    const separator = path.includes('?') ? '&' : '?'
    const next = cursor === null ? '' : `&cursor=${encodeURIComponent(String(cursor))}`
    const page = await get(api, `${path}${separator}limit=${PAGE_ROWS}${next}`)
    rows.push(...(page.data as Record<string, unknown>[]))
    cursor = page.nextCursor
  } while (cursor !== null)
  return rows
}

export async function post(
  api: ApiClient,
  path: string,
  body: unknown,
  headers = {},
): Promise<Record<string, unknown>> {
  return succeeded(`POST ${path}`, await api.post(path, body, headers))
}

export async function get(api: ApiClient, path: string): Promise<Record<string, unknown>> {
  return succeeded(`GET ${path}`, await api.get(path))
}

function succeeded(
  call: string,
  answer: { status: number; body: unknown },
): Record<string, unknown> {
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${call}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as Record<string, unknown>
}

export async function inParallel<T>(
  items: readonly T[],
  places: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: places }, run))
}
