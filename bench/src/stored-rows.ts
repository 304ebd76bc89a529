import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { buildRows, copyRows, renewRowKeys } from './copy-rows.ts'
import { withClient } from './postgres.ts'
import type { Product } from './product.ts'

const CONNECTIONS = 2
const BATCH_ROWS = 10_000
const DAYS_30_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Fills the event table of a running server with `count` rows of the past month, as if they had been
 * sent. `count` is a multiple of 10,000. The worker counts them like any others; `settleRows` waits for that.
 */
export async function storeRows(product: Product, count: number): Promise<void> {
  let batchesLeft = count / BATCH_ROWS
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, nth) => {
      const client = new pg.Client({ connectionString: product.databaseUrl })
      await client.connect()
      const rows = buildRows(BATCH_ROWS, {
        envId: product.envId,
        first: nth * BATCH_ROWS,
        until: new Date(),
        spreadMs: DAYS_30_MS,
      })
      while (batchesLeft > 0) {
        batchesLeft -= 1
        renewRowKeys(rows)
        await copyRows(client, 'usage_events', rows)
      }
      await client.end()
    }),
  )
}

const SETTLED_POLL_MS = 500
const SETTLED_MS_MAX = 15 * 60 * 1_000

/** Waits until the server is through with what was stored, so that no measurement pays for it. */
export async function settleRows(databaseUrl: string): Promise<void> {
  await untilThrough(databaseUrl)
  await withClient(databaseUrl, async (client) => {
    await client.query('vacuum analyze usage_events')
    await client.query('checkpoint')
  })
}

/** Waits until every event is counted and indexed. Throws when that takes longer than a quarter of an hour. */
export async function untilThrough(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ last: string }>(
      'select max(xid) as last from usage_events',
    )
    const start = performance.now()
    for (;;) {
      if (performance.now() - start > SETTLED_MS_MAX) throw new Error('the server does not settle')
      const { rows: behind } = await client.query(
        'select from event_cursors where position <= $1::bigint',
        [rows[0]?.last],
      )
      if (behind.length === 0) return
      await sleep(SETTLED_POLL_MS)
    }
  })
}
