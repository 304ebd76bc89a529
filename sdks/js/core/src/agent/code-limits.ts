import { compileRoutes, coveringRoutes, type Identity, parseRateLimit } from '@usageflow/policy'
import { failures } from '../errors.ts'
import type { HostRateLimit, Incoming } from './host.ts'
import type { Check } from './limiter.ts'

const DEADLINE_MS = 50

/** The limits that stand in the code of a host. */
export type CodeLimits = {
  /** Those that cover a request. */
  checks(incoming: Incoming, identity: Identity): Check[]
}

/** Reads them: the pattern is a path, or a method and a path. Throws a `config` error. */
export function readCodeLimits(rateLimits: Readonly<Record<string, HostRateLimit>>): CodeLimits {
  const tables = Object.entries(rateLimits).map(([pattern, options]) => {
    try {
      const [method = '', url = ''] = pattern.includes(' ') ? pattern.split(' ') : ['*', pattern]
      const { limit, window, algorithm } = options
      const rate = parseRateLimit({ limit, window, algorithm })
      const name = { pattern, limit, window, algorithm: rate.algorithm }
      // A table of its own for each: where several cover a request, all of them hold.
      return compileRoutes([{ method, url, limit: name, rate }])
    } catch (error) {
      throw failures.config(`rateLimits: ${JSON.stringify(pattern)}: ${(error as Error).message}`)
    }
  })
  return {
    checks: ({ method, target, template }, identity) =>
      tables.flatMap((table) => {
        const [covering] = [target, template ?? target].flatMap((path) =>
          coveringRoutes(table, method, path),
        )
        if (covering === undefined) return []
        const { limit, rate } = covering.route
        return [
          {
            ...{ name: limit.pattern, limit, rate, identity, isShadow: false },
            ...{ withoutAnswer: 'allow' as const, deadlineMs: DEADLINE_MS },
          },
        ]
      }),
  }
}
