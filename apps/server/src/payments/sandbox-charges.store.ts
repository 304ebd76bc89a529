import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

export type TestChargeStatus = 'succeeded' | 'declined' | 'action_required' | 'canceled'

export type TestCharge = {
  readonly key: string
  readonly kind: 'charge' | 'refund'
  readonly reference: string
  readonly token: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly status: TestChargeStatus
}

/** Books it unless the key is there already, which is counted. Returns what stands under the key. */
export async function bookTestCharge(
  tx: Tx,
  envId: number,
  charge: TestCharge,
): Promise<TestChargeStatus> {
  const { key, kind, reference, token, currency, status } = charge
  const { rows } = await sql<{ status: TestChargeStatus }>`
    insert into test_provider_charges as c
      (env_id, idempotency_key, kind, reference, token, amount_minor, currency, status)
    values (${envId}, ${key}, ${kind}, ${reference}, ${token}, ${String(charge.amountMinor)}, ${currency}, ${status})
    on conflict on constraint one_charge_per_idempotency_key do update set calls = c.calls + 1
    returning status`.execute(tx)
  return rows[0]?.status ?? status
}

export async function selectTestCharge(
  tx: Tx,
  envId: number,
  key: string,
): Promise<TestChargeStatus | undefined> {
  const row = await tx
    .selectFrom('test_provider_charges')
    .where('env_id', '=', envId)
    .where('idempotency_key', '=', key)
    .select('status')
    .executeTakeFirst()
  return row?.status as TestChargeStatus | undefined // a check of the table
}

/** How often charges for this reference were declined. */
export async function countDeclined(tx: Tx, envId: number, reference: string): Promise<number> {
  const { count } = await tx
    .selectFrom('test_provider_charges')
    .where('env_id', '=', envId)
    .where('reference', '=', reference)
    .where('status', '=', 'declined')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count) // tidy: not money — a count of rows
}

/** Decides a charge that waits for its customer; any other stays as it is. */
export async function decideTestCharge(
  tx: Tx,
  envId: number,
  key: string,
  status: Exclude<TestChargeStatus, 'action_required'>,
): Promise<void> {
  await tx
    .updateTable('test_provider_charges')
    .set({ status })
    .where('env_id', '=', envId)
    .where('idempotency_key', '=', key)
    .where('status', '=', 'action_required')
    .execute()
}
