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

/** Why a URL leads nowhere that we go, whatever its host. */
export type UrlFault = 'malformed' | 'not_http' | 'has_user' | 'port'

/** Parses once; nothing that is checked afterwards looks at the text again. */
export function readOutwardUrl(text: string): URL | UrlFault {
  if (text.length > LENGTH_MAX || TREACHEROUS.test(text) || !URL.canParse(text)) return 'malformed'
  const url = new URL(text)
  url.hash = '' // never sent
  if (url.href.length > LENGTH_MAX) return 'malformed'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_http'
  if (url.username !== '' || url.password !== '') return 'has_user'
  return isPortAllowed(url) ? url : 'port'
}

function isPortAllowed({ protocol, port }: URL): boolean {
  const number = port === '' ? (protocol === 'https:' ? 443 : HTTP_PORT) : Number(port)
  if (number >= UNPRIVILEGED_PORT) return !SERVICE_PORTS.includes(number)
  return protocol === 'https:' ? HTTPS_PORTS.includes(number) : number === HTTP_PORT
}
