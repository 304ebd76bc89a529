import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { PaymentProvider, ProviderOutcome, ProviderRequest } from './provider.ts'
import {
  bookTestCharge,
  countDeclined,
  decideTestCharge,
  selectTestCharge,
  type TestChargeStatus,
} from './sandbox-charges.store.ts'

/** The methods of the test provider, by what they do. */
export const TEST_TOKENS = [
  'pm_test_ok',
  'pm_test_declined',
  'pm_test_declines_twice',
  'pm_test_needs_action',
  'pm_test_timeout',
] as const
export type TestToken = (typeof TEST_TOKENS)[number]

const DECLINES = 2

const OUTCOMES: Readonly<Record<TestChargeStatus, ProviderOutcome>> = {
  succeeded: { status: 'succeeded' },
  declined: { status: 'failed', failureCode: 'declined' },
  action_required: { status: 'action_required' },
  canceled: { status: 'canceled' },
}

/**
 * A provider that moves no money and always does the same with the same method. It keeps books of its
 * own, in transactions of its own, as a company elsewhere does: what we forget in a crash it remembers.
 */
export function createTestProvider(db: Pick<Database, 'inTransaction'>): PaymentProvider {
  return {
    name: 'test',
    async charge(envId, request) {
      const { idempotencyKey: key, methodToken: token } = request
      const booked = await db.inTransaction(async (tx) => {
        const status = await chargeStatus(tx, envId, request)
        return bookTestCharge(tx, envId, { ...request, key, token, kind: 'charge', status })
      })
      return token === 'pm_test_timeout' ? { status: 'unknown' } : OUTCOMES[booked]
    },
    async refund(envId, request) {
      const { idempotencyKey: key, methodToken: token } = request
      const refund = { ...request, key, token, kind: 'refund', status: 'succeeded' } as const
      return OUTCOMES[await db.inTransaction((tx) => bookTestCharge(tx, envId, refund))]
    },
    async find(envId, { idempotencyKey: key }) {
      const status = await db.inTransaction((tx) => selectTestCharge(tx, envId, key))
      return status ? OUTCOMES[status] : null
    },
    cancel: (envId, { idempotencyKey: key }) =>
      db.inTransaction(async (tx) => {
        await decideTestCharge(tx, envId, key, 'canceled')
        const status = await selectTestCharge(tx, envId, key)
        return status ? OUTCOMES[status] : OUTCOMES.canceled
      }),
  }
}

/** What a charge by this method comes to. One that times out went through: only the answer was lost. */
async function chargeStatus(
  tx: Tx,
  envId: number,
  { methodToken, reference }: ProviderRequest,
): Promise<TestChargeStatus> {
  const token = methodToken as TestToken // attached by a route that takes no other
  switch (token) {
    case 'pm_test_ok':
    case 'pm_test_timeout':
      return 'succeeded'
    case 'pm_test_declined':
      return 'declined'
    case 'pm_test_needs_action':
      return 'action_required'
    case 'pm_test_declines_twice':
      return (await countDeclined(tx, envId, reference)) < DECLINES ? 'declined' : 'succeeded'
  }
}
