import { PORTAL_PATH } from './portal/portal-links.ts'

/**
 * Where customers come back to who have confirmed a payment at a bank: the portal. A process that only works listens
 * nowhere, so it knows by `USAGEFLOW_URL` alone. Throws an Error that says so.
 */
export function returnUrl(from: {
  readonly role: 'all' | 'api' | 'worker'
  readonly publicUrl: string | null
  /** Where people reach the server, as far as this process knows. */
  readonly origin: string
}): string {
  if (isHomeless(from)) throw new Error(HOMELESS)
  return `${from.origin}${PORTAL_PATH}`
}

/** Whether a process cannot say where the server is reached. */
export function isHomeless({
  role,
  publicUrl,
}: {
  readonly role: string
  readonly publicUrl: string | null
}): boolean {
  return role === 'worker' && publicUrl === null
}

export const HOMELESS =
  'set USAGEFLOW_URL for workers too: without it a payment that its bank wants the customer for stays pending, since the customer could not come back'
