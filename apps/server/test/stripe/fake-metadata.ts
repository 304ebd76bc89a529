/** What a request says about a thing in its `metadata[…]`. */
export function metadataOf(form: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(form).map(([name, value]) => [
    /^metadata\[(.+)\]$/.exec(name)?.[1],
    value,
  ])
  return Object.fromEntries(entries.filter(([name]) => name !== undefined))
}
