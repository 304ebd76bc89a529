import { hash } from 'node:crypto'
import type { Tx } from '../platform/db/transaction.ts'
import { randomBase62 } from '../platform/random.ts'
import {
  giveTokenBack,
  replaceToken,
  selectHasToken,
  selectHasUsers,
  takeToken,
  updateEmailVerified,
} from './first-owner.store.ts'

const TOKEN_LENGTH = 32 // base62 characters: 190 bits

/** Whether nobody has an account yet: the first takes the token. */
export async function awaitsFirstOwner(tx: Tx): Promise<boolean> {
  return !(await selectHasUsers(tx))
}

/** The token for the first account, on the first start alone; null ever after. It is stored hashed. */
export async function firstStartToken(tx: Tx, systemNow: Date): Promise<string | null> {
  if (await selectHasToken(tx)) return null
  return renewFirstOwnerToken(tx, systemNow)
}

/** Another token in place of one that was lost; null when the first account was made already. */
export async function renewFirstOwnerToken(tx: Tx, systemNow: Date): Promise<string | null> {
  if (!(await awaitsFirstOwner(tx))) return null
  const token = randomBase62(TOKEN_LENGTH)
  await replaceToken(tx, hashOf(token), systemNow)
  return token
}

/** Takes the token; of two that race with it, one gets true. */
export async function takeFirstOwnerToken(tx: Tx, token: string, now: Date): Promise<boolean> {
  return takeToken(tx, hashOf(token), now)
}

/** The account could not be made: the token is good for another try. */
export async function giveFirstOwnerTokenBack(tx: Tx, token: string): Promise<void> {
  await giveTokenBack(tx, hashOf(token))
}

/** Whoever has the token runs this installation, and need not prove an address to it. */
export async function welcomeFirstOwner(tx: Tx, email: string): Promise<void> {
  await updateEmailVerified(tx, email.toLowerCase())
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
