/** One request, to the byte. */
export type CorpusEntry = {
  readonly what: string
  readonly target: '/api/track' | '/api/v1/events'
  /** Header lines besides the host, the API key and the length. */
  readonly lines: readonly string[]
  readonly body: string | Buffer
  /** False when the lines say themselves how long the body is. */
  readonly hasLength: boolean
}

export const JSON_LINE = 'content-type: application/json'

/** A request to `/api/track` with this body. */
export function tracked(what: string, body: string | Buffer, lines = [JSON_LINE]): CorpusEntry {
  return { what, target: '/api/track', lines, body, hasLength: true }
}

/** A good event but for these fields, which are raw JSON. */
export function withFields(fields: Readonly<Record<string, string>>): string {
  const all = { metric: '"API_CALL"', customerId: '"user_123"', ...fields }
  const members = Object.entries(all).map(([name, value]) => `${JSON.stringify(name)}:${value}`)
  return `{${members.join(',')}}`
}

/** One entry for each value of a field; the values are raw JSON. */
export function eachValue(field: string, values: readonly string[]): CorpusEntry[] {
  return values.map((value) => tracked(`${field}: ${shown(value)}`, withFields({ [field]: value })))
}

/** One entry for each body. */
export function eachBody(bodies: Readonly<Record<string, string | Buffer>>): CorpusEntry[] {
  return Object.entries(bodies).map(([what, body]) => tracked(what, body))
}

/** One entry for each set of header lines, with a good body. */
export function eachLines(lines: Readonly<Record<string, readonly string[]>>): CorpusEntry[] {
  return Object.entries(lines).map(([what, some]) => tracked(what, withFields({}), [...some]))
}

export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 40)}… (${text.length})` : text
}
