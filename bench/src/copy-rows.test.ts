import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { measureBareCopy } from './bare-copy.ts'
import { startPostgres, withClient } from './postgres.ts'

test('the bare COPY stores every row that it counts, each under a key of its own', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-copy-'))
  const postgres = await startPostgres(folder)
  try {
    const run = await measureBareCopy(postgres, { warmUpMs: 0, measureMs: 1_000 })
    const { rows } = await withClient(postgres.url, (client) =>
      client.query(`select count(*)::int as count, sum(amount)::int as sum,
        bool_and(metadata::jsonb ? 'user') as described, max(occurred_at) < now() as past from bare_events`),
    )
    const [stored] = rows
    expect(stored.count).toBeGreaterThanOrEqual(run.eventsPerSecond)
    expect(stored).toMatchObject({ sum: stored.count, described: true, past: true })
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true })
  }
})
