import type { Policy } from '../../api/records.ts'

type Limit = Policy['limits'][number]
type BalanceLimit = Extract<Limit, { algorithm: 'balance' }>
type WindowLimit = Exclude<Limit, BalanceLimit>
type Period = NonNullable<WindowLimit['period']>

/** How a limit counts; of a quota, the period of the calendar that it counts in. */
export type Counting = Limit['algorithm'] | Period

export type LimitValues = {
  readonly name: string
  readonly counting: Counting
  readonly limit: number | ''
  /** Of no meaning for a quota. */
  readonly window: string
  readonly per: WindowLimit['per']
  /** Of a balance, which has nothing of the above but its name. */
  readonly meter: string | null
  readonly unitsPerRequest: number | ''
  readonly planPays: boolean
}

const NO_BALANCE = { meter: null, unitsPerRequest: 1, planPays: true } as const

export type RuleValues = {
  readonly event: string
  readonly quantity: string
  readonly when: Policy['metering'][number]['when']
}

export type PolicyValues = {
  name: string
  key: string
  /** Empty: every application. */
  application: string
  method: string
  url: string
  priority: number | ''
  /** Id; null: callers are told apart by network. */
  strategy: string | null
  mode: Policy['mode']
  withoutAnswer: Policy['withoutAnswer']
  deadlineMs: number | ''
  limits: readonly LimitValues[]
  metering: readonly RuleValues[]
}

export const FRESH_RULE: RuleValues = {
  event: '',
  quantity: 'usage_record.quantity',
  when: ['2xx', '3xx'],
}

/** Something new lets everything through until somebody has seen what it would refuse. */
export const EMPTY_POLICY: PolicyValues = {
  ...{ name: '', key: '', application: '', method: '*', url: '', priority: 0, strategy: null },
  ...{ mode: 'shadow', withoutAnswer: 'allow', deadlineMs: 50, limits: [], metering: [] },
}

export const COUNTINGS: Readonly<Record<Counting, string>> = {
  fixed_window: 'Fixed window',
  token_bucket: 'Token bucket',
  sliding_window: 'Sliding window',
  day: 'Quota of a day',
  month: 'Quota of a month',
  balance: 'Balance of a meter',
}

export const COUNTING_HINTS: typeof COUNTINGS = {
  fixed_window: 'Anew in each whole hour, or day of UTC',
  token_bucket: 'All at once, then evenly',
  sliding_window: 'In any stretch as long; asks the server each time',
  day: 'Anew at midnight, UTC',
  month: 'Anew on the first of each month, UTC',
  balance: 'What the customer may still use; asks to pay when nothing is left',
}

/** Whether it counts in a period of the calendar, and not in a window. */
export function isQuota(counting: Counting): counting is Period {
  return counting === 'day' || counting === 'month'
}

/** What becomes of requests that credits do not cover. */
export const BEYOND_CREDITS = {
  plan: 'A plan that bills the meter pays',
  nobody: 'They are refused',
} as const

export const SHARES: Readonly<Record<LimitValues['per'], string>> = {
  identity: 'each caller',
  all: 'all together',
}

export const MODES: Readonly<Record<Policy['mode'], string>> = {
  shadow: 'Shadow: decides, and lets everything through',
  enforce: 'Enforce: refuses what is over a limit',
  off: 'Off: as if it were not there',
}

export const CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const

/** A limit to begin with, whose name none of the others has. */
export function freshLimit(others: readonly LimitValues[]): LimitValues {
  const names = ['hourly', ...others.map((_, at) => `limit-${at + 2}`)]
  const name = names.find((free) => others.every((other) => other.name !== free)) ?? ''
  return {
    ...{ name, counting: 'fixed_window', limit: 1000, window: '1h', per: 'identity' },
    ...NO_BALANCE,
  }
}

export function valuesOfPolicy(policy: Policy): PolicyValues {
  const { name, key, method, url, priority, mode, withoutAnswer, deadlineMs } = policy
  return {
    ...{ name, key, method, url, priority, mode, withoutAnswer, deadlineMs },
    limits: policy.limits.map(valuesOfLimit),
    application: policy.application ?? '',
    strategy: policy.strategyId,
    metering: policy.metering.map(({ event, quantity, when }) => ({ event, quantity, when })),
  }
}

export function countingOf(limit: Limit): Counting {
  return limit.algorithm === 'balance' ? limit.algorithm : (limit.period ?? limit.algorithm)
}

