import { setTimeout as sleep } from 'node:timers/promises'
import { atMost, type Finding } from '../report.ts'
import type { Tls } from './certificates.ts'
import { type FakeUsageFlow, startFakeUsageFlow } from './fake-usageflow.ts'
import { type HostProgram, type RunningHost, startHost } from './hosts.ts'
import { addedFindings, type Latencies, type Phase } from './latencies.ts'
import { type Ask, paced, send, type Target, targetAt, type Went } from './load.ts'
import { isMetered } from './policies.ts'
import type { ServerFault } from './server-faults.ts'
import { compareShapes } from './shapes.ts'

export type TrialSetting = {
  readonly program: HostProgram
  /** The same program without us. */
  readonly bare: Target
  readonly fault: ServerFault
  readonly requests: number
  readonly perSecond: number
  readonly tls: Tls
}

/** What is seen of a host while UsageFlow is well, fails, and is well again. */
type Trial = TrialSetting & {
  readonly server: FakeUsageFlow
  readonly host: RunningHost
  readonly covered: Target
  readonly latencies: Latencies
  readonly failed: Went[]
  readonly differences: string[]
  readonly heldBack: string[]
  sent: number
  /** Requests that policies meter and that were answered with 2xx. */
  metered: number
  brokenAtMs: number | null
}

/** Of the requests, before the server fails. The first of them are for the compilers of the host. */
const WARM_SHARE = 0.05
const WELL_SHARE = 0.2
const CUSTOMERS = 100
const LOADED_MS_MAX = 10_000
const SETTLED_MS_MAX = 75_000 // the longest that a client waits before it looks whether the server is back, twice
const POLL_MS = 50
const END_MS_MAX = 6_500 // five seconds of ours, and what the framework takes
/** From then on no agent asks a server any longer that does not answer within two seconds. */
const OPENED_MS = 20_000

/** Breaks the server in one way under a host that goes on serving. */
export async function runTrial(setting: TrialSetting): Promise<Finding[]> {
  const { program, fault, tls } = setting
  const server = await startFakeUsageFlow(fault === 'tls' ? tls : null)
  try {
    const host = await startHost(program, fault, {
      USAGEFLOW_URL: addressOf(server, fault),
      USAGEFLOW_API_KEY: 'uf_test_of_the_faults',
      ...(fault === 'tls' ? tls.env : {}),
    })
    const trial: Trial = {
      ...setting,
      ...{ server, host, covered: targetAt(host.port), latencies: { covered: [], bare: [] } },
      ...{ failed: [], differences: [], heldBack: [], sent: 0, metered: 0, brokenAtMs: null },
    }
    try {
      return await follow(trial)
    } finally {
      await host.stop()
    }
  } finally {
    await server.close()
  }
}

/** A name that nobody has is wrong from the start: no server knows of this host. */
function addressOf({ port }: FakeUsageFlow, fault: ServerFault): string {
  if (fault === 'dns') return `http://usageflow.invalid:${port}`
  return `${fault === 'tls' ? 'https' : 'http'}://127.0.0.1:${port}`
}

async function follow(trial: Trial): Promise<Finding[]> {
  const { server, host, fault, requests } = trial
  if (fault !== 'dns') await untilLoaded(server)
  const well = Math.ceil(requests * WELL_SHARE)
  await load(trial, Math.ceil(requests * WARM_SHARE), 'warming')
  if (fault === 'dns') trial.brokenAtMs = performance.now()
  await load(trial, well, 'well')
  await compare(trial)
  if (fault !== 'dns') await server.setFault(fault)
  trial.brokenAtMs ??= performance.now()
  await load(trial, requests - trial.sent, 'opening')
  await compare(trial)
  if (fault !== 'dns') await server.setFault(null)
  // Who was asked to come again in an hour does so, and gives up what waits when the host ends.
  if (fault !== 'later') await untilSettled(trial)
  const end = await host.stop()
  return findingsOf(trial, end)
}

async function untilLoaded({ books }: FakeUsageFlow): Promise<void> {
  for (const endMs = Date.now() + LOADED_MS_MAX; books.configs === 0; await sleep(POLL_MS))
    if (Date.now() > endMs) throw new Error('the host never asked what holds')
  await sleep(POLL_MS * 5) // and has read the answer
}

