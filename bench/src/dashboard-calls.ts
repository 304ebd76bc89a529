import type { World } from './dashboard-world.ts'
import { percentiles } from './measure.ts'

/** How long the answers to one call took. */
export type CallTimes = {
  readonly path: string
  /** Charts add up what a month of everybody comes to: they are shown when they come, after the page. */
  readonly isChart: boolean
  readonly p50Ms: number
  readonly p95Ms: number
}

const TIMES = 60
const WARM_UP = 5

/** What the pages of the dashboard ask first, and what follows on a second page or by a filter. */
const PATHS = [
  '/overview',
  '/usage?meter=CALLS&from=2026-03-03T00:00:00Z&to=2026-04-03T00:00:00Z&window=day&limit=1000',
  '/usage?meter=CALLS&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&groupBy=customer&limit=100',
  '/events?customerId=c47&limit=50',
  '/meters?limit=200',
  '/plans?limit=200',
  '/customers?limit=50',
  '/customers/c47',
  '/subscriptions?limit=50',
  '/subscriptions?limit=50&status=active',
  '/subscriptions?limit=50&status=canceled',
  '/subscriptions?limit=50&customerId=c47',
  '/invoices?limit=50',
  '/invoices?limit=50&status=finalized',
  '/invoices?limit=50&status=failed',
  '/invoices?limit=50&customerId=c47',
  '/invoices?limit=50&periodFrom=2026-03-01T00:00:00Z&periodTo=2026-04-01T00:00:00Z',
  '/credit-notes?limit=50',
  '/payments?limit=50',
  '/payments?limit=50&status=failed',
  '/webhook-endpoints?limit=50',
  '/webhook-deliveries?limit=50',
  '/webhook-deliveries?limit=50&state=delivered',
  '/webhook-deliveries?limit=50&state=failed',
  '/facts?limit=50',
  '/facts?limit=50&type=invoice.voided',
  '/coupons?limit=50',
  '/tax-rates?limit=50',
  '/add-ons?limit=50',
  '/alerts?limit=50',
  '/alert-states?limit=50',
  '/imports?limit=50',
  '/customers/c47/credits?limit=50',
  '/customers/c47/credit-balance',
] as const

/** Asks each of them, and where there is a next page, that too, one after the other as a reader would. */
export async function askEach(world: World): Promise<CallTimes[]> {
  const times: CallTimes[] = []
  for (const path of PATHS) {
    const { nextCursor } = (await ask(world, path)).body as { nextCursor?: string | null }
    times.push(await timesOf(world, path))
    if (nextCursor) {
      const next = `${path}&cursor=${encodeURIComponent(nextCursor)}`
      times.push({ ...(await timesOf(world, next)), path: `${path}&cursor=…` })
    }
  }
  const organization = `/organizations/${world.organizationId}`
  for (const list of ['members', 'invitations', 'keys', 'audit'])
    times.push(await timesOf(world, `${organization}/${list}`))
  return times
}

async function timesOf(world: World, path: string): Promise<CallTimes> {
  const latenciesMs: number[] = []
  for (let nth = 0; nth < WARM_UP + TIMES; nth += 1) {
    const { ms } = await ask(world, path)
    if (nth >= WARM_UP) latenciesMs.push(ms)
  }
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const { p50Ms } = percentiles(latenciesMs)
  const isChart = path.startsWith('/usage')
  return { path, isChart, p50Ms, p95Ms: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN }
}

async function ask({ url, organizationId, cookie }: World, path: string) {
  const startedAt = performance.now()
  const answer = await fetch(`${url}/api/v1${path}`, {
    headers: {
      cookie,
      'usageflow-organization': organizationId,
      'usageflow-environment': 'live',
    },
  })
  const body = (await answer.json()) as unknown
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`)
  return { body, ms: performance.now() - startedAt }
}
