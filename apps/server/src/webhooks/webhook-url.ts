import { checkedAddresses, type Egress, EgressRefused } from '../platform/egress/egress.ts'
import { readOutwardUrl, type UrlFault } from '../platform/egress/outward-url.ts'
import { Failure } from '../platform/errors.ts'
import { failures } from './failures.ts'

/** A URL in the one spelling in which it is stored and sent to, or the failure that refuses it. */
export type UrlVerdict = { readonly url: string } | { readonly failure: Failure }

/**
 * Judges the URL of an endpoint before it is saved, asking the name servers for its host. Whatever
 * is wrong with the host is one failure, so that nobody can learn from it what our network looks like.
 */
export async function judgeUrl(egress: Egress, text: string): Promise<UrlVerdict> {
  try {
    const url = parseWebhookUrl(text)
    if (url.protocol === 'http:' && !egress.allowsPrivate) throw failures.urlNotHttps()
    await checkedAddresses(egress, url.hostname, url.protocol)
    return { url: url.href }
  } catch (error) {
    if (error instanceof EgressRefused) return { failure: failures.urlUnreachable() }
    if (error instanceof Failure) return { failure: error }
    throw error
  }
}

/** Parses once; nothing that is checked afterwards looks at the text again. Throws `webhooks.url_…`. */
export function parseWebhookUrl(text: string): URL {
  const url = readOutwardUrl(text)
  if (url instanceof URL) return url
  throw REFUSALS[url]()
}

const REFUSALS: Readonly<Record<UrlFault, () => Failure>> = {
  malformed: failures.urlMalformed,
  not_http: failures.urlNotHttps,
  has_user: failures.urlHasUser,
  port: failures.urlPort,
}
