import { Failure } from '../platform/errors.ts'
import { checkedAddresses, type Egress, EgressRefused } from './egress.ts'
import { failures } from './failures.ts'

const LENGTH_MAX = 2_048
const HTTPS_PORTS = [443, 8443]
const HTTP_PORT = 80 // http itself is only for allowed networks
const UNPRIVILEGED_PORT = 1024

/** Above 1023, but spoken to by other programs, some of which would read a request as commands. */
const SERVICE_PORTS = [
  1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5900, 5984, 6379, 6443,
  8500, 9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017,
]

/** Control characters, spaces and backslashes: parsers disagree about them, and no URL needs them. */
const TREACHEROUS = /[\p{Cc}\s\\]/u

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
  if (text.length > LENGTH_MAX || TREACHEROUS.test(text) || !URL.canParse(text))
    throw failures.urlMalformed()
  const url = new URL(text)
  url.hash = '' // never sent
  if (url.href.length > LENGTH_MAX) throw failures.urlMalformed()
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw failures.urlNotHttps()
  if (url.username !== '' || url.password !== '') throw failures.urlHasUser()
  if (!isPortAllowed(url)) throw failures.urlPort()
  return url
}

function isPortAllowed({ protocol, port }: URL): boolean {
  const number = port === '' ? (protocol === 'https:' ? 443 : HTTP_PORT) : Number(port)
  if (number >= UNPRIVILEGED_PORT) return !SERVICE_PORTS.includes(number)
  return protocol === 'https:' ? HTTPS_PORTS.includes(number) : number === HTTP_PORT
}
