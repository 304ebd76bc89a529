import { formatDecimal } from '@usageflow/pricing'
import type { Contact } from '../customers/contact.ts'
import type { InvoiceLine } from '../invoicing/invoice.ts'
import type { StoredInvoice } from '../invoicing/read-invoice.ts'
import type { Adjustment } from '../rating/bill.ts'
import {
  type BillingSettings,
  DOCUMENT_LANGUAGES,
  type DocumentLanguage,
} from '../settings/billing-settings.ts'
import type { DocumentLine, DocumentSum, InvoiceDocument, Party } from './invoice-document.ts'

/** An invoice as far as its document goes. */
type Documented = Pick<StoredInvoice, 'content'> & {
  readonly state: Pick<StoredInvoice['state'], 'status'>
}

/** What the document of an invoice says: nothing that does not stand in one of the three. */
export function documentOf(
  { state, content }: Documented,
  settings: BillingSettings,
  buyer: Contact,
): InvoiceDocument {
  const period = periodOf(content)
  return {
    kind: state.status === 'draft' ? 'draft' : 'invoice',
    currency: content.currency,
    number: content.number,
    issuedAt: content.finalizedAt,
    dueAt: content.dueAt,
    period,
    ...partiesOf(settings, buyer),
    lines: content.lines.map((line) => lineOf(line, period)),
    sums: sumsOf(content),
    note: settings.note,
  }
}

/** Who sends a document to whom, and how they write. */
export function partiesOf(
  settings: BillingSettings,
  buyer: Contact,
): Pick<InvoiceDocument, 'language' | 'timeZone' | 'seller' | 'logo' | 'buyer'> {
  return {
    language: languageOf(buyer.language) ?? settings.language,
    timeZone: settings.timeZone,
    seller: {
      name: settings.sellerName,
      address: settings.sellerAddress,
      taxNumbers: settings.taxNumbers,
      email: settings.email,
    },
    logo: settings.logo,
    buyer: partyOf(buyer),
  }
}

/** `de-AT` is read as `de`; null for a language that documents are not written in. */
function languageOf(tag: string | null): DocumentLanguage | null {
  const [language] = (tag ?? '').toLowerCase().split('-')
  return DOCUMENT_LANGUAGES.find((known) => known === language) ?? null
}

function partyOf({ customer, name, address, taxNumber, email }: Contact): Party {
  return {
    name: name === '' ? customer : name,
    address,
    taxNumbers: taxNumber === null ? [] : [taxNumber],
    email,
  }
}

type Period = InvoiceDocument['period']

/** What a one-off invoice charges may have been supplied at an instant, of which nothing is said. */
function periodOf({
  planId,
  periodStart: start,
  periodEnd: end,
}: StoredInvoice['content']): Period {
  const isInstant = planId === null && end.getTime() - start.getTime() === 1
  return isInstant ? null : { start, end }
}

function lineOf(line: InvoiceLine, period: Period): DocumentLine {
  const isWhole =
    period === null ||
    (line.periodStart.getTime() === period.start.getTime() &&
      line.periodEnd.getTime() === period.end.getTime())
  const hasUnits = line.rule !== 'minimum' && line.rule !== 'maximum' && line.kind !== 'true_up'
  return {
    description: line.description,
    period: isWhole ? null : { start: line.periodStart, end: line.periodEnd },
    quantity: hasUnits ? line.units : null,
    unitPrice: hasUnits ? line.unitPrice : null,
    amountMinor: line.amountMinor,
  }
}

/** In the order in which they are added up; what changes nothing is left out. */
function sumsOf(content: StoredInvoice['content']): DocumentSum[] {
  const { adjustments, subtotalMinor, trueUpMinor, totalMinor, amountDueMinor } = content
  const shown = adjustments.flatMap(sumOf)
  const total: DocumentSum = { kind: 'total', name: '', amountMinor: totalMinor }
  const before = shown.filter(({ kind }) => kind !== 'prepaid')
  const prepaid = shown.filter(({ kind }) => kind === 'prepaid')
  const subtotal: DocumentSum[] =
    before.length === 0
      ? []
      : [{ kind: 'subtotal', name: '', amountMinor: subtotalMinor + trueUpMinor }]
  const due: DocumentSum = { kind: 'due', name: '', amountMinor: amountDueMinor }
  return [...subtotal, ...before, total, ...prepaid, due]
}

/** An adjustment as it stands below the lines; none for units of credit. */
export function sumOf({ kind, name, tax, amountMinor }: Adjustment): DocumentSum[] {
  switch (kind) {
    case 'unit_credit':
      return [] // units, which the lines say
    case 'discount':
      return [{ kind, name, amountMinor: -amountMinor }]
    case 'promotional':
      return [{ kind: 'credit', name: '', amountMinor: -amountMinor }]
    case 'tax': {
      const percent = tax === null ? '' : ` ${formatDecimal(tax.percent)} %`
      const sum = tax?.isInclusive ? ('included_tax' as const) : ('tax' as const)
      return [{ kind: sum, name: `${name}${percent}`, amountMinor }]
    }
    case 'prepaid':
      return [{ kind, name: '', amountMinor: -amountMinor }]
    default:
      throw new TypeError(`unknown adjustment: ${kind satisfies never}`)
  }
}
