import { createTransport } from 'nodemailer'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Logger } from '../log.ts'
import { type Loop, runLoop } from '../loop.ts'
import type { Sealer } from '../secrets/seal.ts'
import { opened, type WrittenMail } from './mail.ts'
import { deleteMailsBefore, selectMailToSend, updateFailed, updateSent } from './mails.store.ts'

/** Where messages go: `url` like `smtps://user:password@mail.example.com`, `from` like `UsageFlow <no-reply@example.com>`. */
export type MailServer = { readonly url: string; readonly from: string }

type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  /** Null: messages are shown in the log and the outbox instead. */
  readonly mailServer: MailServer | null
}

const POLL_MS = 1_000
const ANSWER_MS_MAX = 15_000 // below the time for which a transaction may stand idle
const RETRY_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000]
const KEPT_MS = 30 * 24 * 3_600_000

/** Sends what was written, each message at least once. Any number of processes may run it. */
export function runMails(deps: Deps): Loop {
  const send = deps.mailServer ? bySmtp(deps.mailServer) : toLog(deps.log)
  const keepsBody = deps.mailServer === null
  return runLoop(async () => {
    const found = await deps.db.inTransaction(async (tx) => {
      const now = deps.clock()
      const mail = await selectMailToSend(tx, now)
      if (!mail) {
        await deleteMailsBefore(tx, new Date(now.getTime() - KEPT_MS))
        return false
      }
      try {
        await send(opened(mail, deps.sealer))
        await updateSent(tx, mail.id, keepsBody)
      } catch (error) {
        const waitMs = RETRY_MS[mail.tries]
        const nextTryAt = waitMs === undefined ? null : new Date(now.getTime() + waitMs)
        deps.log.warn({ err: error, mail: mail.id, nextTryAt }, 'a message could not be sent')
        await updateFailed(tx, mail.id, { error: String(error).slice(0, 500), nextTryAt })
      }
      return true
    })
    return found ? 0 : POLL_MS
  }, deps.log)
}

function bySmtp({ url, from }: MailServer): (mail: WrittenMail) => Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: ANSWER_MS_MAX,
    greetingTimeout: ANSWER_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return async ({ id, to, subject, text }) => {
    await transport.sendMail({
      from,
      to: { name: '', address: to },
      subject,
      text,
      headers: { 'x-usageflow-mail': id },
    })
  }
}

/** Whoever reads the log may do what the link in it lets do: it is the operator's. */
function toLog(log: Logger): (mail: WrittenMail) => Promise<void> {
  return async ({ to, subject, text }) => {
    log.warn({ to, subject, text }, 'a message to a person: no mail server is set')
  }
}
