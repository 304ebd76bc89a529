import { hash } from 'node:crypto'
import { ROOT } from '../customers/customer.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { randomBase62 } from '../platform/random.ts'
import { failures } from './failures.ts'
import { insertLink, selectOpenLinks, updateEnded } from './portal-links.store.ts'

/** Where the portal stands. */
export const PORTAL_PATH = '/portal'

/** Lets whoever has its token see one customer. Times are real ones. */
export type PortalLink = {
  readonly id: string
  /** The organization's own name for the customer. */
  readonly customer: string
  readonly allowsPlanChange: boolean
  /** Where the organization wants its customer to go back to. */
  readonly returnUrl: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}

export const EXPIRES_S_MAX = 86_400 // a day: who needs the portal later is given another link

const TOKEN = /^ufp_[0-9A-Za-z]{32}$/
const TOKEN_LENGTH = 32 // base62 characters: 190 bits

/**
 * Makes a link. Its token is shown once: what is stored cannot be turned back into it. Throws
 * `customer.unknown` and `portal.root_has_none`.
 */
export async function createLink(
  tx: Tx,
  envId: number,
  wanted: Pick<PortalLink, 'customer' | 'allowsPlanChange' | 'returnUrl'> & {
    readonly expiresInSeconds: number
  },
  systemNow: Date,
): Promise<{ readonly link: PortalLink; readonly token: string }> {
  const { expiresInSeconds, ...said } = wanted
  if (said.customer === ROOT) throw failures.rootHasNone()
  await getCustomer(tx, envId, said.customer)
  const expiresAt = new Date(systemNow.getTime() + expiresInSeconds * 1_000)
  const link = { ...said, id: newId('plk'), createdAt: systemNow, expiresAt }
  const token = `ufp_${randomBase62(TOKEN_LENGTH)}`
  await insertLink(tx, envId, { ...link, hash: hashOf(token) })
  return { link, token }
}

/** The links of a customer that are open, the newest first. Throws `customer.unknown`. */
export async function openLinks(
  tx: Tx,
  envId: number,
  customer: string,
  systemNow: Date,
): Promise<PortalLink[]> {
  await getCustomer(tx, envId, customer)
  return selectOpenLinks(tx, envId, customer, systemNow)
}

/** Ends all open links of a customer, and returns how many they were. Throws `customer.unknown`. */
export async function endLinks(
  tx: Tx,
  envId: number,
  customer: string,
  systemNow: Date,
): Promise<number> {
  await getCustomer(tx, envId, customer)
  return updateEnded(tx, envId, customer, systemNow)
}

/** What is stored of a token; null: it is none. */
export function storedHash(token: string): Buffer | null {
  return TOKEN.test(token) ? hashOf(token) : null
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
