import type { Tx } from '../platform/db/transaction.ts'
import { selectContact } from './customers.store.ts'
import { failures } from './failures.ts'

/** Whom a document is addressed to. */
export type Contact = {
  /** The organization's own name for the customer. */
  readonly customer: string
  readonly name: string
  readonly email: string | null
  /** Line by line. */
  readonly address: readonly string[]
  readonly taxNumber: string | null
  /** A language tag, like `de` or `pt-BR`. */
  readonly language: string | null
}

/** Throws `customer.unknown`. */
export async function contactOf(tx: Tx, envId: number, customer: string): Promise<Contact> {
  const found = await selectContact(tx, envId, customer)
  if (!found) throw failures.unknown(customer)
  return found
}
