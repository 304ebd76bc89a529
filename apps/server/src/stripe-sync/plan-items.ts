import type { InvoiceContent } from '../invoicing/invoice.ts'
import { toStripeAmount } from '../stripe/stripe-amount.ts'
import type { StripeInvoiceItem } from './stripe-invoice.ts'

type Planned = Omit<StripeInvoiceItem, 'itemNo' | 'itemRef'>

const ITEMS_MAX = 250 // that an invoice of Stripe holds
const TEXT_MAX = 500

/**
 * The items that an invoice becomes: its lines, then what was taken off or put on. They add up to what is due. Where there
 * are more than Stripe takes, or it counts the currency in larger steps than one of them, they are a single one. Null: not even that can be
 * billed there.
 */
export function planItems(content: InvoiceContent): StripeInvoiceItem[] | null {
  const { currency, amountDueMinor } = content
  const each = [...content.lines.map(ofLine), ...adjusted(content)].filter(
    ({ amountMinor }) => amountMinor !== 0n,
  )
  const sum = each.reduce((total, { amountMinor }) => total + amountMinor, 0n)
  const isBillable = ({ amountMinor }: Planned) => toStripeAmount(amountMinor, currency) !== null
  const isWhole = sum === amountDueMinor && each.length <= ITEMS_MAX && each.every(isBillable)
  const planned = isWhole ? each : [inOne(content)]
  if (!planned.every(isBillable)) return null
  return planned.map((item, index) => ({
    ...item,
    description: item.description.slice(0, TEXT_MAX),
    ...{ itemNo: index + 1, itemRef: null },
  }))
}

function ofLine(line: InvoiceContent['lines'][number]): Planned {
  const { description, amountMinor, periodStart: from, periodEnd: to } = line
  return { description, amountMinor, period: { from, to } }
}

function adjusted({ adjustments, periodStart: from, periodEnd: to }: InvoiceContent): Planned[] {
  const period = { from, to }
  return adjustments.flatMap(({ kind, name, tax, amountMinor }) => {
    const named = (word: string) => (name === '' ? word : name)
    switch (kind) {
      case 'unit_credit':
        return [] // units, which the lines say
      case 'tax':
        return tax?.isInclusive ? [] : [{ description: named('Tax'), amountMinor, period }]
      case 'discount':
        return [{ description: named('Discount'), amountMinor: -amountMinor, period }]
      default:
        return [{ description: 'Credit', amountMinor: -amountMinor, period }]
    }
  })
}

function inOne(content: InvoiceContent): Planned {
  const { number, amountDueMinor, periodStart: from, periodEnd: to } = content
  return { description: `Invoice ${number}`, amountMinor: amountDueMinor, period: { from, to } }
}
