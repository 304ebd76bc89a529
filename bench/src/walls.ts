/**
 * `npm run bench -- --walls`: whether the time of an answer tells a stranger that another organization has a thing.
 * What exists and what does not is asked for in turn, by the key of an organization that has neither.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { callsOf, prepareCustomers } from './access-world.ts'
import { type HttpConnection, openConnection } from './http-connection.ts'
import { percentiles } from './measure.ts'
import type { Options } from './options.ts'
import { makeOrganization, type Product, startProduct } from './product.ts'

const ASKED = 1_000
const ASKED_QUICK = 100
const WARM_UP = 100
const DIFFERENCE_MS_MAX = 1
const CUSTOMER = 'walled'

type Thing = { readonly name: string; readonly path: (id: string) => string; readonly id: string }

/** Measures and says on standard output what came out. Whether no route tells the two apart. */
export async function benchWalls(options: Options): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-walls-'))
  const dataFolder = path.join(folder, 'product')
  const product = await startProduct(dataFolder)
  try {
    const things = await makeThings(product)
    const { apiKey } = await makeOrganization(dataFolder, 'Stranger')
    const connection = await openConnection(product.port)
    const times = options.isQuick ? ASKED_QUICK : ASKED
    say(`${times} times each what another organization has, and what nobody has; medians in ms`)
    let isGood = true
    for (const thing of things) {
      const { foreignMs, unknownMs } = await compared(
        connection,
        { ...product, apiKey },
        thing,
        times,
      )
      const differenceMs = Math.abs(foreignMs - unknownMs)
      say(
        `${thing.name.padEnd(18)} foreign ${foreignMs.toFixed(3)}  unknown ${unknownMs.toFixed(3)}  apart ${differenceMs.toFixed(3)}`,
      )
      if (differenceMs >= DIFFERENCE_MS_MAX) isGood = false
    }
    connection.close()
    say(`promised: less than ${DIFFERENCE_MS_MAX} ms apart`)
    return isGood
  } finally {
    await product.stop()
    rmSync(folder, { recursive: true })
  }
}

/** One of each that has a page of its own. */
async function makeThings(product: Product): Promise<Thing[]> {
  const call = callsOf(product)
  await prepareCustomers(call, [CUSTOMER])
  const firstOf = async (list: string, id = 'id'): Promise<string> => {
    const { data } = (await call('GET', list)) as { data: Record<string, string>[] }
    const found = data[0]?.[id]
    if (found === undefined) throw new Error(`${list} is empty`)
    return found
  }
  await call('POST', '/api/v1/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await call('POST', '/api/v1/alerts', {
    ...{ kind: 'usage', meter: 'calls', window: 'day', thresholds: ['5'] },
  })
  await call('POST', '/api/v1/invoices', {
    ...{ customerId: CUSTOMER, currency: 'USD' },
    items: [{ description: 'Setting up', quantity: '1', unitAmount: '100' }],
  })
  const at = (list: string) => (id: string) => `/api/v1/${list}/${encodeURIComponent(id)}`
  return [
    { name: 'customer', path: at('customers'), id: CUSTOMER },
    { name: 'meter', path: at('meters'), id: await firstOf('/api/v1/meters') },
    { name: 'plan', path: at('plans'), id: await firstOf('/api/v1/plans') },
    { name: 'subscription', path: at('subscriptions'), id: await firstOf('/api/v1/subscriptions') },
    { name: 'invoice', path: at('invoices'), id: await firstOf('/api/v1/invoices') },
    {
      ...{ name: 'PDF of an invoice', id: await firstOf('/api/v1/invoices') },
      path: (id) => `/api/v1/invoices/${id}/pdf`,
    },
    {
      ...{ name: 'event', path: at('events') },
      id: await firstOf(`/api/v1/events?customerId=${CUSTOMER}&limit=1`, 'eventId'),
    },
    { name: 'alert', path: at('alerts'), id: await firstOf('/api/v1/alerts') },
    { name: 'tax rate', path: at('tax-rates'), id: await firstOf('/api/v1/tax-rates') },
  ]
}

/** In turn, so that a machine that slows down slows both; whoever is asked first changes every time. */
async function compared(
  connection: HttpConnection,
  stranger: Pick<Product, 'port' | 'apiKey'>,
  { path, id }: Thing,
  times: number,
) {
  const foreign = { bytes: request(stranger, path(id)), takenMs: [] as number[] }
  const unknown = { bytes: request(stranger, path(unlike(id))), takenMs: [] as number[] }
  for (let nth = -WARM_UP; nth < times; nth += 1) {
    for (const asked of nth % 2 === 0 ? [foreign, unknown] : [unknown, foreign]) {
      const startedAt = performance.now()
      const { status, body } = await connection.exchange(asked.bytes)
      if (status !== 404) throw new Error(`${path(id)}: ${status} ${body.toString()}`)
      if (nth >= 0) asked.takenMs.push(performance.now() - startedAt)
    }
  }
  return {
    foreignMs: percentiles(foreign.takenMs).p50Ms,
    unknownMs: percentiles(unknown.takenMs).p50Ms,
  }
}

/** An id of the same kind and length that nobody has. */
function unlike(id: string): string {
  return id.slice(0, -4) + id.slice(-4).replaceAll(/./g, (one) => (one === 'a' ? 'b' : 'a'))
}

function request({ port, apiKey }: Pick<Product, 'port' | 'apiKey'>, path: string): Buffer {
  const head = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `x-usageflow-api-key: ${apiKey}`]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
