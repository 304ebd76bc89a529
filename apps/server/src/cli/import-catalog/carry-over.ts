import type { ApiClient } from '../api-client.ts'
import { CatalogNotImported } from './catalog-not-imported.ts'
import { differencesOfMeters, differencesOfPlans } from './differences.ts'
import type { Draft, Drafted } from './draft.ts'

/** What became of one meter or plan of another product. */
export type Outcome = {
  readonly kind: 'meter' | 'plan'
  readonly key: string
  readonly outcome: 'imported' | 'would be imported' | 'there already' | 'left out'
  /** Why, or what to know. */
  readonly notes: readonly string[]
}

/** The request is at fault, or what it names is not here: nothing that would refuse the next one, too. */
const NOT_MADE: ReadonlySet<number> = new Set([400, 404, 422])

const PATHS = { meter: '/api/v1/meters', plan: '/api/v1/plans' } as const

/**
 * Makes what is not there yet, by its key, meters before the plans that price them; run again it makes nothing. Throws
 * `CatalogNotImported` when the server cannot be asked.
 */
export async function carryOver(
  api: ApiClient,
  { meters, plans }: Draft,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const meter of meters) outcomes.push(await carry(api, 'meter', meter, isDryRun))
  const lost = new Set(
    outcomes.filter(({ outcome }) => outcome === 'left out').map(({ key }) => key),
  )
  const made = new Set(meters.map(({ key }) => key))
  for (const plan of plans) {
    const whole = withoutLost(plan, lost)
    const ready = isDryRun ? await withoutUnknown(api, whole, made) : whole
    outcomes.push(await carry(api, 'plan', ready, isDryRun))
  }
  return outcomes
}

/** A plan without one of its prices would bill something else. */
function withoutLost(plan: Drafted, lost: ReadonlySet<string>): Drafted {
  if ('why' in plan) return plan
  const missing = metersOf(plan.body).find((meter) => lost.has(meter))
  return missing ? { key: plan.key, why: `its meter ${missing} was left out` } : plan
}

function metersOf({ prices }: Readonly<Record<string, unknown>>): string[] {
  return ((prices ?? []) as readonly { readonly meter: string }[]).map(({ meter }) => meter)
}

/** A plan may price meters that were not given, when they are here: the server looks when the plan is made, a dry run by itself. */
async function withoutUnknown(
  api: ApiClient,
  plan: Drafted,
  made: ReadonlySet<string>,
): Promise<Drafted> {
  if ('why' in plan) return plan
  for (const meter of metersOf(plan.body)) {
    if (made.has(meter)) continue
    const { status, body } = await api.get(`${PATHS.meter}/${encodeURIComponent(meter)}`)
    if (status !== 200 && status !== 404) throw refused('meter', meter, { status, body })
    if (status === 404) return { key: plan.key, why: messageOf(body) }
    if ((body as { readonly archivedAt?: unknown }).archivedAt)
      return { key: plan.key, why: `its meter ${meter} is archived` }
  }
  return plan
}

async function carry(
  api: ApiClient,
  kind: Outcome['kind'],
  drafted: Drafted,
  isDryRun: boolean,
): Promise<Outcome> {
  const { key } = drafted
  if ('why' in drafted) return { kind, key, outcome: 'left out', notes: [drafted.why] }
  const { status, body } = await api.get(`${PATHS[kind]}/${encodeURIComponent(key)}`)
  if (status === 200) return { kind, key, ...asItIs(kind, body, drafted.body) }
  if (status !== 404) throw refused(kind, key, { status, body })
  const { notes } = drafted
  if (isDryRun) return { kind, key, outcome: 'would be imported', notes }
  const made = await api.post(PATHS[kind], { key, ...drafted.body })
  if (made.status === 201) return { kind, key, outcome: 'imported', notes }
  if (made.status === 409) return { kind, key, outcome: 'there already', notes: [] } // somebody else made it just now
  if (NOT_MADE.has(made.status))
    return { kind, key, outcome: 'left out', notes: [messageOf(made.body)] }
  throw refused(kind, key, made)
}

function asItIs(
  kind: Outcome['kind'],
  there: unknown,
  wanted: Readonly<Record<string, unknown>>,
): Pick<Outcome, 'outcome' | 'notes'> {
  const has = there as Readonly<Record<string, unknown>>
  if (has.archivedAt) return { outcome: 'left out', notes: ['the one of this key is archived'] }
  if (kind === 'meter') {
    const other = differencesOfMeters(has, wanted)
    if (other.length === 0) return { outcome: 'there already', notes: lateUsageOf(has) }
    const notes = [`another meter has this key: its ${other.join(' and ')} differs`]
    return { outcome: 'left out', notes }
  }
  const other = differencesOfPlans(has, wanted)
  const notes = other.length === 0 ? [] : [`it bills otherwise: ${other.join(', ')}`]
  return { outcome: 'there already', notes }
}

/** It may be changed at any time, so it makes no other meter. */
function lateUsageOf({ lateUsage }: Readonly<Record<string, unknown>>): string[] {
  return lateUsage === 'bill' ? [] : [`what it does with late usage was set to "${lateUsage}"`]
}

function refused(
  kind: string,
  key: string,
  { status, body }: { readonly status: number; readonly body: unknown },
): CatalogNotImported {
  return new CatalogNotImported(
    `the server answered ${status} for the ${kind} ${key}: ${messageOf(body)}`,
  )
}

function messageOf(body: unknown): string {
  const { error } = (body ?? {}) as { readonly error?: { readonly message?: string } }
  return error?.message ?? 'it did not say why'
}
