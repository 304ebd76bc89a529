import type { CreditNote, CreditNoteLine } from '../credit-notes/credit-note.ts'
import type { Contact } from '../customers/contact.ts'
import type { InvoiceContent } from '../invoicing/invoice.ts'
import type { Adjustment } from '../rating/bill.ts'
import type { BillingSettings } from '../settings/billing-settings.ts'
import { partiesOf, sumOf } from './document-of.ts'
import type { DocumentLine, DocumentSum, InvoiceDocument } from './invoice-document.ts'

/** What the document of a credit note says: its lines as the invoice has them, with what is taken back of each. */
export function creditNoteDocument(
  note: CreditNote,
  invoice: InvoiceContent,
  settings: BillingSettings,
  buyer: Contact,
): InvoiceDocument {
  const taxes = invoice.adjustments.filter(({ kind }) => kind === 'tax')
  const taken = note.lines.map((line) => takenLine(line, invoice, taxes))
  const subtotalMinor = taken.reduce((sum, { shownMinor }) => sum + shownMinor, 0n)
  return {
    kind: 'credit_note',
    ...partiesOf(settings, buyer),
    currency: note.currency,
    number: note.number,
    issuedAt: note.issuedAt,
    dueAt: null,
    period: null,
    lines: taken.map(({ description, shownMinor: amountMinor }): DocumentLine => {
      return { description, period: null, quantity: null, unitPrice: null, amountMinor }
    }),
    sums: [
      { kind: 'subtotal', name: '', amountMinor: subtotalMinor },
      ...taxes.flatMap((tax) => taxSum(tax, taken)),
      { kind: 'total', name: '', amountMinor: note.totalMinor },
    ],
    note: `${invoice.number ?? note.invoiceId}: ${note.reason}`,
  }
}

type TakenLine = {
  readonly description: string
  /** As on the invoice: without tax that is added to it, with tax that it includes. */
  readonly shownMinor: bigint
  readonly taxMinor: bigint
  readonly taxRateId: string | null
}

function takenLine(
  { invoiceLineNo, amountMinor, taxMinor }: CreditNoteLine,
  { lines }: InvoiceContent,
  taxes: readonly Adjustment[],
): TakenLine {
  const line = lines.find(({ lineNo }) => lineNo === invoiceLineNo)
  const taxRateId = line?.taxRateId ?? null
  const isInclusive = taxes.some(({ ref, tax }) => ref === taxRateId && tax?.isInclusive)
  return {
    description: line?.description ?? '',
    shownMinor: isInclusive ? amountMinor : amountMinor - taxMinor,
    ...{ taxMinor, taxRateId },
  }
}

/** As on the invoice, with the part of it that is taken back. */
function taxSum(tax: Adjustment, taken: readonly TakenLine[]): DocumentSum[] {
  const mine = taken.filter(({ taxRateId }) => taxRateId === tax.ref)
  const amountMinor = mine.reduce((sum, { taxMinor }) => sum + taxMinor, 0n)
  return mine.length === 0 ? [] : sumOf({ ...tax, amountMinor })
}
