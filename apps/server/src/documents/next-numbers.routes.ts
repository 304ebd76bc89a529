import { z } from 'zod'
import { nextCreditNoteNumber } from '../credit-notes/next-number.ts'
import { nextInvoiceNumber } from '../invoicing/invoice-numbers.ts'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { numberText, patternProblem } from '../settings/billing-settings.ts'
import { billingSettings } from '../settings/decide-settings.ts'

const PATTERN_LENGTH_MAX = 100

const patternField = textField(PATTERN_LENGTH_MAX).optional()

const nextReply = z.object({
  number: z.string().nullable().meta({ description: 'Null: the pattern cannot be used' }),
  problem: z.string().nullable().meta({ description: 'Why it cannot' }),
})

/** What the next documents would be called, by the patterns of the settings or by others that are tried. */
export function nextNumbersRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/settings/billing/next-numbers',
    tag: 'Settings',
    summary: 'Show what the next invoice and credit note would be numbered',
    description:
      'By the patterns that are given, else by those of the settings. No number is taken: that happens when a document becomes final.',
    scope: 'billing:read',
    query: z.strictObject({ numberPattern: patternField, creditNotePattern: patternField }),
    replies: { 200: z.object({ invoice: nextReply, creditNote: nextReply }) },
    async handle({ tx, caller: { envId }, query, now }) {
      const settings = await billingSettings(tx, envId)
      const invoice = query.numberPattern ?? settings.numberPattern
      const creditNote = query.creditNotePattern ?? settings.creditNotePattern
      return {
        status: 200,
        body: {
          invoice: tried(invoice, await nextInvoiceNumber(tx, envId), now),
          creditNote: tried(creditNote, await nextCreditNoteNumber(tx, envId), now),
        },
      }
    },
  })
}

function tried(pattern: string, next: bigint, now: Date): z.input<typeof nextReply> {
  const problem = patternProblem(pattern)
  return { number: problem === null ? numberText(pattern, next, now) : null, problem }
}
