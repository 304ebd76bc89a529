import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { BodyBudget } from './body.ts'
import { createImportWindows } from './import-windows.ts'
import type { RecordingRouteDeps } from './track.route.ts'

const BODIES_BYTES_MAX = 64 * 1024 * 1024

/** What every route that records events is given; they share what bodies may take in memory. */
export function openRecording({
  db,
  ...deps
}: Omit<RecordingRouteDeps, 'budget' | 'importWindow'> & {
  readonly db: Database
  readonly clock: Clock
}): RecordingRouteDeps {
  return {
    ...deps,
    budget: new BodyBudget(BODIES_BYTES_MAX),
    importWindow: createImportWindows(db, deps.clock),
  }
}
