import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Authenticate } from '../platform/http/caller.ts'
import type { Route } from '../platform/http/route.ts'
import type { Logger } from '../platform/log.ts'
import type { EventWriter } from './batcher.ts'
import { BodyBudget } from './body.ts'
import { recordEventsRoute } from './record-events.route.ts'
import { trackRoute } from './track.route.ts'

export type UsageDeps = {
  readonly db: Database
  readonly writer: EventWriter
  readonly authenticate: Authenticate
  readonly clock: Clock
  readonly log: Logger
  /** Whether a meter reads events of this name. */
  isMetered(envId: number, name: string): boolean | Promise<boolean>
}

const BODIES_BYTES_MAX = 64 * 1024 * 1024

/** Everything that the API says about usage: recording, reading and correcting events, and imports. */
export function usageRoutes(deps: UsageDeps): Route[] {
  const recording = {
    ...deps,
    budget: new BodyBudget(BODIES_BYTES_MAX),
    importWindow: async () => null,
  }
  return [trackRoute(recording), recordEventsRoute(recording)]
}
