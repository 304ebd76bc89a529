import type { Database } from '../platform/db/database.ts'
import type { Authenticate } from '../platform/http/caller.ts'
import type { Route } from '../platform/http/route.ts'
import type { Logger } from '../platform/log.ts'
import { correctionsRoutes } from './corrections.routes.ts'
import { eventsRoutes } from './events.routes.ts'
import { importsRoutes } from './imports.routes.ts'
import { LiveTail } from './live-tail.ts'
import { newestEventsRoute } from './newest-events.route.ts'
import { recordEventsRoute } from './record-events.route.ts'
import { tailRoute } from './tail.route.ts'
import { type RecordingRouteDeps, trackRoute } from './track.route.ts'

export type UsageDeps = {
  readonly db: Database
  readonly authenticate: Authenticate
  readonly log: Logger
  readonly recording: RecordingRouteDeps
}

/** Everything that the API says about usage: recording, reading and correcting events, and imports. */
export function usageRoutes(deps: UsageDeps): Route[] {
  const { db, authenticate, log, recording } = deps
  return [
    trackRoute(recording),
    recordEventsRoute(recording),
    tailRoute(new LiveTail({ db, authenticate, log })),
    newestEventsRoute(),
    ...eventsRoutes(),
    ...correctionsRoutes(),
    ...importsRoutes(),
  ]
}
