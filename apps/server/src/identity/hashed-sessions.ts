import type { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions } from 'better-auth'
import { isStoredToken, storedToken } from './session-token.ts'

type Adapter = ReturnType<ReturnType<typeof kyselyAdapter>>
type Steps = Omit<Adapter, 'transaction'>
type Condition = NonNullable<Parameters<Adapter['findMany']>[0]['where']>[number]

/**
 * The library stores the token of a session as it stands in the cookie. Here only its hash goes to the
 * database, and whoever asks by a token gets the row with that token.
 */
export function withHashedSessions(
  make: (options: BetterAuthOptions) => Adapter,
): (options: BetterAuthOptions) => Adapter {
  return (options) => {
    const adapter = make(options)
    return {
      ...adapter,
      ...hashed(adapter),
      transaction: (work) => adapter.transaction((steps) => work(hashed(steps))),
    }
  }
}

function hashed(steps: Steps): Steps {
  return {
    ...steps,
    create: async (request) => {
      if (request.model !== 'session') return steps.create(request)
      const token = String(request.data.token)
      const data = { ...request.data, token: storedToken(token) }
      return withToken(await steps.create({ ...request, data }), token) as never // the row it stored, with the token instead of its hash
    },
    findOne: async (request) =>
      withToken(await steps.findOne(asked(request)), tokenIn(request)) as never, // as above
    findMany: (request) => steps.findMany(asked(request)),
    count: (request) => steps.count(asked(request)),
    update: async (request) =>
      withToken(await steps.update(asked(request)), tokenIn(request)) as never, // as above
    updateMany: (request) => steps.updateMany(asked(request)),
    delete: (request) => steps.delete(asked(request)),
    deleteMany: (request) => steps.deleteMany(asked(request)),
    consumeOne: (request) => steps.consumeOne(asked(request)),
  }
}

/** The same question, by what is stored. */
function asked<Request extends { readonly model: string; where?: Condition[] | undefined }>(
  request: Request,
): Request {
  if (request.model !== 'session' || !request.where) return request
  return { ...request, where: request.where.map(storedCondition) }
}

function storedCondition(condition: Condition): Condition {
  if (condition.field !== 'token') return condition
  const { value } = condition
  if (Array.isArray(value)) return { ...condition, value: value.map((one) => stored(String(one))) }
  return { ...condition, value: stored(String(value)) }
}

/** What the library has read from a list it may give back, to end that session. */
function stored(token: string): string {
  return isStoredToken(token) ? token : storedToken(token)
}

function tokenIn(request: { readonly model: string; readonly where: readonly Condition[] }) {
  if (request.model !== 'session') return undefined
  const value = request.where.find(({ field }) => field === 'token')?.value
  return typeof value === 'string' && !isStoredToken(value) ? value : undefined
}

function withToken(row: unknown, token: string | undefined): unknown {
  return row && token !== undefined ? { ...row, token } : row
}
