import type { Invoice } from '../../api/records.ts'

type Refusals = Readonly<Record<'pay' | 'collect' | 'fail' | 'void' | 'credit', string | null>>

/** What the state of an invoice does not allow, and why; the server decides, this only spares a try. */
export function refusalsOf({ status }: Pick<Invoice, 'status'>): Refusals {
  const unpaid = status === 'finalized' || status === 'failed'
  const notOwed = unpaid ? null : `Only an invoice that is owed: this one is ${wordOf(status)}.`
  const notFinal =
    status === 'draft' || status === 'void'
      ? `Only of a final invoice: this one is ${wordOf(status)}.`
      : null
  return { pay: notOwed, collect: notOwed, fail: notOwed, void: notOwed, credit: notFinal }
}

function wordOf(status: Invoice['status']): string {
  return status === 'draft' ? 'a draft' : status
}
