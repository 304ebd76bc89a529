import { redact } from '@usageflow/policy'
import type { Field, Kind } from './tree.ts'

/** A step into a field: its name, or the place in a list. */
export type Step = string | number

/**
 * What is below a name: one value of a kind, `named` values of anybody's choice, `json` of any form, `members` of
 * a JSON object, or names that we know.
 */
type Below = Kind | 'named' | 'json' | 'members' | { readonly [name: string]: Below }

/** All that an expression can read, besides `usage_record.quantity`. What an SDK measures with is written so. */
const READABLE: { readonly [root: string]: Below } = {
  request: {
    method: 'text',
    route: 'text',
    headers: 'named',
    query: 'named',
    params: 'named',
    body: 'json',
    bytes: 'number',
  },
  response: {
    status: 'number',
    headers: 'named',
    body: 'json',
    bytes: 'number',
    durationMs: 'number',
  },
  metadata: 'members',
}

const ROOTS = 'usage_record.quantity, request, response and metadata'
const POINTER_LENGTH_MAX = 500

/**
 * The field that the steps lead to. Throws RangeError with what to change where no request has it, or none whose
 * value an SDK would give away.
 */
export function fieldAt(steps: readonly Step[]): Field {
  const [root, ...names] = steps
  const below = ownBelow(READABLE, root)
  if (below === null)
    throw new RangeError(
      `there is no ${root} here: what can be read is ${ROOTS}; a name with a dash stands in brackets, like headers["x-units"]`,
    )
  const kind = kindAt(below, names, `${root}`)
  const secret = steps.find((step) => isSecret(step))
  if (secret !== undefined)
    throw new RangeError(`${secret} is the name of a secret, which never leaves your application`)
  const pointer = steps.map((step) => `/${escaped(`${step}`)}`).join('')
  if (pointer.length > POINTER_LENGTH_MAX)
    throw new RangeError(`the way to a field has at most ${POINTER_LENGTH_MAX} characters`)
  return { pointer, kind }
}

function kindAt(below: Below, [name, ...rest]: readonly Step[], at: string): Kind {
  if (below === 'json') return 'any'
  if (isKind(below)) {
    if (name === undefined) return below
    throw new RangeError(`${at} is one value: there is nothing inside of it`)
  }
  if (name === undefined) throw new RangeError(`${at} is no value: name a field inside of it`)
  if (below === 'members') return 'any'
  if (below === 'named') return kindOfNamed(name, rest, at)
  const next = ownBelow(below, name)
  if (next !== null) return kindAt(next, rest, `${at}.${name}`)
  throw new RangeError(`${at} has no ${name}; it has ${listed(Object.keys(below))}`)
}

function kindOfNamed(name: Step, rest: readonly Step[], at: string): Kind {
  if (typeof name === 'number' || rest.length > 0)
    throw new RangeError(`${at} holds one value for each name, like ${at}["x-units"]`)
  if (at.endsWith('.headers') && name !== name.toLowerCase())
    throw new RangeError(`headers are read in lower case: write ${at}["${name.toLowerCase()}"]`)
  return 'any'
}

function isKind(below: Below): below is Kind {
  return below === 'number' || below === 'text'
}

function ownBelow(
  holder: { readonly [name: string]: Below },
  name: Step | undefined,
): Below | null {
  return typeof name === 'string' && Object.hasOwn(holder, name) ? (holder[name] ?? null) : null
}

/** Asks what SDKs ask: they would leave the field out, and each usage would be refused. */
function isSecret(step: Step): boolean {
  return redact({ [step]: 1 }, null).omitted.some(({ why }) => why === 'secret')
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
