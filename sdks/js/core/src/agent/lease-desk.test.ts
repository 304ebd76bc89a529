import { type Identity, parseRateLimit } from '@usageflow/policy'
import { expect, test } from 'vitest'
import type { HttpCall } from '../http-call.ts'
import { LeaseDesk } from './lease-desk.ts'
import { type Check, Limiter } from './limiter.ts'

type Sent = {
  readonly settle: readonly { readonly id: string; readonly used: number }[]
  readonly ask: readonly { readonly id: string }[]
}

/** A limiter whose server says what the test has it say. */
function aLimiter(answers: (sent: Sent) => Promise<readonly object[]> | readonly object[]) {
  const calls: Sent[] = []
  const http: HttpCall = async ({ body = '' }) => {
    const sent = JSON.parse(body)
    calls.push(sent)
    const text = JSON.stringify({ results: await answers(sent) })
    return { kind: 'answer', status: 200, headers: new Headers(), text }
  }
  const names = { baseUrl: 'http://server', application: 'shop', holder: 'process' }
  const desk = new LeaseDesk({ ...names, http, timeoutMs: 1_000, onFailure: () => {} })
  return { calls, desk, limiter: new Limiter(desk, Date.now, () => {}) }
}

const ANN: Identity = { kind: 'customer', id: 'ann' }

function aCheck(algorithm: 'fixed_window' | 'sliding_window'): Check {
  return {
    ...{ name: 'all', limit: { policyId: 'pol_1', name: 'all' }, identity: ANN, isShadow: false },
    ...{ rate: parseRateLimit({ limit: 100, window: '1d', algorithm }), deadlineMs: 10_000 },
    withoutAnswer: 'allow',
  }
}

test('what is lent while its process closes is given back', async () => {
  let lends = () => {}
  const isLending = new Promise<void>((resolve) => {
    lends = resolve
  })
  const { calls, desk, limiter } = aLimiter(async ({ ask }) => {
    await isLending
    return ask.map(({ id }) => ({ id, units: 5, lifeMs: 5_000, retryAfterMs: 0, askAgainMs: 0 }))
  })
  void limiter.check([aCheck('fixed_window')])
  await expect.poll(() => calls.length).toBe(1)
  limiter.close()
  const closed = desk.close()
  lends()
  await closed
  expect(calls[1]?.settle).toMatchObject([{ id: calls[0]?.ask[0]?.id, used: 0 }])
})

test('a limit that the server does not know is asked for once in a while', async () => {
  const { calls, limiter } = aLimiter(({ ask }) => ask.map(({ id }) => ({ id, error: {} })))
  for (const algorithm of ['fixed_window', 'sliding_window'] as const) {
    const check = aCheck(algorithm)
    for (let request = 0; request < 20; request += 1)
      expect(await limiter.check([check])).toMatchObject([{ is: 'allowed_without_answer' }])
  }
  expect(calls.length).toBeLessThan(10) // once a second
})
