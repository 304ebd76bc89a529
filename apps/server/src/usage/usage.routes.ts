import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Authenticate } from '../platform/http/caller.ts'
import type { Route } from '../platform/http/route.ts'
import type { Logger } from '../platform/log.ts'
import type { EventWriter } from './batcher.ts'
import { BodyBudget } from './body.ts'
import { correctionsRoutes } from './corrections.routes.ts'
import { eventsRoutes } from './events.routes.ts'
import { createImportWindows } from './import-windows.ts'
import { importsRoutes } from './imports.routes.ts'
import { LiveTail } from './live-tail.ts'
import { newestEventsRoute } from './newest-events.route.ts'
import { recordEventsRoute } from './record-events.route.ts'
import { tailRoute } from './tail.route.ts'
import { trackRoute } from './track.route.ts'

export type UsageDeps = {
  readonly db: Database
  readonly writer: EventWriter
  readonly authenticate: Authenticate
  readonly clock: Clock
  readonly log: Logger
  /** Whether a meter reads events of this name. */
  isMetered(envId: number, name: string): boolean | Promise<boolean>
  /** How old an event may be that comes without an import; 35 days unless said otherwise. */
  readonly pastDaysMax?: number
}

const BODIES_BYTES_MAX = 64 * 1024 * 1024

/** Everything that the API says about usage: recording, reading and correcting events, and imports. */
export function usageRoutes(deps: UsageDeps): Route[] {
  const { db, clock, authenticate, log } = deps
  const recording = {
    ...deps,
    budget: new BodyBudget(BODIES_BYTES_MAX),
    importWindow: createImportWindows(db, clock),
  }
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
