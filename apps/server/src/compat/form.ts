import { failures } from '../usage/failures.ts'

const PARAMETERS_MAX = 200

/**
 * The parameters of a form, each of which may stand there once. Throws `usage.malformed` for what is not encoded as forms
 * are, for it would be stored as something else, and for a NUL, which no text in the database can hold.
 */
export function readForm(body: Buffer): ReadonlyMap<string, string> {
  const form = new Map<string, string>()
  const text = body.toString('latin1')
  const pairs = text === '' ? [] : text.split('&')
  if (pairs.length > PARAMETERS_MAX)
    throw failures.malformed('the body', `must have at most ${PARAMETERS_MAX} parameters`)
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw failures.malformed('the body', 'must be a form: name=value&name=value')
    const name = decoded(pair.slice(0, at))
    if (form.has(name)) throw failures.malformed(name.slice(0, 100), 'must be there once')
    form.set(name, decoded(pair.slice(at + 1)))
  }
  return form
}

const OTHER_BYTES = /[^\x20-\x7e]/

function decoded(text: string): string {
  const plain = plainOf(text)
  if (plain === null || plain.includes('\0'))
    throw failures.malformed('the body', 'must be UTF-8 text in percent-encoding, without NUL')
  return plain
}

function plainOf(text: string): string | null {
  if (OTHER_BYTES.test(text)) return null
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null // not UTF-8
  }
}
