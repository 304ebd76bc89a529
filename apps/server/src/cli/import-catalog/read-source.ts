import { readFileSync } from 'node:fs'
import { CatalogNotImported } from './catalog-not-imported.ts'

/** What another product knows of meters and plans, as its API gives it. */
export type Source = { readonly meters: readonly unknown[]; readonly plans: readonly unknown[] }

export const PRODUCTS = ['dodo', 'openmeter', 'lago'] as const
export type Product = (typeof PRODUCTS)[number]

/** Where their API answers. */
const HOMES: Readonly<Record<Product, string>> = {
  dodo: 'https://live.dodopayments.com',
  openmeter: 'https://openmeter.cloud',
  lago: 'https://api.getlago.com/api/v1',
}

/** What an export calls its lists. */
const LISTS: Readonly<Record<Product, { readonly meters: string; readonly plans: string }>> = {
  dodo: { meters: 'meters', plans: 'products' },
  openmeter: { meters: 'meters', plans: 'plans' },
  lago: { meters: 'billable_metrics', plans: 'plans' },
}

const TIMEOUT_MS = 30_000
const PAGE = 100
const PAGES_MAX = 1_000

/**
 * Reads a file of JSON: an object with the lists by the names that the product gives them, or the list of meters alone.
 * Throws `CatalogNotImported`.
 */
export function readExport(product: Product, file: string): Source {
  const said = parsed(readFileSync(file, 'utf8'), file)
  if (Array.isArray(said)) return { meters: said, plans: [] }
  const { meters, plans } = LISTS[product]
  const source = { meters: listIn(said, meters), plans: listIn(said, plans) }
  if (source.meters.length + source.plans.length === 0)
    throw new CatalogNotImported(`${file} has neither "${meters}" nor "${plans}"`)
  return source
}

function listIn(said: unknown, name: string): readonly unknown[] {
  const list = (said as Readonly<Record<string, unknown>> | null)?.[name]
  const items = (list as { readonly items?: unknown } | undefined)?.items ?? list // as an answer, or its list alone
  return Array.isArray(items) ? items : []
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CatalogNotImported(`${where} is not JSON`)
  }
}

type Get = (
  path: string,
) => Promise<Readonly<Record<string, unknown>> & { readonly items?: unknown }>

/** Asks the API of the product. Throws `CatalogNotImported` when it does not answer as it should. */
export function askApi(
  product: Product,
  { url = HOMES[product], key }: { readonly url?: string | undefined; readonly key: string },
): Promise<Source> {
  const get: Get = async (path) => {
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    if (!response.ok)
      throw new CatalogNotImported(`${product} answered ${path} with ${response.status}`)
    return parsed(text, `the answer to ${path}`) as Awaited<ReturnType<Get>>
  }
  return ASKED[product](get)
}

const ASKED: Readonly<Record<Product, (get: Get) => Promise<Source>>> = {
  async dodo(get) {
    const meters = await dodoList(get, 'meters')
    const listed = await dodoList(get, 'products')
    const plans = []
    for (const product of listed) {
      const { product_id: id } = product as { readonly product_id?: unknown }
      plans.push(await get(`/products/${encodeURIComponent(String(id))}`)) // the list does not tell prices of meters
    }
    return { meters, plans }
  },

  async openmeter(get) {
    return { meters: await openmeterList(get, 'meters'), plans: [] }
  },

  async lago(get) {
    return {
      meters: await lagoList(get, 'billable_metrics'),
      plans: await lagoList(get, 'plans'),
    }
  },
}

/** Pages count from 0 there. */
async function dodoList(get: Get, name: string): Promise<unknown[]> {
  const all: unknown[] = []
  for (let page = 0; page < PAGES_MAX; page++) {
    const items = listIn(
      { page: await get(`/${name}?page_number=${page}&page_size=${PAGE}`) },
      'page',
    )
    all.push(...items)
    if (items.length < PAGE) break
  }
  return all
}

/** Pages count from 1 there, and say nothing of those that follow. A server that knows no pages gives the same again. */
async function openmeterList(get: Get, name: string): Promise<unknown[]> {
  const all: unknown[] = []
  let before = ''
  for (let page = 1; page <= PAGES_MAX; page++) {
    const answer = await get(`/api/v1/${name}?page=${page}&pageSize=${PAGE}`)
    const items = listIn({ answer }, 'answer')
    const now = JSON.stringify(items)
    if (now === before) break
    all.push(...items)
    if (items.length < PAGE) break
    before = now
  }
  return all
}

async function lagoList(get: Get, name: string): Promise<unknown[]> {
  const all: unknown[] = []
  for (let page: unknown = 1; typeof page === 'number' && page <= PAGES_MAX; ) {
    const answer = await get(`/${name}?page=${page}&per_page=${PAGE}`)
    all.push(...listIn(answer, name))
    page = (answer.meta as { readonly next_page?: unknown } | undefined)?.next_page
  }
  return all
}
