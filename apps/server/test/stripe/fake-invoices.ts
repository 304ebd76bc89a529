import { missing, refusedRequest } from './fake-errors.ts'
import { metadataOf } from './fake-metadata.ts'

type Form = Readonly<Record<string, string>>

export type FakeInvoice = {
  readonly id: string
  readonly customer: string
  readonly currency: string
  readonly created: number
  readonly metadata: Readonly<Record<string, string>>
  readonly collection_method: string
  readonly days_until_due: string | null
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
}

export type FakeInvoiceItem = {
  readonly id: string
  readonly customer: string
  readonly currency: string
  readonly amount: number
  readonly description: string
  readonly date: number
  readonly metadata: Readonly<Record<string, string>>
  /** Null: it waits for the next one. */
  invoice: string | null
}

const ITEMS_MAX = 250

/** Invoices of an account of Stripe and the items on them, by the rules that Stripe documents. It knows nothing of ours. */
export class FakeInvoices {
  readonly invoices = new Map<string, FakeInvoice>()
  readonly items = new Map<string, FakeInvoiceItem>()
  /** What the account adds to each invoice, like a tax. */
  addsToEach = 0
  private made = 0
  private readonly seconds: () => number
  private readonly tell: (type: string, thing: object) => void
  private readonly hasCustomer: (id: string) => boolean

  constructor(
    seconds: () => number,
    tell: (type: string, thing: object) => void,
    hasCustomer: (id: string) => boolean,
  ) {
    this.seconds = seconds
    this.tell = tell
    this.hasCustomer = hasCustomer
  }

  create(form: Form): object {
    const { customer = '', currency = '', collection_method = 'charge_automatically' } = form
    this.assertCustomer(customer)
    if (form.days_until_due !== undefined && collection_method !== 'send_invoice')
      throw refused('You can only set `days_until_due` if `collection_method` is `send_invoice`.')
    this.made += 1
    const invoice: FakeInvoice = {
      ...{ id: `in_fake${this.made}`, customer, currency, created: this.seconds() },
      ...{ metadata: metadataOf(form), collection_method, status: 'draft' },
      days_until_due: form.days_until_due ?? null,
    }
    this.invoices.set(invoice.id, invoice)
    return this.shown(invoice)
  }

  createItem(form: Form): object {
    const { customer = '', currency = '', description = '', invoice = null } = form
    this.assertCustomer(customer)
    const amount = Number(form.amount)
    if (!Number.isInteger(amount)) throw refused(`Invalid integer: ${form.amount}`)
    if (invoice !== null) this.assertTakes(invoice, { customer, currency })
    this.made += 1
    const id = `ii_fake${this.made}`
    const about = { customer, currency, amount, description, date: this.seconds() }
    const item = { id, ...about, metadata: metadataOf(form), invoice }
    this.items.set(id, item)
    return shownItem(item)
  }

  /** Newer than asked for, of a customer, the oldest first. */
  of(form: Form): { readonly id: string }[] {
    const since = Number(form['created[gte]'] ?? 0)
    return [...this.invoices.values()]
      .filter((one) => one.customer === form.customer && one.created >= since)
      .map((one) => this.shown(one))
  }

  itemsOf(form: Form): { readonly id: string }[] {
    const since = Number(form['created[gte]'] ?? 0)
    return [...this.items.values()]
      .filter((one) => one.customer === form.customer && one.date >= since)
      .map(shownItem)
  }

  read(id: string): object {
    return this.shown(this.invoice(id))
  }

  finalize(id: string): object {
    const invoice = this.invoice(id)
    if (invoice.status !== 'draft') throw refused('This invoice is already finalized.')
    invoice.status = 'open'
    return this.shown(invoice)
  }

  void(id: string): object {
    const invoice = this.invoice(id)
    if (!['open', 'uncollectible'].includes(invoice.status))
      throw refused(`You can only void open invoices; this one is ${invoice.status}.`)
    invoice.status = 'void'
    this.tell('invoice.voided', this.shown(invoice))
    return this.shown(invoice)
  }

  /** What was on it waits for the next one. */
  delete(id: string): object {
    if (this.invoice(id).status !== 'draft') throw refused('You can only delete draft invoices.')
    this.invoices.delete(id)
    for (const item of this.items.values()) if (item.invoice === id) item.invoice = null
    return { id, object: 'invoice', deleted: true }
  }

  deleteItem(id: string): object {
    const item = this.items.get(id)
    if (!item) throw missing('invoiceitem', id)
    if (item.invoice !== null && this.invoice(item.invoice).status !== 'draft')
      throw refused('This item is on an invoice that is no draft.')
    this.items.delete(id)
    return { id, object: 'invoiceitem', deleted: true }
  }

  /** The customer pays. */
  pay(id: string): void {
    const invoice = this.invoice(id)
    if (invoice.status !== 'open') throw refused(`It is ${invoice.status}.`)
    invoice.status = 'paid'
    this.tell('invoice.paid', this.shown(invoice))
  }

  /** A period of a subscription ends: what waits goes on its invoice, which is final. Returns that. */
  invoiceWhatWaits(customer: string): string {
    const { id } = this.create({ customer, currency: 'usd' }) as { id: string }
    for (const item of this.items.values())
      if (item.customer === customer && item.invoice === null) item.invoice = id
    this.finalize(id)
    return id
  }

  /** The sum of the items on it. */
  totalOf(id: string): number {
    const items = [...this.items.values()].filter(({ invoice }) => invoice === id)
    return items.reduce((sum, { amount }) => sum + amount, this.addsToEach)
  }

  private shown(invoice: FakeInvoice): { readonly id: string } {
    return { ...invoice, object: 'invoice', total: this.totalOf(invoice.id) } as {
      readonly id: string
    }
  }

  private invoice(id: string): FakeInvoice {
    const invoice = this.invoices.get(id)
    if (!invoice) throw missing('invoice', id)
    return invoice
  }

  private assertCustomer(id: string): void {
    if (!this.hasCustomer(id)) throw missing('customer', id)
  }

  private assertTakes(
    id: string,
    { customer, currency }: { readonly customer: string; readonly currency: string },
  ): void {
    const invoice = this.invoice(id)
    if (invoice.status !== 'draft') throw refused('You can only add items to draft invoices.')
    if (invoice.customer !== customer) throw refused('It is of another customer.')
    if (invoice.currency !== currency) throw refused('It is in another currency.')
    const items = [...this.items.values()].filter((item) => item.invoice === id)
    if (items.length >= ITEMS_MAX) throw refused('It has 250 items already.')
  }
}

function shownItem(item: FakeInvoiceItem): { readonly id: string } {
  return { ...item, object: 'invoiceitem' } as { readonly id: string }
}

function refused(message: string) {
  return refusedRequest('invoice_invalid', message)
}
