import { setTimeout as sleep } from 'node:timers/promises'
import type { Arena } from './arena.ts'
import { send, type Target } from './http-client.ts'
import { createKey, type Organization, revokeKey } from './product.ts'
import { atMost, type Finding } from './report.ts'

const REVOKED_MS_MAX = 1_000
const SENDERS_PER_SERVER = 4
const BEFORE_MS = 500
const AFTER_MS = 2_500

/** Revokes a key that is in use everywhere: a second later no server may take it. */
export async function checkRevocation(arena: Arena, organization: Organization): Promise<Finding> {
  const key = await createKey(arena.product, organization, 'live')
  const lastSuccess = new Map<string, number>()
  let isOver = false
  const sendOn = async (target: Target) => {
    while (!isOver) {
      const sentAt = performance.now()
      const reply = await send(target, {
        method: 'POST',
        path: '/api/track',
        headers: { 'x-usageflow-api-key': key.key, 'content-type': 'application/json' },
        body: JSON.stringify({ metric: 'revoked', customerId: 'c' }),
      })
      if (reply.status === 201) lastSuccess.set(target.name, sentAt)
    }
  }
  const senders = arena.targets.flatMap((target) =>
    Array.from({ length: SENDERS_PER_SERVER }, () => sendOn(target)),
  )
  await sleep(BEFORE_MS)
  if (lastSuccess.size < arena.targets.length) throw new Error('a new key does not work everywhere')
  await revokeKey(arena.product, organization, key)
  const revokedAt = performance.now()
  await sleep(AFTER_MS)
  isOver = true
  await Promise.all(senders)
  const afterMs = [...lastSuccess.values()].map((at) => Math.max(0, at - revokedAt))
  return atMost(
    `revoked key still taken, on ${arena.targets.length} servers`,
    afterMs,
    REVOKED_MS_MAX,
  )
}