function valuesOfLimit(written: Limit): LimitValues {
  if (written.algorithm === 'balance') {
    const { name, meter, unitsPerRequest, planPays, per } = written
    return { ...freshLimit([]), name, counting: 'balance', meter, unitsPerRequest, planPays, per }
  }
  const { name, limit, window = '', per } = written
  return { ...NO_BALANCE, name, counting: countingOf(written), limit, window, per }
}

function limitBody({ counting, window, per, ...values }: LimitValues) {
  const name = values.name.trim()
  if (counting === 'balance') {
    const { meter, unitsPerRequest, planPays } = values
    const units = unitsPerRequest === '' ? 0 : unitsPerRequest
    return { name, algorithm: counting, meter: meter ?? '', unitsPerRequest: units, planPays }
  }
  const asked = { name, limit: values.limit === '' ? 0 : values.limit, per }
  return isQuota(counting)
    ? { ...asked, period: counting }
    : { ...asked, algorithm: counting, window: window.trim() }
}

/** As the API takes it. What is empty and must not be was found by `policyProblems` before. */
export function policyBody(values: PolicyValues) {
  const { name, application, method, url, priority, strategy, mode, withoutAnswer } = values
  return {
    ...{ strategy, mode, withoutAnswer, name: name.trim(), url: url.trim() },
    application: application.trim() || null,
    method: method.trim() || '*',
    priority: priority === '' ? 0 : priority,
    deadlineMs: values.deadlineMs === '' ? 0 : values.deadlineMs,
    limits: values.limits.map(limitBody),
    metering: values.metering.map(({ event, quantity, when }) => ({
      ...{ event: event.trim(), quantity: quantity.trim(), when: [...when] },
    })),
  }
}

/** What can be said before the server is asked. */
export function policyProblems(values: PolicyValues): Record<string, string> {
  const missing: Record<string, string> = {}
  const need = (at: string, value: unknown, what: string) => {
    if (value === '' || (typeof value === 'string' && value.trim() === '')) missing[at] = what
  }
  need('name', values.name, 'A policy needs a name.')
  need('key', values.key, 'A policy needs a key: programs name it by that.')
  need('url', values.url, 'Which requests? * for all of them.')
  need('deadlineMs', values.deadlineMs, 'How many milliseconds?')
  for (const [at, limit] of values.limits.entries()) {
    need(`limits.${at}.name`, limit.name, 'How is it called?')
    for (const [field, [value, what]] of Object.entries(neededOf(limit)))
      need(`limits.${at}.${field}`, value, what)
  }
  for (const [at, { event, quantity, when }] of values.metering.entries()) {
    need(`metering.${at}.event`, event, 'Which event?')
    need(`metering.${at}.quantity`, quantity, 'How much is a request?')
    if (when.length === 0) missing[`metering.${at}.when`] = 'Of which answers?'
  }
  return missing
}

/** What a limit must have beside its name, and what is asked where it is missing. */
function neededOf(limit: LimitValues): Readonly<Record<string, readonly [unknown, string]>> {
  if (limit.counting === 'balance')
    return {
      meter: [limit.meter ?? '', 'Of which meter?'],
      unitsPerRequest: [limit.unitsPerRequest, 'How many?'],
    }
  const counted = { limit: [limit.limit, 'How many?'] } as const
  return isQuota(limit.counting) ? counted : { ...counted, window: [limit.window, 'In what time?'] }
}

/** Fields that say by themselves what is wrong with them. */
export function shownFieldsOf({ limits, metering }: PolicyValues): readonly string[] {
  return [
    ...['name', 'key', 'application', 'method', 'url', 'priority', 'strategy', 'deadlineMs'],
    ...limits.flatMap((_, at) =>
      ['', '.name', '.limit', '.window', '.meter', '.unitsPerRequest'].map(
        (field) => `limits.${at}${field}`,
      ),
    ),
    ...metering.flatMap((_, at) =>
      ['event', 'quantity', 'when'].map((field) => `metering.${at}.${field}`),
    ),
  ]
}

/** Like `1,000 in 1h, each caller`, or `2 of the balance of TOKENS a request`. */
export function limitWords(limit: Limit): string {
  if (limit.algorithm === 'balance') return balanceWords(limit)
  const { window, period, per } = limit
  const time = period === undefined ? `in ${window}` : `a ${period}`
  return `${new Intl.NumberFormat().format(limit.limit)} ${time}, ${SHARES[per]}`
}

function balanceWords({ meter, unitsPerRequest, planPays }: BalanceLimit): string {
  const units = new Intl.NumberFormat().format(unitsPerRequest)
  return `${units} of the balance of ${meter} a request, ${planPays ? 'or by plan' : 'credits alone'}`
}
