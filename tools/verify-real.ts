/**
 * `npm run verify:real -- FOLDER`: two months of real usage, brought over HTTP into a running server and
 * invoiced, compared with what an independent program says they must cost.
 *
 * FOLDER holds `access.log` and `llm-inference.csv`; beside it stands `oracle/golden.py`, which compares.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { openAccount, startServerProcess } from './server-process.ts'
import { accessLog } from './verify-real/access-log.ts'
import { get, inParallel, pages, post } from './verify-real/api.ts'
import { inference } from './verify-real/inference.ts'
import type { Found, Month, Target } from './verify-real/month.ts'

const SENDERS = 8
const COUNT_TRIES = 600

async function verify(month: Month, data: string): Promise<boolean> {
  const work = mkdtempSync(path.join(tmpdir(), 'usageflow-real-'))
  const server = await startServerProcess()
  try {
    console.log(`\n${month.name}: ${month.file}`)
    const { key } = await openAccount(server, month.name, month.during)
    const api = apiClient(server.url, key)
    for (const meter of month.meters) await post(api, '/api/v1/meters', meter)
    await post(api, '/api/v1/plans', month.plan)
    const file = path.join(work, month.file)
    copyFileSync(path.join(data, month.file), file) // an import remembers its progress beside the file
    const found = await billed({ server, api, key, path: file }, month)
    return found !== null && isAsExpected(work, data, found)
  } finally {
    await server.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

/** Null: sending everything a second time has changed something. */
async function billed(target: Target, month: Month): Promise<object | null> {
  const { api } = target
  await waitUntilCounted(api, month, await month.send(target))
  const customers = await customersOf(api)
  await inParallel(customers, SENDERS, (customerId) => subscribe(api, month, customerId))
  console.log('subscriptions', customers.length)
  console.log('clock', (await post(api, '/api/v1/clock', { now: month.afterGrace })).now)
  const first = await results(api, month, customers)
  await month.send(target)
  const second = await results(api, month, customers)
  const isUnchanged = JSON.stringify(first) === JSON.stringify(second)
  console.log('sent a second time, it changes', isUnchanged ? 'nothing' : 'SOMETHING')
  return isUnchanged ? first : null
}

/** The worker is a moment behind: customers, too, are made as it goes. */
async function waitUntilCounted(api: ApiClient, month: Month, events: number): Promise<void> {
  const query = new URLSearchParams({ meter: month.counting, from: month.from, to: month.to })
  for (let tries = 0; tries < COUNT_TRIES; tries += 1) {
    const { total } = await get(api, `/api/v1/usage?${query}`)
    if (Number((total as { events: string }).events) >= events) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not all of the ${events} events were counted within a minute`)
}

async function customersOf(api: ApiClient): Promise<string[]> {
  const customers = await pages(api, '/api/v1/customers')
  return customers.map((row) => String(row.customerId)).filter((id) => id !== '$root')
}

async function subscribe(api: ApiClient, month: Month, customerId: string): Promise<void> {
  await month.grant?.(api, customerId)
  const body = { customerId, plan: month.plan.key, startedAt: month.from, anchor: 'calendar' }
  const once = { 'idempotency-key': `${month.plan.key} ${customerId}` }
  await post(api, '/api/v1/subscriptions', body, once)
}

/** In the shape of the expected file. */
async function results(api: ApiClient, month: Month, customers: readonly string[]) {
  const invoices = (await pages(api, '/api/v1/invoices')).filter(({ status }) => status !== 'draft')
  const idOf = new Map(invoices.map(({ customerId, id }) => [String(customerId), String(id)]))
  const found = new Map<string, Found>()
  await inParallel(customers, SENDERS, async (customerId) => {
    const invoice = await get(api, `/api/v1/invoices/${idOf.get(customerId) ?? 'missing'}`)
    const usage = await usageOf(api, month, customerId)
    found.set(customerId, { ...usage, ...amountsOf(invoice as unknown as Invoice, month) })
  })
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1))
  const described = sorted.map(([id, customer]) => [id, month.describe(customer)])
  const totalCents = sorted.reduce((so, [, customer]) => so + month.totalOf(customer), 0)
  return { customers: Object.fromEntries(described), count: sorted.length, totalCents }
}

async function usageOf(api: ApiClient, month: Month, customerId: string) {
  const quantities: Record<string, string> = {}
  let events = 0
  for (const { key } of month.meters) {
    const query = new URLSearchParams({ meter: key, customerId, from: month.from, to: month.to })
    const { total } = await get(api, `/api/v1/usage?${query}`)
    const { quantity, events: counted } = total as { quantity: string | null; events: string }
    quantities[key] = quantity ?? '0'
    if (key === month.counting) events = Number(counted)
  }
  return { quantities, events }
}

type Invoice = {
  readonly lines: readonly { kind: string; meter: string | null; amountMinor: string }[]
  readonly adjustments: readonly {
    kind: string
    units: { quantity: string } | null
    amountMinor: string
  }[]
  readonly subtotalMinor: string
  readonly amountDueMinor: string
}

function amountsOf({ lines, adjustments, ...sums }: Invoice, { plan }: Month) {
  const linesCents: Record<string, number> = { base: 0 }
  for (const { meter } of plan.prices) linesCents[meter] = 0 // no line: nothing was used
  for (const line of lines) {
    const name = line.kind === 'base' ? 'base' : String(line.meter)
    linesCents[name] = (linesCents[name] ?? 0) + Number(line.amountMinor)
  }
  const units = adjustments.find(({ kind }) => kind === 'unit_credit')?.units?.quantity ?? '0'
  const money = adjustments.filter(({ kind }) => kind === 'prepaid' || kind === 'promotional')
  return {
    linesCents,
    subtotalCents: Number(sums.subtotalMinor),
    amountDueCents: Number(sums.amountDueMinor),
    unitCreditsUsed: units,
    monetaryCreditCents: money.reduce((so, { amountMinor }) => so + Number(amountMinor), 0),
  }
}

function isAsExpected(work: string, data: string, found: unknown): boolean {
  const file = path.join(work, 'result.json')
  writeFileSync(file, JSON.stringify(found))
  const oracle = path.join(data, '..', 'oracle', 'golden.py')
  try {
    execFileSync('python3', [oracle, '--check', file], { stdio: 'inherit' })
    return true
  } catch {
    return false
  }
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: npm run verify:real -- FOLDER   (the folder that holds access.log)')
  process.exitCode = 2
} else {
  const good = [await verify(inference, folder), await verify(accessLog, folder)]
  process.exitCode = good.every((each) => each) ? 0 : 1
}