async function load(trial: Trial, count: number, phase: Phase): Promise<void> {
  const { bare, covered, latencies, perSecond } = trial
  await paced(count, perSecond, async () => {
    const ask = askOf(trial.sent++)
    const atMs = performance.now()
    const sinceMs = atMs - (trial.brokenAtMs ?? atMs)
    const now = phase !== 'warming' && sinceMs > OPENED_MS ? 'open' : phase
    // Both are asked as often: what a program is slower for being asked more is none of ours.
    const [went, without] = await Promise.all([send(covered, ask), send(bare, ask)])
    note(trial, went)
    latencies.covered.push({ phase: now, tookMs: went.tookMs })
    latencies.bare.push({ phase: now, tookMs: without.tookMs })
  })
}

/** Those of customers who are known, of some who never came before, of each its usage, and some that is none of ours. */
function askOf(nth: number): Ask {
  const customer = `customer-${nth % CUSTOMERS}`
  const kinds: readonly Ask[] = [
    { method: 'GET', path: `/summed/${nth}`, customer },
    { method: 'GET', path: `/limited/${nth}`, customer },
    { method: 'POST', path: `/each/${nth}`, customer },
    { method: 'GET', path: `/limited/${nth}`, customer: `new-${nth}` },
    { method: 'GET', path: `/free/${nth}`, customer },
  ]
  return kinds[nth % kinds.length] as Ask
}

function note(trial: Trial, went: Went): void {
  if (went.status !== 200) trial.failed.push(went)
  else if (isMetered(went.ask.path)) trial.metered += 1
}

async function compare(trial: Trial): Promise<void> {
  const { differences, heldBack, answered } = await compareShapes(
    trial.bare.port,
    trial.covered.port,
  )
  trial.differences.push(...differences)
  trial.heldBack.push(...heldBack)
  trial.metered += answered.filter(isMetered).length
}

async function untilSettled(trial: Trial): Promise<void> {
  for (const endMs = Date.now() + SETTLED_MS_MAX; Date.now() < endMs; await sleep(POLL_MS))
    if (trial.server.books.recorded + droppedOf(trial.host) >= expected(trial)) return
}

/** A host that never heard what holds meters nothing. */
function expected({ fault, metered }: Trial): number {
  return fault === 'dns' ? 0 : metered
}

function droppedOf({ told }: RunningHost): number {
  return told.reduce((sum, { kind, count = 0 }) => sum + (kind === 'dropped' ? count : 0), 0)
}

function findingsOf(
  trial: Trial,
  end: { readonly how: string; readonly tookMs: number },
): Finding[] {
  const { program, fault, sent, failed, differences, heldBack, server, host, latencies } = trial
  const { recorded, repeated, counts, wrong } = server.books
  const dropped = droppedOf(host)
  const ours = host.told.filter(({ kind }) => !KINDS_TOLD.has(kind ?? ''))
  const name = (what: string) => `${program.framework} ${fault}: ${what}`
  const produced = expected(trial)
  return [
    {
      name: name('answered as without us'),
      said: `${sent - failed.length} of ${sent} requests`,
      holds: failed.length === 0,
      examples: failed.slice(0, 5).map((one) => JSON.stringify(one)),
    },
    {
      name: name('the same to the byte'),
      said: `${differences.length} differences`,
      holds: differences.length === 0,
      examples: differences,
    },
    {
      name: name('streams go out as they come'),
      said: heldBack.length === 0 ? 'none held back' : heldBack.join(', '),
      holds: heldBack.length === 0,
      isTiming: true,
      examples: [],
    },
    ...addedFindings(latencies, name),
    {
      name: name('produced = delivered + dropped'),
      said: `${produced} = ${recorded} + ${dropped}, ${repeated} sent twice`,
      holds: produced === recorded + dropped && wrong.length === 0,
      examples: [...wrong.slice(0, 5), `the host said last: ${JSON.stringify(counts)}`],
    },
    {
      name: name('ends when asked'),
      said: `${end.how}, ${ours.length} mistakes told`,
      holds: end.how === 'exit 0' && ours.length === 0,
      examples: ours.slice(0, 5).map((told) => JSON.stringify(told)),
    },
    atMost(name('the end takes'), [end.tookMs], END_MS_MAX),
  ]
}

/** What a server that fails has told about it. All else is a mistake in the packages. */
const KINDS_TOLD: ReadonlySet<string> = new Set(['unavailable', 'dropped', 'refused'])
