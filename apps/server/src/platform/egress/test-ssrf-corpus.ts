import type { ResolveHost } from './resolve-host.ts'
import corpus from './ssrf-corpus.json' with { type: 'json' }

/** URLs of places where no webhook may go: hosts by both protocols, and what else attackers spell. */
export const REFUSED_URLS: readonly string[] = [
  ...corpus.refusedHosts.flatMap((host) => [`https://${host}/`, `http://${host}/`]),
  ...corpus.refusedUrls,
  `https://public.test/${'a'.repeat(2_100)}`,
]

export const REFUSED_HOSTS: readonly string[] = corpus.refusedHosts

/** Ordinary receivers, and the nearest neighbours of every refused range. */
export const ALLOWED_URLS: readonly string[] = corpus.allowedUrls

const NAMES = new Map<string, readonly string[]>(Object.entries(corpus.names))

/** The name servers of the corpus. A name that is not in it is unknown. */
export const corpusNames: ResolveHost = async (hostname) => NAMES.get(hostname) ?? []
