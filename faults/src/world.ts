import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type EnvironmentTime, type MovableTime, REAL_TIME, takeClock } from './environment-time.ts'
import { sendUntilDone, type Target } from './http-client.ts'
import { METERS, type MeterOffer, majorText, PLANS, type PlanOffer } from './offering.ts'
import {
  type ApiKey,
  createKey,
  createOrganization,
  type Organization,
  type Product,
} from './product.ts'
import type { Random } from './random.ts'
import type { Receiver } from './receiver.ts'

/** One environment of a run: who may send to it, what it sells, to whom, and who is told. */
export type WorldEnvironment = {
  readonly name: string
  readonly organization: Organization
  readonly mode: 'live' | 'test'
  readonly canary: string
  readonly apiKeys: readonly ApiKey[]
  readonly customers: number
  readonly meters: MeterOffer[]
  readonly plans: readonly PlanOffer[]
  readonly subscriptions: SubscriptionOffer[]
  /** Customers whose usage falls to a customer above them where they have no price of their own. */
  readonly parents: Record<string, string>
  readonly endpoints: {
    readonly name: string
    readonly id: string
    readonly types: readonly string[]
  }[]
  readonly time: EnvironmentTime
  /** Where its clock can be moved; null in real time. */
  readonly movable: MovableTime | null
}

type SubscriptionOffer = { readonly id: string; readonly customer: string; readonly plan: string }

export type World = { readonly environments: readonly WorldEnvironment[] }

const ROOT = '$root'
const CUSTOMERS = 60
const SUBSCRIBED = 18
const CHILDREN = 6
const TEST_CLOCK = '2026-01-31T09:00:00Z' // the 31st: the months that follow are shorter

/** Two organizations, each with its live and its test environment; the test ones are billed. */
export async function buildWorld(
  product: Product,
  setup: { targets: readonly Target[]; receiver: Receiver; random: Random },
): Promise<World> {
  const environments: WorldEnvironment[] = []
  for (const letter of ['a', 'b']) {
    const organization = await createOrganization(product, `Faults ${letter}`, TEST_CLOCK)
    for (const mode of ['live', 'test'] as const) {
      environments.push(
        await buildEnvironment(product, { organization, mode, name: `${letter}-${mode}` }, setup),
      )
    }
  }
  return { environments }
}

async function buildEnvironment(
  product: Product,
  which: { organization: Organization; mode: 'live' | 'test'; name: string },
  setup: { targets: readonly Target[]; receiver: Receiver; random: Random },
): Promise<WorldEnvironment> {
  const { organization, mode, name } = which
  const apiKeys = [
    await createKey(product, organization, mode),
    await createKey(product, organization, mode),
  ]
  const apiKey = apiKeys[0]?.key ?? ''
  const line = { targets: setup.targets, apiKey, random: setup.random.fork(`clock ${name}`) }
  const movable = mode === 'test' ? await takeClock(line) : null
  const environment: WorldEnvironment = {
    ...which,
    canary: `canary${setup.random.between(100_000, 999_999)}${name.replace('-', '')}`,
    apiKeys,
    customers: CUSTOMERS,
    meters: [],
    plans: mode === 'test' ? PLANS : [],
    subscriptions: [],
    parents: {},
    endpoints: [],
    time: movable ?? REAL_TIME,
    movable,
  }
  const post = poster(setup.targets[0] as Target, apiKey) // there is at least one server
  for (const meter of METERS) await makeMeter(environment, post, meter)
  if (mode === 'test') await makeBilling(environment, post, setup.receiver)
  return environment
}

type Post = (path: string, body: object) => Promise<Record<string, unknown>>

/** Posts with a key of its own each, so that a retry after a fault does nothing twice. */
export function poster(target: Target, apiKey: string): Post {
  return async (path, body) => {
    const headers = {
      'x-usageflow-api-key': apiKey,
      'content-type': 'application/json',
      'idempotency-key': `${path} ${JSON.stringify(body).slice(0, 200)}`,
    }
    const request = { method: 'POST', path, headers, body: JSON.stringify(body) } as const
    return (await sendUntilDone(target, request)) as Record<string, unknown>
  }
}

export async function makeMeter(
  environment: WorldEnvironment,
  post: Post,
  meter: MeterOffer,
): Promise<void> {
  const { factor: _one, divisor, ...rest } = meter
  await post('/api/v1/meters', {
    ...rest,
    conversion: { divisor },
  })
  environment.meters.push(meter)
}

async function makeBilling(
  environment: WorldEnvironment,
  post: Post,
  receiver: Receiver,
): Promise<void> {
  for (const plan of environment.plans) await makePlan(post, plan)
  await makeEndpoint(environment, post, receiver, [])
  await makeEndpoint(environment, post, receiver, ['invoice.finalized'])
  const plans = ['daily', 'weekly', 'monthly']
  const customerAt = (number: number) => `${environment.canary}-c${number}`
  for (let number = 0; number < SUBSCRIBED; number++)
    await post('/api/v1/customers', { customerId: customerAt(number) })
  for (let number = 0; number < CHILDREN; number++) {
    const [customerId, parentId] = [customerAt(SUBSCRIBED + number), customerAt(number)]
    await post('/api/v1/customers', { customerId, parentId })
    environment.parents[customerId] = parentId
  }
  for (let number = 0; number < SUBSCRIBED; number++) {
    const customer = customerAt(number)
    await subscribe(environment, post, { customer, plan: plans[number % plans.length] ?? 'daily' })
  }
  await subscribe(environment, post, { customer: ROOT, plan: 'house' })
}

async function makePlan(post: Post, plan: PlanOffer): Promise<void> {
  const { key, currency, cycle, graceSeconds, prices } = plan
  await post('/api/v1/plans', {
    key,
    name: key,
    currency,
    cycle,
    graceSeconds,
    basePrice: majorText(plan.baseMinor, plan.minorDigits),
    prices: prices.map((price) => ({ ...price, model: 'per_unit' })),
  })
}

async function subscribe(
  environment: WorldEnvironment,
  post: Post,
  offer: { customer: string; plan: string },
): Promise<void> {
  const { customer, plan } = offer
  const body = customer === ROOT ? { plan } : { plan, customerId: customer }
  const { id } = await post('/api/v1/subscriptions', body)
  environment.subscriptions.push({ id: String(id), ...offer })
}

async function makeEndpoint(
  environment: WorldEnvironment,
  post: Post,
  receiver: Receiver,
  types: readonly string[],
): Promise<void> {
  const name = `${environment.name}-${types.length === 0 ? 'all' : 'some'}`
  const made = await post('/api/v1/webhook-endpoints', {
    url: receiver.urlOf(name),
    eventTypes: types,
  })
  receiver.trust(name, String(made.secret))
  environment.endpoints.push({ name, id: String(made.id), types })
}

/** Writes down what was set up, for the reconciler. `now` of an environment is its final time. */
export function describeWorld(folder: string, world: World): void {
  const environments = world.environments.map(
    ({ time, movable, apiKeys, organization, ...rest }) => ({
      ...rest,
      organization: organization.name,
      now: time.earliest(),
    }),
  )
  writeFileSync(path.join(folder, 'world.json'), JSON.stringify({ environments }, null, 1))
}
