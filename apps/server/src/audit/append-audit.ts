import type { Tx } from '../platform/db/transaction.ts'
import type { Change } from '../platform/http/note-change.ts'
import { newId } from '../platform/id.ts'
import { insertAuditEntry } from './audit.store.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Notes who changed what, in the transaction of the change itself: both commit, or neither. */
export async function appendAudit(tx: Tx, change: Change): Promise<void> {
  const { sent, ...entry } = change
  await insertAuditEntry(tx, { ...entry, id: newId('aud'), detail: withoutSecrets(sent) })
}
