import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type App, openApp } from '../../app.ts'
import { type Config, readConfig } from '../../config.ts'
import { systemClock } from '../../platform/clock.ts'
import { openLog } from '../../platform/log.ts'
import { createMetrics } from '../../platform/metrics.ts'
import { createSealer, sessionSecretsOf } from '../../platform/secrets/seal.ts'
import { apiClient } from '../api-client.ts'
import { type Ground, openGround } from '../ground.ts'
import { say } from '../print.ts'
import { openProgress } from '../progress.ts'
import { stopSignal } from '../serve.ts'
import { makeAccount } from './account.ts'
import { openReceiver } from './receiver.ts'
import { openShowroom } from './showroom.ts'
import { type Ending, type Invoice, liveThrough, STORY_START } from './story.ts'

const EXPECTED_TOTAL_MINOR = '12000' // $100.00 + 2,000 × $0.01: the figure of the guide
const HOST = '127.0.0.1'
const LOG = openLog('error') // the story speaks for itself

/**
 * Starts UsageFlow with the Getting Started story lived through: over the public API, with a receiver
 * for the webhooks. With `isOnce` in a folder that is thrown away, and the program ends; otherwise a company
 * with a history is filled in to look around, it keeps running, and every start begins anew.
 */
export async function runDemo(flags: {
  readonly isOnce: boolean
  readonly port: number
}): Promise<void> {
  const folder = flags.isOnce ? mkdtempSync(path.join(tmpdir(), 'usageflow-demo-')) : freshFolder()
  const config = {
    ...readConfig({ USAGEFLOW_DATA: folder }),
    databaseUrl: null,
    encryptionKey: null,
  }
  say('UsageFlow: one month of CloudAI on the plan Pro\n')
  const startedAtMs = performance.now()
  const ground = await openGround(config, LOG, false)
  try {
    await play(config, ground, { ...flags, startedAtMs })
  } finally {
    await ground.close()
    if (flags.isOnce) rmSync(folder, { recursive: true, force: true })
  }
}

async function play(
  config: Config,
  ground: Ground,
  flags: { readonly isOnce: boolean; readonly port: number; readonly startedAtMs: number },
): Promise<void> {
  const receiver = await openReceiver()
  const app = await openApp({
    url: ground.url,
    databaseRole: ground.role,
    sealer: createSealer(...ground.encryptionKeys),
    sessionSecrets: sessionSecretsOf(ground.encryptionKeys),
    publicUrl: null,
    signUp: 'closed',
    mailServer: null,
    role: 'all',
    webhookNetworks: ['127.0.0.1/32'], // the story's own receiver
    clock: systemClock,
    log: LOG,
    metrics: createMetrics(),
    random: Math.random,
  })
  try {
    const url = await app.listen(HOST, flags.isOnce ? 0 : flags.port)
    const seconds = ((performance.now() - flags.startedAtMs) / 1_000).toFixed(1) // tidy: a time for people
    tell('Server and PostgreSQL are up', `${url}, in ${seconds} s`)
    const { key, organizationId } = await makeAccount(ground, 'CloudAI', STORY_START)
    tell('Organization CloudAI', 'its test environment, where the clock starts at 1 March 2026')
    tell('API key', flags.isOnce ? `${key.slice(0, 12)}…` : key)
    const progress = openProgress('calls', true)
    const api = apiClient(url, key)
    const ending = await liveThrough({ api, receiver, tell, onSent: progress.set }).finally(() =>
      progress.end(),
    )
    showEnding(ending, receiver.forged())
    if (!flags.isOnce) await keepRunning({ app, ground, url, key, organizationId, config })
  } finally {
    await app.stop()
    await receiver.close()
  }
}

/** Shows how it ended. Throws when anything is not as the guide says: a demo that is wrong must not look right. */
function showEnding({ invoice, webhooks }: Ending, forged: number): void {
  for (const fact of webhooks)
    tell(`Webhook ${fact.type}`, `${String(fact.data.invoiceId)}, signature verified`)
  say('')
  showInvoice(invoice)
  if (invoice.totalMinor !== EXPECTED_TOTAL_MINOR)
    throw new Error(`the invoice should be $120.00 and is ${invoice.total}`)
  if (forged > 0) throw new Error(`${forged} webhooks had a signature that did not verify`)
}

const AMOUNT_WIDTH = 12
const LINE_WIDTH = 76

function showInvoice(invoice: Invoice): void {
  const row = (text: string, amount: string): void =>
    say(`  ${text.padEnd(LINE_WIDTH - AMOUNT_WIDTH)}${amount.padStart(AMOUNT_WIDTH)}`)
  row(`Invoice ${invoice.number} (${invoice.status})`, invoice.currency)
  say(`  ${'─'.repeat(LINE_WIDTH)}`)
  for (const line of invoice.lines) row(line.description, line.amount)
  say(`  ${'─'.repeat(LINE_WIDTH)}`)
  row('Total', invoice.total)
  say('')
}

type Running = {
  readonly app: App
  readonly ground: Ground
  readonly url: string
  readonly key: string
  readonly organizationId: string
  readonly config: Config
}

async function keepRunning({ url, key, config, ...rest }: Running): Promise<void> {
  say('  A company to look around in: three months of Nimbus AI\n')
  const showroom = await openShowroom({ url, tell, clock: systemClock, ...rest })
  try {
    say(`\nUsageFlow keeps running at ${url}  (Ctrl-C stops it)\n`)
    say(`  Look around     ${showroom.link}`)
    say('                  signs you in, once; afterwards, or in another browser, sign in as')
    say(`                  ${showroom.email} with the password ${showroom.password}`)
    say('  As a customer   sees usage, bills and credits, by a link that is good for a day')
    say(`                  ${showroom.portalLink}`)
    say(`  API reference   ${url}/docs/api`)
    say('  Try it          (the key is that of the test environment of CloudAI)')
    say(`    curl ${url}/api/v1/invoices -H 'x-usageflow-api-key: ${key}'`)
    say(`  Data            ${config.dataFolder}, made anew at every demo\n`)
    await stopSignal()
  } finally {
    await showroom.close()
  }
}

function tell(step: string, detail = ''): void {
  say(`  ${'✓'} ${step.padEnd(30)} ${detail}`.trimEnd())
}

/** The folder of the last demo is ours to remove: only `postgres.json` of an embedded database is taken as proof. */
function freshFolder(): string {
  const folder = path.resolve('.usageflow-demo')
  if (existsSync(path.join(folder, 'postgres.json')))
    rmSync(folder, { recursive: true, force: true })
  return folder
}
