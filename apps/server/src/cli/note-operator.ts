import { userInfo } from 'node:os'
import { appendAudit } from '../audit/append-audit.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'

/** What somebody at the command line has changed, or read of what is sensitive. */
export type Operation = {
  readonly organizationId: string
  /** Null when the organization itself was changed. */
  readonly envId?: number | null
  /** Like `usageflow key create`. */
  readonly action: string
  readonly target?: string
  readonly sent?: unknown
  readonly at: Date
}

/** Notes it in the organization's log, in the transaction of the change, with the name of who sits at the machine. */
export async function noteOperator(tx: Tx, operation: Operation): Promise<void> {
  const { envId = null, target = null, sent = {}, ...rest } = operation
  const actor = { kind: 'operator', id: operatorName() } as const
  await appendAudit(tx, { ...rest, envId, target, sent, actor, requestId: newId('req') })
}

function operatorName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown' // the system has no name for this user, as in some containers
  }
}
