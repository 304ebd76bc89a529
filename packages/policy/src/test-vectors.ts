/** A vector as it stands in its file. What else it has depends on the file. */
export type Case = {
  readonly name: string
  readonly error?: true
  readonly [field: string]: unknown
}

/** Puts in the texts that are written as `{"$join": [...]}` or `{"$repeat": [text, times]}`. */
export function expanded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expanded)
  if (typeof value !== 'object' || value === null) return value
  if ('$join' in value) return (expanded(value.$join) as string[]).join('')
  if ('$repeat' in value) {
    const [text, times] = value.$repeat as [string, number]
    return text.repeat(times)
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, expanded(each)]))
}
