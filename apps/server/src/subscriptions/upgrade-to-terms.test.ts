import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { migrationsFolder } from '../platform/db/migrate.ts'
import { withDatabase } from '../platform/db/test-server.ts'

const OLD_ROWS = `
  insert into organizations (id, name, created_at) values ('org_1', 'Acme', now());
  insert into environments (env_id, organization_id, mode, created_at) overriding system value values (1, 'org_1', 'live', now());
  insert into customers (env_id, customer, id, created_at) values (1, 'ann', 'cus_1', now());
  insert into plans (env_id, id, key, name, created_at) values (1, 'plan_1', 'pro', 'Pro', now());
  insert into plan_versions (env_id, plan_id, version, currency, cycle, base_minor, base_in_advance, grace_seconds, created_at)
    values (1, 'plan_1', 1, 'USD', 'month', 10000, false, 3600, now());
  insert into subscriptions (env_id, id, customer, plan_id, plan_version, status, anchor_kind, anchor_local, time_zone, started_at, created_at)
    values (1, 'sub_1', 'ann', 'plan_1', 1, 'active', 'day', '2026-01-31T00:00:00', 'UTC', '2026-01-31T09:00:00Z', now());
  insert into subscription_periods (env_id, subscription_id, period_no, period_start, period_end, full_start, full_end, state) values
    (1, 'sub_1', 0, '2026-01-31Z', '2026-02-28Z', '2026-01-31Z', '2026-02-28Z', 'closed'),
    (1, 'sub_1', 1, '2026-02-28Z', '2026-03-10Z', '2026-02-28Z', '2026-03-31Z', 'open')`

test('subscriptions of before become ones of a single term, and keep their periods', async () => {
  const server = inject('testServerUrl')
  const name = `terms_${randomBytes(6).toString('hex')}`
  await withClient(server, (client) => client.query(`create database ${name}`))
  try {
    const url = withDatabase(server, name)
    const files = readdirSync(migrationsFolder()).sort()
    const apply = (file: string) => {
      const text = readFileSync(path.join(migrationsFolder(), file), 'utf8')
      return withClient(url, (client) => client.query(text)) // one query is one transaction
    }
    for (const file of files.filter((each) => each < '0010')) await apply(file)
    await withClient(url, (client) => client.query(OLD_ROWS))
    for (const file of files.filter((each) => each >= '0010')) await apply(file)

    const rows = (query: string) =>
      withClient(url, async (client) => (await client.query<object>(query)).rows)
    expect(await rows('select * from subscription_terms')).toMatchObject([
      {
        subscription_id: 'sub_1',
        term_no: 0,
        kind: 'billed',
        since: new Date('2026-01-31T09:00:00Z'),
        until: null,
        plan_id: 'plan_1',
        plan_version: 1,
        anchor_local: '2026-01-31T00:00:00',
      },
    ])
    expect(await rows('select * from subscription_periods order by period_no')).toMatchObject([
      { anchor_step: 0, term_no: 0, is_billed: true, planned_end: new Date('2026-02-28Z') },
      { anchor_step: 1, term_no: 0, is_billed: true, planned_end: new Date('2026-03-10Z') },
    ])
    expect(await rows('select term_no, status from subscriptions')).toEqual([
      { term_no: 0, status: 'active' },
    ])
  } finally {
    await withClient(server, (client) => client.query(`drop database ${name} with (force)`))
  }
})
