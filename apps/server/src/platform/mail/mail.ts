import type { Tx } from '../db/transaction.ts'
import { newId } from '../id.ts'
import type { SealedPlace } from '../secrets/reseal.ts'
import type { Sealer } from '../secrets/seal.ts'
import { insertMail, type StoredMail, selectLatestMails } from './mails.store.ts'

/** A message to a person: plain text, since nothing in it needs more. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

export type WrittenMail = Mail & { readonly id: string; readonly createdAt: Date }

/** Writes the message down in the caller's transaction; it goes out after the commit, or not at all. */
export async function writeMail(
  tx: Tx,
  mail: Mail,
  { sealer, systemNow }: { readonly sealer: Sealer; readonly systemNow: Date },
): Promise<void> {
  const id = newId('mail')
  await insertMail(tx, {
    id,
    recipient: oneLine(mail.to),
    subject: oneLine(mail.subject),
    sealedBody: sealer.seal(mail.text, sealContext(id)),
    createdAt: systemNow,
  })
}

/** The latest messages that no mail server has taken, the newest first. */
export async function latestMails(tx: Tx, sealer: Sealer, limit: number): Promise<WrittenMail[]> {
  const stored = await selectLatestMails(tx, limit)
  return stored.map((mail) => opened(mail, sealer))
}

export function opened(mail: StoredMail, sealer: Sealer): WrittenMail {
  return {
    id: mail.id,
    to: mail.recipient,
    subject: mail.subject,
    text: sealer.open(mail.sealedBody, sealContext(mail.id)),
    createdAt: mail.createdAt,
  }
}

export const SEALED_MAILS: SealedPlace = {
  ...{ what: 'messages', table: 'outbox_mails', column: 'sealed_body', keys: ['id'] },
  context: (row) => sealContext(String(row.id)),
}

function sealContext(id: string): string {
  return `mail ${id}`
}

/** A line break in a header would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ')
}
