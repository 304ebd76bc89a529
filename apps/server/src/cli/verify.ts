import { apiClient } from './api-client.ts'
import { say, sayJson, sayTable } from './print.ts'

/** What is read of the answer. */
type Verified = {
  readonly number: string
  readonly verified: boolean
  readonly digests: { readonly stored: string; readonly recomputed: string }
  readonly lines: readonly { readonly lineNo: number; readonly description: string }[]
  readonly differences: readonly {
    readonly where: string
    readonly lineNo: number | null
    readonly adjustment: { readonly kind: string; readonly ref: string } | null
    readonly field: string
    readonly stored: string | null
    readonly recomputed: string | null
  }[]
  readonly rollUps: readonly {
    readonly meter: string
    readonly from: string
    readonly to: string
    readonly rollUp: { readonly events: string; readonly sum: string }
    readonly events: { readonly events: string; readonly sum: string }
  }[]
}

/** Something about an invoice is not as its events say. */
export class NotVerified extends Error {}

/** Has a running server compute an invoice again. Throws `NotVerified` when something differs. */
export async function verifyInvoice(
  invoice: string,
  flags: { readonly url: string; readonly key: string; readonly json?: boolean },
): Promise<void> {
  const api = apiClient(flags.url, flags.key)
  const { status, body } = await api.post(
    `/api/v1/invoices/${encodeURIComponent(invoice)}/verify`,
    {},
  )
  if (status !== 200) {
    const { error } = body as { error?: { message?: string } }
    throw new NotVerified(error?.message ?? `the server answered ${status}`)
  }
  const answer = body as Verified
  if (flags.json) sayJson(answer)
  else explain(answer)
  if (!answer.verified) throw new NotVerified(`${answer.number} is not what its events say`)
}

function explain({ number, verified, digests, lines, differences, rollUps }: Verified): void {
  if (verified)
    say(`${number}: all ${lines.length} lines are what their events say. SHA-256 ${digests.stored}`)
  if (differences.length > 0)
    sayTable(
      ['where', 'field', 'stored', 'recomputed'],
      differences.map((each) => [
        placeOf(each),
        each.field,
        each.stored ?? '(nothing)',
        each.recomputed ?? '(nothing)',
      ]),
    )
  for (const { meter, from, to, rollUp, events } of rollUps)
    say(
      `The roll-up of ${meter} from ${from} to ${to} says ${rollUp.events} events, sum ${rollUp.sum}; its events say ${events.events}, sum ${events.sum}.`,
    )
}

function placeOf({ where, lineNo, adjustment }: Verified['differences'][number]): string {
  if (lineNo !== null) return `line ${lineNo}`
  return adjustment ? `${adjustment.kind} ${adjustment.ref}` : where
}
