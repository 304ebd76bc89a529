const SECRET_NAME = /secret|password|token|authorization|cookie|api_?key/i
const CHARACTERS_MAX = 4_000
const HIDDEN = '[not noted]'

/** What was sent, as JSON that may be kept for ever: members that are named like secrets lose their value. */
export function withoutSecrets(sent: unknown): string {
  const text = JSON.stringify(sent ?? {}, (name, value: unknown) => {
    if (SECRET_NAME.test(name)) return HIDDEN
    return typeof value === 'bigint' ? String(value) : value
  })
  if (text.length <= CHARACTERS_MAX) return text
  return JSON.stringify({ tooLong: `${text.length} characters` })
}
