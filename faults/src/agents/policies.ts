/** What the fake UsageFlow says that holds. Nobody is ever refused: whatever a host answers otherwise is our doing. */
export const LIMIT = {
  name: 'hourly',
  algorithm: 'token_bucket',
  limit: 1_000_000,
  window: '1h',
  per: 'identity',
} as const

const SUMMED = { event: 'API_CALL', when: ['2xx'], captures: [], isSummable: true }
const EACH = {
  event: 'AI_TOKEN',
  when: ['2xx'],
  captures: ['/request/body/model', '/response/body/tokens'],
  isSummable: false,
}

const POLICIES = [
  policyOf('/summed', { metering: [{ id: 'mrl_summed', ...SUMMED }] }),
  policyOf('/limited', { metering: [{ id: 'mrl_limited', ...SUMMED }], limits: [LIMIT] }),
  policyOf('/each', { metering: [{ id: 'mrl_each', ...EACH }] }),
  // Of these the bodies are read, on both sides.
  policyOf('/shapes', { metering: [{ id: 'mrl_shapes', ...EACH }] }),
]

export function documentAt(now: Date): object {
  const strategies = [{ id: 'str_1', sources: [{ from: 'header', name: 'x-user-id' }] }]
  return { version: 1, now: now.toISOString(), strategies, policies: POLICIES, blocks: [] }
}

/** Whether a request that is answered with 2xx is usage, once, by the policies. */
export function isMetered(path: string): boolean {
  return POLICIES.some(({ url }) => path.startsWith(url.replace('*', '')))
}

function policyOf(path: string, rest: object) {
  return {
    id: `pol_${path.slice(1)}`,
    key: path.slice(1),
    method: '*',
    url: `${path}/*`,
    priority: 0,
    strategyId: 'str_1',
    mode: 'enforce',
    withoutAnswer: 'allow',
    deadlineMs: 50,
    limits: [],
    metering: [],
    ...rest,
  }
}
