import { sql } from 'kysely'
import type { Tx } from '../db/transaction.ts'

export type StoredMail = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly sealedBody: Buffer
  readonly createdAt: Date
  readonly tries: number
}

export async function insertMail(tx: Tx, mail: Omit<StoredMail, 'tries'>): Promise<void> {
  await tx
    .insertInto('outbox_mails')
    .values({
      id: mail.id,
      recipient: mail.recipient,
      subject: mail.subject,
      sealed_body: mail.sealedBody,
      created_at: mail.createdAt,
      next_try_at: mail.createdAt,
    })
    .execute()
}

/** Locks the message that has waited longest. Another process is given another. */
export async function selectMailToSend(tx: Tx, now: Date): Promise<StoredMail | null> {
  const row = await mails(tx)
    .where('next_try_at', '<=', now)
    .where('sealed_body', 'is not', null)
    .orderBy('next_try_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** With `keepsBody` people may still read it in the outbox. */
export async function updateSent(tx: Tx, id: string, keepsBody: boolean): Promise<void> {
  await tx
    .updateTable('outbox_mails')
    .set({ next_try_at: null, ...(keepsBody ? {} : { sealed_body: null }) })
    .where('id', '=', id)
    .execute()
}

/** `nextTryAt` null gives up. */
export async function updateFailed(
  tx: Tx,
  id: string,
  failed: { readonly error: string; readonly nextTryAt: Date | null },
): Promise<void> {
  await sql`
    update outbox_mails set tries = tries + 1, last_error = ${failed.error}, next_try_at = ${failed.nextTryAt}
    where id = ${id}`.execute(tx)
}

/** The latest messages that can still be read. */
export async function selectLatestMails(tx: Tx, limit: number): Promise<StoredMail[]> {
  const rows = await mails(tx)
    .where('sealed_body', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

export async function deleteMailsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('outbox_mails').where('created_at', '<', before).execute()
}

function mails(tx: Tx) {
  return tx
    .selectFrom('outbox_mails')
    .select(['id', 'recipient', 'subject', 'sealed_body', 'created_at', 'tries'])
}

function fromRow(row: {
  id: string
  recipient: string
  subject: string
  sealed_body: Buffer | null
  created_at: Date
  tries: number
}): StoredMail {
  return {
    id: row.id,
    recipient: row.recipient,
    subject: row.subject,
    sealedBody: row.sealed_body ?? Buffer.alloc(0),
    createdAt: row.created_at,
    tries: row.tries,
  }
}
