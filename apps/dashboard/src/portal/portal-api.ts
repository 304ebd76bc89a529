import createClient, { type Client } from 'openapi-fetch'
import { answered, callAccount } from '../api/client.ts'
import { ApiError } from '../api/errors.ts'
import type { components, paths } from '../api/schema.gen.ts'

type Schemas = components['schemas']
type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Summary = Schemas['PortalSummary']
export type Bill = Schemas['PortalDocument']
export type OfferedPlan = Schemas['PortalPlan']
export type Subscription = Schemas['PortalSubscription']
export type Usage = Answer<'/api/portal/v1/usage'>['data'][number]
export type Invoice = Answer<'/api/portal/v1/invoices'>['data'][number]
export type PaymentMethod = Answer<'/api/portal/v1/payment-methods'>['data'][number]
export type Credit = Answer<'/api/portal/v1/credits'>['data'][number]

export type PortalApi = Client<paths>

const KEPT_AS = 'uf-portal'

/** The API as somebody sees it who has opened `link`; the cookie that goes with it is not for scripts. */
export function createPortalApi(link: string): PortalApi {
  return createClient<paths>({
    baseUrl: window.location.origin,
    headers: { 'usageflow-portal': link },
  })
}

/** Exchanges what stands behind the `#` for a cookie, and resolves to the name of the link. */
export async function openLink(token: string): Promise<string> {
  const body = { token }
  const { link } = await callAccount<{ link: string }>('POST', '/api/portal/v1/open', { body })
  return link
}

/** Whose link it was that this tab has open, through a reload. It is no secret: the token is. */
export const keptLink = {
  read: (): string | null => sessionStorage.getItem(KEPT_AS),
  write: (link: string): void => sessionStorage.setItem(KEPT_AS, link),
}

/** Whether the link is over; with the name of whom to ask for another, if the server knows it. */
export function refusalOf(error: unknown): { readonly organization: string | null } | null {
  if (!(error instanceof ApiError) || error.status !== 401) return null
  const { organization } = error.details
  return { organization: typeof organization === 'string' ? organization : null }
}

export { answered }
