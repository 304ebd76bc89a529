/** What a catalog of another product comes to in ours: bodies for our API, and what of it there is no counterpart for. */
export type Draft = {
  readonly meters: readonly Drafted[]
  readonly plans: readonly Drafted[]
}

/** A meter or a plan: as it would be made here, or why it cannot be. */
export type Drafted =
  | {
      readonly key: string
      readonly body: Readonly<Record<string, unknown>>
      readonly notes: readonly string[]
    }
  | { readonly key: string; readonly why: string }

/** Why something of another product cannot be had here. Thrown where it is found, said where it is listed. */
export class NoCounterpart extends Error {}

/** The draft of one thing, with what it says if it has no counterpart. */
export function drafted(
  key: string,
  draft: () => {
    readonly body: Readonly<Record<string, unknown>>
    readonly notes?: readonly string[]
  },
): Drafted {
  try {
    const { body, notes = [] } = draft()
    return { key, body, notes }
  } catch (error) {
    if (error instanceof NoCounterpart) return { key, why: error.message }
    throw error
  }
}

const KEY_LENGTH_MAX = 100

/** A key of ours made of a name of theirs: the same every time. */
export function keyOf(name: string): string {
  const key = name
    .replace(/[^A-Za-z0-9._:-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+|_+$/g, '')
    .slice(0, KEY_LENGTH_MAX)
  return /^(mtr_|plan_|$)/.test(key) ? `imported-${key}`.slice(0, KEY_LENGTH_MAX) : key
}

/** Of things that come to one key, only the first is made: nobody could tell the others from it. */
export function withoutNamesakes(all: readonly Drafted[]): Drafted[] {
  const seen = new Set<string>()
  return all.map((one) => {
    const isNamesake = seen.has(one.key)
    seen.add(one.key)
    return isNamesake ? { key: one.key, why: 'another one of that name comes before it' } : one
  })
}
