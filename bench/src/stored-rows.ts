import pg from 'pg'
import { buildRows, copyRows, renewRowKeys } from './copy-rows.ts'
import { withClient } from './postgres.ts'
import type { Product } from './product.ts'

const CONNECTIONS = 2
const BATCH_ROWS = 10_000
const DAYS_30_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Fills the event table of a running server with `count` rows of the past month, as if they had been
 * sent. The worker counts them like any others; the caller waits for that.
 */
export async function storeRows(product: Product, count: number): Promise<void> {
  let batchesLeft = Math.ceil(count / BATCH_ROWS)
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

/** Writes out and counts what was stored, so that the measurement does not pay for it. */
export async function settleRows(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query('vacuum analyze usage_events')
    await client.query('checkpoint')
  })
}
