import type { Strategy } from '../../api/records.ts'

export type SourceValues = Strategy['sources'][number]

export type StrategyValues = {
  name: string
  key: string
  sources: readonly SourceValues[]
}

export const FRESH_SOURCE: SourceValues = { from: 'header', name: '' }

export const EMPTY_STRATEGY: StrategyValues = { name: '', key: '', sources: [FRESH_SOURCE] }

type From = SourceValues['from']

/** Where a name may stand, in words; and how one looks there. */
export const SOURCES: Readonly<
  Record<From, { readonly label: string; readonly example: string; readonly hint?: string }>
> = {
  header: { label: 'Header', example: 'x-user-id' },
  claim: {
    label: 'Claim of a token',
    example: 'sub',
    hint: 'Of a token that your service has checked before: nothing is checked here, so what it has not checked anybody can make up.',
  },
  cookie: { label: 'Cookie', example: 'user_id' },
  path: {
    label: 'Parameter of the path',
    example: 'userId',
    hint: 'As it is called in the pattern of the policy: id for /users/:id.',
  },
  query: { label: 'Parameter of the query', example: 'user' },
  body: {
    label: 'Field of the JSON body',
    example: 'user.id',
    hint: 'A dot leads into a field of a field.',
  },
}

/** Like `header x-user-id, then claim sub`. */
export function sourceWords(sources: readonly SourceValues[]): string {
  return sources.map(({ from, name }) => `${from} ${name}`).join(', then ')
}

/** A key as programs write it, from a name: "By user" becomes by-user. */
export function controlKeyFromName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** What can be said before the server is asked. */
export function strategyProblems({ name, key, sources }: StrategyValues) {
  return {
    ...(name.trim() === '' ? { name: 'A strategy needs a name.' } : {}),
    ...(key.trim() === '' ? { key: 'A strategy needs a key: programs name it by that.' } : {}),
    ...(sources.length === 0 ? { sources: 'Say at least one place to look at.' } : {}),
    ...Object.fromEntries(
      sources.flatMap((source, at) =>
        source.name.trim() === '' ? [[`sources.${at}.name`, 'How is it called?']] : [],
      ),
    ),
  }
}

export function strategyBody({ name, sources }: StrategyValues) {
  return {
    name: name.trim(),
    sources: sources.map((source) => ({ ...source, name: source.name.trim() })),
  }
}
