import { findMeter } from '../catalog/find-meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { Failure } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import {
  compileRule,
  isSameRule,
  type MeteringRule,
  orderedClasses,
  type WantedRule,
} from './metering-rule.ts'
import { replaceRules } from './metering-rules.store.ts'
import {
  insertPolicy,
  selectPolicy,
  selectPolicyForUpdate,
  updatePolicy,
} from './policies.store.ts'
import {
  assertRoute,
  type BalanceLimit,
  limitFrom,
  type Policy,
  type PolicyLimit,
  type WantedLimit,
} from './policy.ts'
import { failures } from './policy-failures.ts'
import { selectStrategyForShare } from './strategies.store.ts'
import { failures as strategyFailures } from './strategy-failures.ts'
import { countChange } from './versions.store.ts'

/** A policy as it is asked for; its strategy by id or key. */
export type WantedPolicy = Omit<
  Policy,
  'id' | 'strategyId' | 'limits' | 'metering' | 'createdAt' | 'archivedAt'
> & {
  readonly strategy: string | null
  readonly limits: readonly WantedLimit[]
  readonly metering: readonly WantedRule[]
}

/** What is undefined stays. */
export type PolicyChange = {
  readonly [Field in keyof Omit<WantedPolicy, 'key'>]?: WantedPolicy[Field] | undefined
}

/**
 * Makes a policy. Throws `policy.route_impossible`, `policy.limit_impossible`, `policy.metering_impossible`,
 * `policy.key_taken`, `strategy.unknown` and `strategy.archived`.
 */
export async function makePolicy(
  tx: Tx,
  envId: number,
  { strategy, limits, metering, ...wanted }: WantedPolicy,
  systemNow: Date,
): Promise<Policy> {
  const strategyId = await strategyFor(tx, envId, strategy, null)
  const written = await limitsFrom(tx, envId, limits)
  const made = { id: newId('pol'), createdAt: systemNow, archivedAt: null }
  const rules = rulesFrom(metering, [])
  const policy = sound({ ...made, ...wanted, strategyId, limits: written, metering: rules })
  if (!(await insertPolicy(tx, envId, policy))) throw failures.keyTaken(policy.key)
  await replaceRules(tx, envId, policy, systemNow)
  await countChange(tx, envId)
  return policy
}

/**
 * Changes a policy. Throws as above, and `policy.unknown`. A strategy that it has already may be archived, and a rule
 * that it has already keeps its id.
 */
export async function changePolicy(
  tx: Tx,
  envId: number,
  { ref, strategy, limits, metering, ...change }: PolicyChange & { readonly ref: string },
  systemNow: Date,
): Promise<Policy> {
  const before = await lockPolicy(tx, envId, ref)
  const strategyId =
    strategy === undefined
      ? before.strategyId
      : await strategyFor(tx, envId, strategy, before.strategyId)
  const rules = metering ? rulesFrom(metering, before.metering) : before.metering
  const written = limits ? await limitsFrom(tx, envId, limits) : before.limits
  const policy = sound({
    ...before,
    ...given(change),
    strategyId,
    limits: written,
    metering: rules,
  })
  await updatePolicy(tx, envId, policy)
  if (metering) await replaceRules(tx, envId, policy, systemNow)
  await countChange(tx, envId)
  return policy
}

/** It holds for nothing from then on, and its key stays taken. Throws `policy.unknown`. */
export async function archivePolicy(
  tx: Tx,
  envId: number,
  ref: string,
  systemNow: Date,
): Promise<Policy> {
  const before = await lockPolicy(tx, envId, ref)
  if (before.archivedAt) return before
  const policy = { ...before, archivedAt: systemNow }
  await updatePolicy(tx, envId, policy)
  await countChange(tx, envId)
  return policy
}

/** Throws `policy.unknown`. */
export async function getPolicy(tx: Tx, envId: number, ref: string): Promise<Policy> {
  const policy = await selectPolicy(tx, envId, ref)
  if (!policy) throw failures.unknown(ref)
  return policy
}

async function lockPolicy(tx: Tx, envId: number, ref: string): Promise<Policy> {
  const policy = await selectPolicyForUpdate(tx, envId, ref)
  if (!policy) throw failures.unknown(ref)
  return policy
}

async function strategyFor(
  tx: Tx,
  envId: number,
  ref: string | null,
  keptId: string | null,
): Promise<string | null> {
  if (ref === null) return null
  const strategy = await selectStrategyForShare(tx, envId, ref)
  if (!strategy) throw strategyFailures.unknown(ref)
  if (strategy.archivedAt && strategy.id !== keptId) throw strategyFailures.archived(strategy.key)
  return strategy.id
}

/** The limits as they are written down: a balance by the key of its meter, which must be there. */
async function limitsFrom(
  tx: Tx,
  envId: number,
  wanted: readonly WantedLimit[],
): Promise<PolicyLimit[]> {
  const limits = wanted.map((limit, at) => soundLimit(limit, wanted.slice(0, at)))
  const written: PolicyLimit[] = []
  for (const [at, limit] of limits.entries()) {
    if (limit.algorithm !== 'balance') written.push(limit)
    else written.push({ ...limit, meter: await meterKey(tx, envId, limit, at) })
  }
  return written
}

function soundLimit(limit: WantedLimit, before: readonly WantedLimit[]): PolicyLimit {
  const refused = (reason: string) => failures.limitImpossible(limit.name, reason, before.length)
  if (before.some(({ name }) => name === limit.name)) throw refused('another limit has this name')
  return explained(() => limitFrom(limit), refused)
}

async function meterKey(
  tx: Tx,
  envId: number,
  { name, meter }: BalanceLimit,
  place: number,
): Promise<string> {
  const found = await findMeter(tx, envId, meter).catch((error: unknown) => {
    if (error instanceof Failure) throw failures.limitWithoutMeter(name, meter, place)
    throw error
  })
  return found.key
}

/** Each rule as the policy has it, or a new one. */
function rulesFrom(wanted: readonly WantedRule[], before: readonly MeteringRule[]): MeteringRule[] {
  return wanted.map((rule) => {
    const held = before.find((other) => isSameRule(other, rule))
    return held ?? { id: newId('mrl'), ...rule, when: orderedClasses(rule.when) }
  })
}

/** Without the fields that were left out. */
function given<Fields extends object>(change: Fields) {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }
}

/** With its method in capitals, as requests have it. Throws for what could never hold. */
function sound(policy: Policy): Policy {
  const { method, url, metering } = policy
  const refused = (field: 'method' | 'url') => (reason: string) =>
    failures.routeImpossible(reason, field)
  explained(() => assertRoute({ method, url: '*' }), refused('method'))
  explained(() => assertRoute({ method: '*', url }), refused('url'))
  for (const [at, rule] of metering.entries()) assertRule(rule, metering.slice(0, at))
  return { ...policy, method: method.toUpperCase() }
}

function assertRule(rule: MeteringRule, before: readonly MeteringRule[]): void {
  const refused = (reason: string) => failures.meteringImpossible(rule.event, reason, before.length)
  if (before.some((other) => isSameRule(other, rule)))
    throw refused('another rule says the same, and usage would count twice')
  explained(() => compileRule(rule), refused)
}

/** What `packages/policy` and `expressions` refuse, they refuse with a sentence that says what to change. */
function explained<T>(read: () => T, failure: (reason: string) => Error): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw failure(error.message)
    throw error
  }
}
