import { z } from 'zod'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { INVOICE_KINDS } from '../invoicing/invoice.ts'
import { shortest, type Total } from '../metering/total.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import {
  type Compared,
  type Comparison,
  differing,
  digestOf,
  digestOfAll,
} from './compare-invoices.ts'
import { failures } from './failures.ts'
import { isSame, type Verification, verifyInvoice } from './verify-invoice.ts'

const digests = z
  .object({ stored: z.string().nullable(), recomputed: z.string().nullable() })
  .meta({ description: 'SHA-256 of what is said; null where nothing is said of it' })

const totalReply = z.object({
  events: z.string(),
  sum: z.string(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  last: z.string().nullable(),
  uniques: z.string(),
})

const verificationReply = z
  .object({
    invoiceId: z.string(),
    number: z.string().nullable(),
    kind: z.enum(INVOICE_KINDS),
    verified: z.boolean().meta({
      description: 'Whether nothing differs, neither of the invoice nor of the sums of its usage',
    }),
    digests,
    usageBefore: z.string().meta({
      description: 'Events of transactions below this number were counted, and no others',
    }),
    lines: z.array(
      z.object({
        lineNo: z.number(),
        description: z.string(),
        matches: z.boolean(),
        digests,
      }),
    ),
    differences: z.array(
      z.object({
        where: z.enum(['invoice', 'line', 'adjustment']),
        lineNo: z.number().nullable().meta({ description: 'Of a line' }),
        adjustment: z
          .object({ kind: z.string(), ref: z.string() })
          .nullable()
          .meta({ description: 'Which discount, credit or tax' }),
        field: z.string(),
        stored: z.string().nullable(),
        recomputed: z.string().nullable(),
      }),
    ),
    rollUps: z
      .array(
        z.object({
          meter: z.string(),
          from: instantText,
          to: instantText,
          rollUp: totalReply,
          events: totalReply,
        }),
      )
      .meta({
        description:
          'Sums of usage that a recount of the events does not confirm, both as they are now. An invoice can be right all the same',
      }),
  })
  .meta({ id: 'InvoiceVerification' })

export function verificationRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/invoices/:invoiceId/verify',
      tag: 'Invoices',
      summary: 'Compute a final invoice again from its events, and compare',
      description:
        'Counts the events one by one, as they stood when the invoice was made, and rates them by the versions it was made with. Names every field that differs. Writes nothing.',
      scope: 'billing:read',
      params: z.object({ invoiceId: textField(100) }),
      replies: { 200: verificationReply },
      failures: [invoiceFailures.unknown, failures.notFinal],
      handle: async ({ tx, caller, params }) => ({
        status: 200,
        body: toReply(await verifyInvoice(tx, caller.envId, params.invoiceId)),
      }),
    }),
  ]
}

function toReply(verification: Verification): z.input<typeof verificationReply> {
  const { invoice, comparison, rollUps } = verification
  const { state, content } = invoice
  return {
    invoiceId: state.id,
    number: content.number,
    kind: state.kind,
    verified: isSame(comparison) && rollUps.length === 0,
    digests: {
      stored: digestOfAll(comparison, 'stored'),
      recomputed: digestOfAll(comparison, 'recomputed'),
    },
    usageBefore: String(content.usageBefore),
    lines: comparison.lines.map(({ lineNo, description, ...both }) => ({
      ...{ lineNo, description },
      matches: differing(both).length === 0,
      digests: { stored: digestOf(both.stored), recomputed: digestOf(both.recomputed) },
    })),
    differences: differencesOf(comparison),
    rollUps: rollUps.map(({ meterKey: meter, from, to, folded, counted }) => ({
      ...{ meter, from: from.toISOString(), to: to.toISOString() },
      ...{ rollUp: toTotal(folded), events: toTotal(counted) },
    })),
  }
}

function differencesOf({ head, lines, adjustments }: Comparison) {
  return [
    ...fieldsOf(head, { where: 'invoice' as const, lineNo: null, adjustment: null }),
    ...lines.flatMap((line) =>
      fieldsOf(line, { where: 'line' as const, lineNo: line.lineNo, adjustment: null }),
    ),
    ...adjustments.flatMap((each) => {
      const { kind, ref } = each
      return fieldsOf(each, { where: 'adjustment', lineNo: null, adjustment: { kind, ref } })
    }),
  ]
}

type Place = {
  readonly where: 'invoice' | 'line' | 'adjustment'
  readonly lineNo: number | null
  readonly adjustment: { readonly kind: string; readonly ref: string } | null
}

function fieldsOf(both: Compared, place: Place) {
  return differing(both).map((field) => ({
    ...{ ...place, field },
    stored: both.stored?.[field] ?? null,
    recomputed: both.recomputed?.[field] ?? null,
  }))
}

function toTotal({ events, sum, min, max, last, uniques }: Total) {
  return {
    ...{ events: String(events), uniques: String(uniques) },
    ...{ sum: shortest(sum), min: shortest(min), max: shortest(max), last: shortest(last) },
  }
}
